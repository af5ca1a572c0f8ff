import type { StoredResource } from '../../contracts.ts'
import { at, guidOf, text } from '../json.ts'

/** A name behind a private endpoint: the record in the private zone, and the public suffix that follows it. */
export interface PrivateName {
  readonly record: string
  /** Without the leading `privatelink.`; `{region}` is replaced. */
  readonly suffix: string
  /** It has the address of the name before it. */
  readonly sharesAddress?: true
}

type Names = (target: StoredResource) => readonly PrivateName[]
const named =
  (...suffixes: readonly string[]): Names =>
  (target) =>
    suffixes.map((suffix) => ({ record: target.name.toLowerCase(), suffix }))
const region = (target: StoredResource) => target.location ?? 'global'
const storage = (service: string) => named(`${service}.core.windows.net`)

/**
 * What can be reached privately: by type, the group ids and the names each takes.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
const groups: Readonly<Record<string, Readonly<Record<string, Names>>>> = {
  'Microsoft.Storage/storageAccounts': Object.fromEntries(
    ['blob', 'dfs', 'file', 'queue', 'table', 'web'].map((service) => [service, storage(service)]),
  ),
  'Microsoft.KeyVault/vaults': { vault: named('vaultcore.azure.net') },
  'Microsoft.CognitiveServices/accounts': {
    account: (target) => {
      const label = text(at(target, 'properties.customSubDomainName')) ?? target.name
      return ['cognitiveservices.azure.com', 'openai.azure.com', 'services.ai.azure.com'].map((suffix) => ({
        record: label.toLowerCase(),
        suffix,
      }))
    },
  },
  'Microsoft.Search/searchServices': { searchService: named('search.windows.net') },
  'Microsoft.DocumentDB/databaseAccounts': {
    Sql: (target) =>
      [target.name, `${target.name}-${region(target)}`].map((record) => ({
        record,
        suffix: 'documents.azure.com',
      })),
    MongoDB: named('mongo.cosmos.azure.com'),
    Cassandra: named('cassandra.cosmos.azure.com'),
    Gremlin: named('gremlin.cosmos.azure.com'),
    Table: named('table.cosmos.azure.com'),
  },
  'Microsoft.MachineLearningServices/workspaces': {
    amlworkspace: (target) => {
      const workspace = text(at(target, 'properties.workspaceId')) ?? guidOf(target.id)
      const place = region(target)
      return [
        { record: `${workspace}.workspace.${place}`, suffix: 'api.azureml.ms' },
        // https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns#find-the-ip-addresses
        { record: `${workspace}.workspace.${place}.cert`, suffix: 'api.azureml.ms', sharesAddress: true },
        { record: `*.${workspace}.inference.${place}`, suffix: 'api.azureml.ms' },
        { record: `ml-${target.name}-${place}-${workspace}.${place}`, suffix: 'notebooks.azure.net' },
      ]
    },
  },
  'Microsoft.ContainerRegistry/registries': {
    registry: (target) =>
      [target.name, `${target.name}.${region(target)}.data`].map((record) => ({
        record: record.toLowerCase(),
        suffix: 'azurecr.io',
      })),
  },
  'Microsoft.App/managedEnvironments': {
    managedEnvironments: (target) => [
      { record: `*.${target.name}`, suffix: `${region(target)}.azurecontainerapps.io` },
    ],
  },
  'Microsoft.Web/sites': { sites: named('azurewebsites.net') },
  'Microsoft.DBforPostgreSQL/flexibleServers': { postgresqlServer: named('postgres.database.azure.com') },
  'Microsoft.Sql/servers': { sqlServer: named('database.windows.net') },
  'Microsoft.Cache/Redis': { redisCache: named('redis.cache.windows.net') },
  'Microsoft.EventHub/namespaces': { namespace: named('servicebus.windows.net') },
  'Microsoft.ServiceBus/namespaces': { namespace: named('servicebus.windows.net') },
  'Microsoft.DataFactory/factories': {
    dataFactory: named('datafactory.azure.net'),
    portal: named('adf.azure.com'),
  },
  'Microsoft.Databricks/workspaces': {
    databricks_ui_api: named('azuredatabricks.net'),
    browser_authentication: named('azuredatabricks.net'),
  },
  'Microsoft.ApiManagement/service': { Gateway: named('azure-api.net') },
  'Microsoft.Insights/privateLinkScopes': {
    azuremonitor: named('monitor.azure.com', 'ods.opinsights.azure.com', 'oms.opinsights.azure.com'),
  },
}

/** The types that can have private endpoints. */
export const privateLinkTypes: readonly string[] = Object.keys(groups)

const byType = new Map(
  Object.entries(groups).map(([type, of]) => [
    type.toLowerCase(),
    new Map(Object.entries(of).map(([group, names]) => [group.toLowerCase(), names])),
  ]),
)

/** Group ids of a type; `undefined` when the sandbox does not know what the type offers. */
export function groupsOf(type: string): readonly string[] | undefined {
  const known = byType.get(type.toLowerCase())
  return known === undefined ? undefined : [...known.keys()]
}

/** Which of their addresses the name at a place has, counted from 0: some names share one. */
export const addressOf = (names: readonly PrivateName[], place: number): number =>
  names.slice(0, place + 1).filter(({ sharesAddress }) => sharesAddress !== true).length - 1

/** Names that a private endpoint of this group takes. */
export function namesOf(target: StoredResource, group: string): readonly PrivateName[] {
  return byType.get(target.type.toLowerCase())?.get(group.toLowerCase())?.(target) ?? []
}
