import { z } from 'zod'
import { nameRulesOf, wordsWithHyphens } from '../../naming/limits.ts'
import { containerRegistry } from '../baseline/container-registry.ts'
import { projectIdentities } from '../baseline/identities.ts'
import { storage } from '../baseline/storage.ts'
import { defineService } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { hostIn, type PrivateDnsZone } from '../facts/private-dns.ts'
import { subnetRules } from '../facts/subnet-rules.ts'
import { identities, peopleInDev } from '../grants.ts'
import { byUsage, free } from '../prices.ts'
import { allowLoadBalancerProbes, denyInternetInbound } from '../security-rules.ts'
import type { ArmResource, OptionsOf, PartContext, PartDefinition } from '../types.ts'
import { aiSearch } from './ai-search.ts'
import { cosmosDb } from './cosmos-db.ts'

const model = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/)
      .describe('Name of the deployment, which callers use; usually the name of the model.'),
    model: z.string().min(1).describe('Name of the model in the catalogue, e.g. gpt-5.6-luna.'),
    version: z.string().min(1).describe('Version of the model, e.g. 2026-07-09.'),
    format: z
      .string()
      .min(1)
      .default('OpenAI')
      .describe('Publisher of the model as the catalogue writes it.'),
    sku: z
      .enum([
        'Standard',
        'DataZoneStandard',
        'GlobalStandard',
        'ProvisionedManaged',
        'DataZoneProvisionedManaged',
        'GlobalProvisionedManaged',
      ])
      .describe(
        'Where requests may be answered, and how they are billed. DataZone stays in the EU or the US.',
      ),
    capacity: z
      .int()
      .positive()
      .describe('Thousands of tokens per minute, or provisioned throughput units. Counts against the quota.'),
  })
  .describe('A model that the project can call.')
type Model = z.output<typeof model>

/**
 * Both default models are answered within the data zone (EU or US) of the factory's region. Which models a region
 * offers so differs: gpt-5.4-mini, for one, has no data zone in Europe. https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-sold-directly-by-azure-region-availability
 */
const models = (chat: number, embedding: number): Model[] => [
  {
    name: 'gpt-5.6-luna',
    model: 'gpt-5.6-luna',
    version: '2026-07-09',
    format: 'OpenAI',
    sku: 'DataZoneStandard',
    capacity: chat,
  },
  {
    name: 'text-embedding-3-large',
    model: 'text-embedding-3-large',
    version: '1',
    format: 'OpenAI',
    sku: 'DataZoneStandard',
    capacity: embedding,
  },
]

/** The account refuses a second deployment while one is being created: each waits for the one before. */
const deployments = (
  { names, ids, tags }: PartContext<'aiFoundry'>,
  wanted: readonly Model[],
): readonly ArmResource[] =>
  wanted.map(({ name, model, version, format, sku, capacity }, position) => {
    const previous = wanted[position - 1]
    return {
      ...ofType('Microsoft.CognitiveServices/accounts/deployments'),
      name: `${names.aiFoundry}/${name}`,
      tags,
      dependsOn: [previous === undefined ? ids.aiFoundry : `${ids.aiFoundry}/deployments/${previous.name}`],
      sku: { name: sku, capacity },
      properties: {
        model: { format, name: model, version },
        raiPolicyName: 'Microsoft.DefaultV2',
        versionUpgradeOption: 'OnceCurrentVersionExpired',
      },
    }
  })

interface Connection {
  readonly category: 'AzureStorageAccount' | 'CognitiveSearch' | 'CosmosDB'
  readonly part: PartDefinition
  readonly resource: 'storage2' | 'aiSearch' | 'cosmosDb'
  readonly zone: PrivateDnsZone
  readonly address: (host: string) => string
}

