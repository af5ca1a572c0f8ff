import { z } from 'zod'
import { nameRulesOf } from '../../naming/limits.ts'
import { projectIdentities } from '../baseline/identities.ts'
import { defineService } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import { byUsage } from '../prices.ts'

/** Azure Cosmos DB for NoSQL: conversations, application state. Its data has a role system of its own; keys are off. */
export const cosmosDb = defineService({
  key: 'cosmosDb',
  title: 'Azure Cosmos DB',
  formLabel: 'Azure Cosmos DB (database for conversations and documents)',
  documentation: 'https://learn.microsoft.com/azure/cosmos-db/nosql/',
  defaultFor: [],
  resources: {
    cosmosDb: {
      type: 'Microsoft.DocumentDB/databaseAccounts',
      name: {
        pattern: 'cosmos-prj{project}-{location}-{env}-{salt}-{instance}',
        givesWay: 'location',
        minLength: 3,
        maxLength: 44,
        accepts: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/,
        scope: 'global',
        source: nameRulesOf('microsoftdocumentdb'),
      },
    },
  },
  connectsTo: [projectIdentities],
  options: {
    database: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/)
      .describe(
        'Name of the database that is created: letters, digits, hyphens and underscores, 63 at most.',
      ),
    maxThroughput: z
      .int()
      .multipleOf(1000)
      .min(1000)
      .max(1_000_000)
      .describe(
        'Maximum autoscale throughput of the database, in thousands of request units per second. It scales down to a tenth.',
      ),
    throughputLimit: z
      .int()
      .min(-1)
      .describe(
        'Throughput limit of the account in request units per second, against unexpected cost; -1 for no limit.',
      ),
    backup: z
      .enum(['Continuous7Days', 'Continuous30Days'])
      .describe('How far back the account can be restored. Seven days are free.'),
    zoneRedundant: z
      .boolean()
      .describe(
        'Spread over three availability zones. Azure refuses it in regions without zones or capacity.',
      ),
  },
  defaults: {
    dev: {
      database: 'project',
      maxThroughput: 1000,
      throughputLimit: 4000,
      backup: 'Continuous7Days',
      zoneRedundant: false,
    },
    stage: {
      database: 'project',
      maxThroughput: 1000,
      throughputLimit: 4000,
      backup: 'Continuous7Days',
      zoneRedundant: false,
    },
    prod: {
      database: 'project',
      maxThroughput: 4000,
      throughputLimit: 10_000,
      backup: 'Continuous30Days',
      zoneRedundant: false,
    },
  },
  subnets: {},
  privateEndpoints: [
    {
      resource: 'cosmosDb',
      group: 'Sql',
      zones: ['privatelink.documents.azure.com'],
      // The account and its one region. https://learn.microsoft.com/azure/cosmos-db/how-to-configure-private-endpoints#fetch-the-private-ip-addresses
      addresses: 2,
      afterChildren: true,
    },
  ],
  roles: [
    ...peopleInDev(
      ['lead', 'dataScientist', 'aiEngineer', 'agentDeveloper', 'dataEngineer', 'frontendDeveloper'],
      'Cosmos DB Built-in Data Contributor',
      'cosmosDb',
    ),
    ...identities(['projectIdentity', 'appsIdentity'], 'Cosmos DB Built-in Data Contributor', 'cosmosDb'),
  ],
  data: {
    'Microsoft.DocumentDB/databaseAccounts': {
      holds: 'databases',
      softDelete: {
        sentence:
          'A deleted account can be restored from its continuous backup for 7 or 30 days, as its option backup says.',
        source: 'https://learn.microsoft.com/azure/cosmos-db/continuous-backup-restore-introduction',
      },
    },
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': { holds: 'containers with their items' },
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': { holds: 'items' },
  },
  inside: {
    'Microsoft.DocumentDB/databaseAccounts': { sqlDatabases: 'containers with their items' },
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': { containers: 'items' },
  },
  prices: {
    'Microsoft.DocumentDB/databaseAccounts': byUsage('stored data and its backup'),
    // Autoscale is billed for the highest throughput of each hour, and for a tenth of the maximum at least: 1.5 times the
    // price of 100 RU/s. https://learn.microsoft.com/azure/cosmos-db/understand-your-bill
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': {
      kind: 'list',
      unit: 'x 100 RU/s, a tenth of the maximum',
      by: 'type',
      perHour: { 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': 0.012 },
      times: ['properties.options.autoscaleSettings.maxThroughput'],
      factor: 1 / 1000,
      plus: 'throughput up to the maximum',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/cosmos-db/autoscale-provisioned/',
    },
  },
  template: ({ names, ids, location, tags, access, options }) => [
    {
      ...ofType('Microsoft.DocumentDB/databaseAccounts'),
      name: names.cosmosDb,
      location,
      tags,
      kind: 'GlobalDocumentDB',
      properties: {
        databaseAccountOfferType: 'Standard',
        consistencyPolicy: { defaultConsistencyLevel: 'Session' },
        locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: options.zoneRedundant }],
        disableLocalAuth: true,
        disableKeyBasedMetadataWriteAccess: true,
        minimalTlsVersion: 'Tls12',
        backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: options.backup } },
        capacity: { totalThroughputLimit: options.throughputLimit },
        publicNetworkAccess: access.publicNetwork,
        ipRules: access.allowedIps.map((ipAddressOrRange) => ({ ipAddressOrRange })),
        networkAclBypass: 'None',
      },
    },
    {
      ...ofType('Microsoft.DocumentDB/databaseAccounts/sqlDatabases'),
      name: `${names.cosmosDb}/${options.database}`,
      dependsOn: [ids.cosmosDb],
      properties: {
        resource: { id: options.database },
        options: { autoscaleSettings: { maxThroughput: options.maxThroughput } },
      },
    },
  ],
})
