import type { StoredResource } from '../../contracts.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, records } from '../json.ts'

/** A key that is made up from the id of what it belongs to: nothing in the sandbox accepts it. */
type Key = (name: string) => string
type Secrets = (resource: StoredResource, key: Key) => unknown

const workspaceKeys: Secrets = (_workspace, key) => ({
  primarySharedKey: key('1'),
  secondarySharedKey: key('2'),
})

const sharedAccess = (name: string): Secrets => {
  return (_account, key) => ({ [name]: `sv=2024-11-04&sig=${encodeURIComponent(key('sas'))}` })
}

const kubeconfig = (name: string): Secrets => {
  return (_cluster, key) => ({ kubeconfigs: [{ name, value: key(name) }] })
}

const twoKeys: Secrets = (_resource, key) => ({ primaryKey: key('1'), secondaryKey: key('2') })

/** Keys of Event Hubs and Service Bus, which come with connection strings. */
const busKeys: Secrets = (rule, key) => {
  const [, , , , , , , , namespace = ''] = rule.id.split('/')
  const connection = (value: string) =>
    `Endpoint=sb://${namespace}.servicebus.sandbox.invalid/;SharedAccessKeyName=${rule.name};SharedAccessKey=${value}`
  return {
    primaryKey: key('1'),
    secondaryKey: key('2'),
    primaryConnectionString: connection(key('1')),
    secondaryConnectionString: connection(key('2')),
    keyName: rule.name,
  }
}

const readOnlyCosmosKeys = (_account: StoredResource, key: Key) => ({
  primaryReadonlyMasterKey: key('3'),
  secondaryReadonlyMasterKey: key('4'),
})

/** The secrets that each type gives, by the action that asks for them. */
const secrets: Readonly<Record<string, Readonly<Record<string, Secrets>>>> = {
  'Microsoft.Storage/storageAccounts': {
    listKeys: (_account, key) => ({
      keys: ['key1', 'key2'].map((keyName) => ({ keyName, value: key(keyName), permissions: 'FULL' })),
    }),
    listAccountSas: sharedAccess('accountSasToken'),
    listServiceSas: sharedAccess('serviceSasToken'),
  },
  'Microsoft.CognitiveServices/accounts': {
    listKeys: (account, key) => {
      if (at(account, 'properties.disableLocalAuth') === true)
        throw badRequest('BadRequest', 'Failed to list key. disableLocalAuth is set to be true')
      return { key1: key('1'), key2: key('2') }
    },
  },
  'Microsoft.Search/searchServices': {
    listAdminKeys: twoKeys,
    listQueryKeys: (_service, key) => ({ value: [{ name: null, key: key('query') }], nextLink: null }),
  },
  'Microsoft.DocumentDB/databaseAccounts': {
    listKeys: (account, key) => ({
      primaryMasterKey: key('1'),
      secondaryMasterKey: key('2'),
      ...readOnlyCosmosKeys(account, key),
    }),
    readonlykeys: readOnlyCosmosKeys,
    listConnectionStrings: (account, key) => ({
      connectionStrings: ['1', '2'].map((number) => ({
        connectionString: `AccountEndpoint=${String(at(account, 'properties.documentEndpoint'))};AccountKey=${key(number)};`,
        description: `${number === '1' ? 'Primary' : 'Secondary'} SQL Connection String`,
      })),
    }),
  },
  'Microsoft.OperationalInsights/workspaces': {
    sharedKeys: workspaceKeys,
    // By the name that templates call it. https://github.com/Azure/bicep-types-az/issues/2476
    listKeys: workspaceKeys,
  },
  'Microsoft.ContainerRegistry/registries': {
    listCredentials: (registry, key) => {
      if (at(registry, 'properties.adminUserEnabled') !== true)
        throw badRequest(
          'UnAuthorizedForCredentialOperations',
          `Cannot perform credential operations for ${registry.id} as admin user is disabled. Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account`,
        )
      return {
        username: registry.name,
        passwords: ['password', 'password2'].map((name) => ({ name, value: key(name) })),
      }
    },
  },
  'Microsoft.AppConfiguration/configurationStores': {
    listKeys: (store, key) => ({
      value: ['Primary', 'Secondary'].map((name) => ({
        id: guidOf(`${store.id}#${name}`).slice(0, 8),
        name,
        value: key(name),
        connectionString: `Endpoint=https://${store.name}.azconfig.sandbox.invalid;Id=${name};Secret=${key(name)}`,
        readOnly: false,
      })),
    }),
  },
  'Microsoft.MachineLearningServices/workspaces': {
    listKeys: (workspace, key) => ({
      userStorageKey: key('storage'),
      userStorageResourceId: at(workspace, 'properties.storageAccount'),
      appInsightsInstrumentationKey: key('insights'),
    }),
    listStorageAccountKeys: (_workspace, key) => ({ userStorageKey: key('storage') }),
  },
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': { listKeys: twoKeys },
  'Microsoft.App/containerApps': {
    listSecrets: (app) => ({
      value: records(at(app, 'properties.configuration.secrets')).map(({ name, value }) => ({ name, value })),
    }),
  },
  'Microsoft.ContainerService/managedClusters': {
    listClusterAdminCredential: kubeconfig('clusterAdmin'),
    listClusterUserCredential: kubeconfig('clusterUser'),
  },
  'Microsoft.DataFactory/factories/integrationRuntimes': {
    listAuthKeys: (_runtime, key) => ({ authKey1: key('1'), authKey2: key('2') }),
  },
  'Microsoft.Cache/redis': { listKeys: twoKeys },
  'Microsoft.EventGrid/domains': { listKeys: (_domain, key) => ({ key1: key('1'), key2: key('2') }) },
  'Microsoft.EventGrid/topics': { listKeys: (_topic, key) => ({ key1: key('1'), key2: key('2') }) },
  'Microsoft.EventHub/namespaces/authorizationRules': { listKeys: busKeys },
  'Microsoft.EventHub/namespaces/eventhubs/authorizationRules': { listKeys: busKeys },
  'Microsoft.ServiceBus/namespaces/authorizationRules': { listKeys: busKeys },
  'Microsoft.ServiceBus/namespaces/queues/authorizationRules': { listKeys: busKeys },
  'Microsoft.ServiceBus/namespaces/topics/authorizationRules': { listKeys: busKeys },
  'Microsoft.Cache/redisEnterprise/databases': { listKeys: twoKeys },
}

const byAction = new Map(
  Object.entries(secrets).flatMap(([type, actions]) =>
    Object.entries(actions).map(([action, list]) => [`${type}/${action}`.toLowerCase(), list] as const),
  ),
)

/** What an action of a resource lists; `undefined` when the type has no such action. */
export function secretsOf(resource: StoredResource, action: string): unknown {
  const list = byAction.get(`${resource.type}/${action}`.toLowerCase())
  return list?.(resource, (name) => Buffer.from(guidOf(`${resource.id}#${name}`)).toString('base64'))
}