/** What agents may use, when the project has it: the team's documents, the index, the database. */
const connectionTable: readonly Connection[] = [
  {
    category: 'AzureStorageAccount',
    part: storage,
    resource: 'storage2',
    zone: 'privatelink.blob.core.windows.net',
    address: (host) => `https://${host}/`,
  },
  {
    category: 'CognitiveSearch',
    part: aiSearch,
    resource: 'aiSearch',
    zone: 'privatelink.search.windows.net',
    address: (host) => `https://${host}`,
  },
  {
    category: 'CosmosDB',
    part: cosmosDb,
    resource: 'cosmosDb',
    zone: 'privatelink.documents.azure.com',
    address: (host) => `https://${host}:443/`,
  },
]

/**
 * The connections of a Foundry project to the project's other services, which name them to agents. They hold no secrets:
 * the Foundry project's own identity signs in. https://learn.microsoft.com/azure/ai-foundry/how-to/connections-add
 *
 * A project refuses a second connection while one is being created: each waits for the one before.
 * https://github.com/microsoft-foundry/foundry-samples/pull/560
 */
const connections = (
  context: PartContext<'aiFoundry' | 'aiFoundryProject' | Connection['resource']>,
): readonly ArmResource[] => {
  const { names, ids } = context
  return connectionTable
    .filter(({ part }) => context.has(part))
    .map(({ category, resource, zone, address }, position, wanted) => {
      const previous = wanted[position - 1]
      return {
        ...ofType('Microsoft.CognitiveServices/accounts/projects/connections'),
        name: `${names.aiFoundry}/${names.aiFoundryProject}/${names[resource]}`,
        dependsOn: [
          previous === undefined
            ? ids.aiFoundryProject
            : `${ids.aiFoundryProject}/connections/${names[previous.resource]}`,
        ],
        properties: {
          category,
          authType: 'AAD',
          target: address(hostIn(context, names[resource], zone)),
          isSharedToAll: true,
          metadata: { ApiType: 'Azure', ResourceId: ids[resource], location: context.location },
        },
      }
    })
}

/**
 * Three containers of 1,000 request units per second each, which agents keep their threads in, besides what the database
 * of the project takes. https://learn.microsoft.com/azure/foundry/agents/concepts/standard-agent-setup
 */
const threadThroughput = 3000
const throughput = z.object({ maxThroughput: z.number(), throughputLimit: z.number() })

/** What data of one's own needs of the other services. */
function refusesOwnData(optionsOf: OptionsOf): readonly string[] {
  const missing = [cosmosDb, aiSearch].filter((service) => optionsOf(service) === undefined)
  if (missing.length > 0) {
    return missing.map(
      ({ key, title }) =>
        `'aiFoundry.data' is 'own', but '${key}' is disabled, and agents keep their data in ${title} then. Enable '${key}', or leave 'data' out.`,
    )
  }
  const { success, data } = throughput.safeParse(optionsOf(cosmosDb))
  const needed = success ? data.maxThroughput + threadThroughput : 0
  if (!success || data.throughputLimit < 0 || data.throughputLimit >= needed) return []
  return [
    `'aiFoundry.data' is 'own', and 'cosmosDb.throughputLimit' is ${data.throughputLimit}. Agents take ${threadThroughput} request units per second besides the ${data.maxThroughput} of the database: set the limit to ${needed} at least, or to -1.`,
  ]
}

const injections = z.array(z.object({ subnetArmId: z.string() })).catch([])

/**
 * Microsoft Foundry: an account with one project, its models, and agents that run inside the project's own subnet.
 * Agents are the reason for the subnet: https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks
 */
