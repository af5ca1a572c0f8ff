import { z } from 'zod'
import { defineService } from '../define-service.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import type { ArmResource, ServiceContext } from '../types.ts'
import { connections } from './ai-foundry-connections.ts'

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

/** The account refuses a second deployment while one is being made: each waits for the one before. */
const deployments = (
  { names, ids, tags }: ServiceContext<unknown>,
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

/**
 * Microsoft Foundry: an account with one project, its models, and agents that run inside the project's own subnet.
 * Agents are the reason for the subnet: https://learn.microsoft.com/azure/foundry/agents/how-to/virtual-networks
 */
export const aiFoundry = defineService({
  key: 'aiFoundry',
  title: 'Microsoft Foundry',
  documentation: 'https://learn.microsoft.com/azure/foundry/what-is-foundry',
  defaultFor: ['genai-1', 'all'],
  options: {
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
    dev: { models: models(20, 20) },
    stage: { models: models(20, 20) },
    prod: { models: models(40, 40) },
  },
  subnets: ['aca2'],
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
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'Foundry User', 'aiFoundry'),
    ...peopleInDev(['dataEngineer', 'frontendDeveloper'], 'Cognitive Services OpenAI User', 'aiFoundry'),
    ...identities(['projectIdentity'], 'Foundry User', 'aiFoundry'),
    ...identities(['appsIdentity'], 'Foundry User', 'aiFoundryProject'),
    ...identities(['appsIdentity'], 'Cognitive Services OpenAI User', 'aiFoundry'),
    ...identities(['aiFoundryProject'], 'Storage Blob Data Contributor', 'storage1'),
    ...identities(['aiFoundryProject'], 'Storage Blob Data Contributor', 'storage2'),
    ...identities(['aiFoundryProject'], 'AcrPull', 'containerRegistry'),
    ...identities(['aiFoundryProject'], 'Search Service Contributor', 'aiSearch', ['aiSearch']),
    ...identities(['aiFoundryProject'], 'Search Index Data Contributor', 'aiSearch', ['aiSearch']),
    ...identities(['aiFoundryProject'], 'Cosmos DB Operator', 'cosmosDb', ['cosmosDb']),
    ...identities(['aiFoundryProject'], 'Cosmos DB Built-in Data Contributor', 'cosmosDb', ['cosmosDb']),
  ],
  resources: (context) => {
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