export const aiFoundry = defineService({
  key: 'aiFoundry',
  title: 'Microsoft Foundry',
  formLabel: 'Azure AI Foundry (language models and agents)',
  documentation: 'https://learn.microsoft.com/azure/foundry/what-is-foundry',
  defaultFor: ['genai-1', 'all'],
  resources: {
    aiFoundry: {
      type: 'Microsoft.CognitiveServices/accounts',
      identity: 'system',
      // Also the account's custom subdomain, which makes it global. Where the accelerator has three random characters, the
      // project number stands here.
      name: {
        pattern: 'aif2{salt}{project}{instance}{env}',
        givesWay: 'salt',
        minLength: 2,
        maxLength: 64,
        accepts: wordsWithHyphens,
        scope: 'global',
        source: nameRulesOf('microsoftcognitiveservices'),
      },
    },
    aiFoundryProject: {
      type: 'Microsoft.CognitiveServices/accounts/projects',
      parent: 'aiFoundry',
      identity: 'system',
      name: {
        pattern: 'aif2-p{project}{instance}{env}',
        givesWay: 'instance',
        minLength: 2,
        maxLength: 64,
        accepts: wordsWithHyphens,
        scope: 'parent',
        source: nameRulesOf('microsoftcognitiveservices'),
      },
    },
  },
  connectsTo: [projectIdentities, storage, containerRegistry, aiSearch, cosmosDb],
  options: {
    data: z
      .enum(['managed', 'own'])
      .describe(
        "Who keeps agents, conversations and files. managed: Azure. own: the project's Cosmos DB, AI Search and storage account, which it needs then. own cannot be changed back, and what Azure kept until then is not moved.",
      ),
    models: z
      .array(model)
      .max(32)
      .refine((models) => new Set(models.map(({ name }) => name)).size === models.length, {
        error: 'Two models have the same name. Give each deployment a name of its own.',
      })
      .describe('The models that are deployed, instead of the default ones.'),
  },
  // All projects of a subscription share its quota. A new subscription has 333 and 1,000 thousand tokens per minute for
  // these two: enough for 16 projects in dev and stage, and 8 in prod. https://learn.microsoft.com/azure/foundry/openai/quotas-limits
  defaults: {
    dev: { data: 'managed', models: models(20, 20) },
    stage: { data: 'managed', models: models(20, 20) },
    prod: { data: 'managed', models: models(40, 40) },
  },
  subnets: {
    aca2: {
      purpose: 'Foundry agents',
      rule: subnetRules.foundryAgents,
      prefixLength: 23,
      slug: 'aca-002',
      serviceEndpoints: [],
      securityRules: [allowLoadBalancerProbes, denyInternetInbound],
      injected: {
        resource: 'aiFoundry',
        subnetIds: ({ networkInjections }) =>
          injections.parse(networkInjections ?? []).map(({ subnetArmId }) => subnetArmId),
      },
    },
  },
  privateEndpoints: [
    {
      resource: 'aiFoundry',
      group: 'account',
      zones: [
        'privatelink.cognitiveservices.azure.com',
        'privatelink.openai.azure.com',
        'privatelink.services.ai.azure.com',
      ],
      // One for each host name.
      addresses: 3,
      afterChildren: true,
    },
  ],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer', 'agentDeveloper'], 'Foundry User', 'aiFoundry'),
    ...peopleInDev(['dataEngineer', 'frontendDeveloper'], 'Cognitive Services OpenAI User', 'aiFoundry'),
    ...identities(['projectIdentity'], 'Foundry User', 'aiFoundry'),
    ...identities(['appsIdentity'], 'Foundry User', 'aiFoundryProject'),
    ...identities(['appsIdentity'], 'Cognitive Services OpenAI User', 'aiFoundry'),
    ...identities(['aiFoundryProject'], 'Storage Blob Data Contributor', 'storage1'),
    ...identities(['aiFoundryProject'], 'Storage Blob Data Contributor', 'storage2'),
    ...identities(['aiFoundryProject'], 'AcrPull', 'containerRegistry'),
    ...identities(['aiFoundryProject'], 'Search Service Contributor', 'aiSearch'),
    ...identities(['aiFoundryProject'], 'Search Index Data Contributor', 'aiSearch'),
    ...identities(['aiSearch'], 'Cognitive Services OpenAI User', 'aiFoundry'),
    ...identities(['aiFoundryProject'], 'Cosmos DB Operator', 'cosmosDb'),
    ...identities(['aiFoundryProject'], 'Cosmos DB Built-in Data Contributor', 'cosmosDb'),
  ],
  data: {
    'Microsoft.CognitiveServices/accounts': {
      holds: 'agents, fine-tuned models and files',
      softDelete: {
        sentence:
          'A deleted account can be recovered for 48 hours; until it is purged nobody can use its name.',
        source: 'https://learn.microsoft.com/azure/ai-services/recover-purge-resources',
        listed: 'deletedAccounts',
        purge: 'again',
        recovery: { property: 'restore', value: true },
      },
      // Agents leave their subnet only when their hosts went first. https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts
      partsFirst: ['projects/capabilityHosts', 'capabilityHosts', 'projects'],
    },
    'Microsoft.CognitiveServices/accounts/projects': { holds: 'agents, threads and files' },
    'Microsoft.CognitiveServices/accounts/projects/connections': 'stateless',
    'Microsoft.CognitiveServices/accounts/capabilityHosts': 'stateless',
    'Microsoft.CognitiveServices/accounts/projects/capabilityHosts': {
      holds: 'what agents know of their threads, files and indexes',
    },
    'Microsoft.CognitiveServices/accounts/deployments': 'stateless',
  },
  inside: {
    'Microsoft.CognitiveServices/accounts': {
      projects: 'agents, threads and files',
      deployments: 'its settings',
      connections: 'its settings',
      // Content filters.
      raiPolicies: 'its settings',
    },
    'Microsoft.CognitiveServices/accounts/projects': { connections: 'its settings' },
  },
  prices: {
    'Microsoft.CognitiveServices/accounts': free,
    'Microsoft.CognitiveServices/accounts/projects': byUsage('agents and their tools'),
    'Microsoft.CognitiveServices/accounts/projects/connections': free,
    // Provisioned throughput is billed by the hour; no list price of it has been looked up.
    'Microsoft.CognitiveServices/accounts/deployments': {
      kind: 'list',
      unit: 'deployment',
      by: 'sku.name',
      perHour: { Standard: 0, DataZoneStandard: 0, GlobalStandard: 0 },
      plus: 'tokens',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/',
    },
  },
  refuses: ({ data }, optionsOf) => (data === 'own' ? refusesOwnData(optionsOf) : []),
  capabilityHosts: ({ names, ids, options: { data } }) => [
    {
      type: 'Microsoft.CognitiveServices/accounts/capabilityHosts',
      parent: ids.aiFoundry,
      name: 'agents',
      wanted: data === 'own' ? { properties: { capabilityHostKind: 'Agents' }, byAzure: true } : undefined,
    },
    {
      type: 'Microsoft.CognitiveServices/accounts/projects/capabilityHosts',
      parent: ids.aiFoundryProject,
      name: 'agents',
      wanted:
        data === 'own'
          ? {
              byAzure: false,
              properties: {
                threadStorageConnections: [names.cosmosDb],
                vectorStoreConnections: [names.aiSearch],
                storageConnections: [names.storage2],
              },
            }
          : undefined,
    },
  ],
  template: (context) => {
    const { names, ids, location, tags, access, project, options, subnetId } = context
    const lastModel = options.models.at(-1)
    return [
      {
        ...ofType('Microsoft.CognitiveServices/accounts'),
        name: names.aiFoundry,
        location,
        tags,
        kind: 'AIServices',
        sku: { name: 'S0' },
        identity: { type: 'SystemAssigned' },
        properties: {
          allowProjectManagement: true,
          customSubDomainName: names.aiFoundry,
          disableLocalAuth: true,
          publicNetworkAccess: access.publicNetwork,
          networkAcls: {
            bypass: 'AzureServices',
            defaultAction: access.defaultAction,
            ipRules: access.allowedIps.map((value) => ({ value })),
            virtualNetworkRules: [],
          },
          networkInjections: [
            { scenario: 'agent', subnetArmId: subnetId('aca2'), useMicrosoftManagedNetwork: false },
          ],
        },
      },
      ...deployments(context, options.models),
      {
        ...ofType('Microsoft.CognitiveServices/accounts/projects'),
        name: `${names.aiFoundry}/${names.aiFoundryProject}`,
        location,
        tags,
        dependsOn: [
          lastModel === undefined ? ids.aiFoundry : `${ids.aiFoundry}/deployments/${lastModel.name}`,
        ],
        identity: { type: 'SystemAssigned' },
        properties: { displayName: project.name, description: project.description },
      },
      ...connections(context),
    ]
  },
})
