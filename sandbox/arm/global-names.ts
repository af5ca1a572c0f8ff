import type { ArmError, StoredResource } from '../contracts.ts'
import { sameId } from './address.ts'
import { badRequest, conflict } from './errors.ts'
import { at, text } from './json.ts'
import type { World, Write } from './rules.ts'
import { deletedResources } from './soft-delete/deleted-resources.ts'
import { softDeleteKindOf } from './soft-delete/kinds.ts'

/** How a service refuses a name that another resource has, somewhere in Azure. */
interface GlobalName {
  readonly type: string
  /** The zone of its host names: types of one zone have each name once. */
  readonly zone: string
  /** Where the resource says its host name, as a path from its top. Default: it is its name. */
  readonly label?: string
  /** @param isNear whether the other one is in the same subscription */
  readonly refuse: (name: string, isNear: boolean) => ArmError
}

const notAvailable = (page: string) => () =>
  badRequest('BadRequest', `The specified name is not available. For more information visit ${page}.`)

/**
 * The types whose names are public host names, or unique in all of Azure without.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const globalNames: readonly GlobalName[] = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    zone: 'core.windows.net',
    refuse: (name, isNear) =>
      isNear
        ? conflict(
            'StorageAccountInAnotherResourceGroup',
            `The account ${name} is already in another resource group in this subscription.`,
          )
        : conflict('StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`),
  },
  {
    type: 'Microsoft.KeyVault/vaults',
    zone: 'vault.azure.net',
    refuse: (name) =>
      conflict(
        'VaultAlreadyExists',
        `The vault name '${name}' is already in use. Vault names are globaly unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`,
      ),
  },
  {
    type: 'Microsoft.Search/searchServices',
    zone: 'search.windows.net',
    refuse: (name) => conflict('ServiceNameUnavailable', `Service name '${name}' is already used.`),
  },
  {
    type: 'Microsoft.ContainerRegistry/registries',
    zone: 'azurecr.io',
    refuse: (name) =>
      conflict(
        'AlreadyInUse',
        `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/rest/api/containerregistry/registries/checknameavailability`,
      ),
  },
  {
    type: 'Microsoft.DocumentDB/databaseAccounts',
    zone: 'documents.azure.com',
    refuse: (name) =>
      badRequest('BadRequest', `Dns record for ${name} under zone Document is already taken.`),
  },
  {
    type: 'Microsoft.CognitiveServices/accounts',
    zone: 'cognitiveservices.azure.com',
    label: 'properties.customSubDomainName',
    refuse: (label) =>
      conflict(
        'CustomDomainInUse',
        `The subdomain name '${label}' is already used by another resource. Please use a different name.`,
      ),
  },
  {
    // https://github.com/Azure/apiops/issues/20
    type: 'Microsoft.ApiManagement/service',
    zone: 'azure-api.net',
    refuse: (name) => conflict('ServiceAlreadyExists', `Api service already exists: ${name}`),
  },
  {
    // https://github.com/Azure/AppConfiguration/issues/264, …/677
    type: 'Microsoft.AppConfiguration/configurationStores',
    zone: 'azconfig.io',
    refuse: () => conflict('NameUnavailable', 'The specified name is already in use.'),
  },
  {
    // https://github.com/hashicorp/terraform-provider-azurerm/issues/12020
    type: 'Microsoft.EventHub/namespaces',
    zone: 'servicebus.windows.net',
    refuse: notAvailable('https://aka.ms/eventhubsarmexceptions'),
  },
  {
    type: 'Microsoft.ServiceBus/namespaces',
    zone: 'servicebus.windows.net',
    refuse: notAvailable('https://aka.ms/sbResourceMgrExceptions'),
  },
  {
    // https://github.com/Azure-Samples/acme-fitness-store/issues/45
    type: 'Microsoft.Cache/redis',
    zone: 'redis.cache.windows.net',
    refuse: () =>
      conflict(
        'NameNotAvailable',
        'An error occured when trying to reserve the DNS name for the cache instance. This may be a temporary issue if a cache instance of this name was recently deleted. Please choose a different name or try again later.',
      ),
  },
  {
    // https://github.com/Azure/azure-service-operator/issues/2428
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    zone: 'postgres.database.azure.com',
    refuse: () => conflict('ServerNameAlreadyExists', 'Specified server name is already used.'),
  },
  {
    // https://github.com/microsoft/PartsUnlimited/issues/190
    type: 'Microsoft.Sql/servers',
    zone: 'database.windows.net',
    refuse: (name) =>
      conflict('NameAlreadyExists', `The name '${name}' already exists. Choose a different name.`),
  },
  {
    // https://github.com/Azure-Player/azure.datafactory.tools/issues/43
    type: 'Microsoft.DataFactory/factories',
    zone: 'adf.azure.com',
    refuse: (name) =>
      conflict(
        'DataFactoryNameInUse',
        `The specified resource name '${name}' is already in use. Resource names must be globally unique.`,
      ),
  },
  {
    // https://github.com/Azure/azure-quickstart-templates/issues/6361
    type: 'Microsoft.Web/sites',
    zone: 'azurewebsites.net',
    refuse: (name) => conflict('Conflict', `Website with given name ${name} already exists.`),
  },
]

const byType = new Map(globalNames.map((entry) => [entry.type.toLowerCase(), entry]))

/** Throws the provider's refusal when another resource has the name that a new one is to have, or is kept with it. */
export function checkGlobalName(write: Write, world: World): void {
  const entry = byType.get(write.address.type.toLowerCase())
  if (entry === undefined || labelOf(write.existing, entry) !== undefined) return
  const { id, name, type } = write.address
  const label = labelOf({ ...write.body, properties: write.properties, id, name, type }, entry)
  if (label === undefined) return
  const holder = holdersIn(entry, label, world).find((other) => !sameId(other.id, id))
  if (holder === undefined) return
  const subscription = `/subscriptions/${write.address.subscriptionId ?? ''}/`.toLowerCase()
  const isNear = holder.id.toLowerCase().startsWith(subscription)
  const isDeleted = world.store.get(holder.id) === undefined
  const kept = isDeleted && isNear && entry.label === undefined ? softDeleteKindOf(type) : undefined
  throw kept?.refuse(write) ?? entry.refuse(label, isNear)
}

/** Whether a resource has the host name, or is kept with it, that one of the type would have. */
export function isNameTaken(type: string, label: string, world: World): boolean {
  const entry = byType.get(type.toLowerCase())
  return entry !== undefined && holdersIn(entry, label, world).length > 0
}

function holdersIn(entry: GlobalName, label: string, world: World): readonly StoredResource[] {
  const kept = deletedResources(world).map(({ resource }) => resource)
  const wanted = label.toLowerCase()
  return globalNames
    .filter(({ zone }) => zone === entry.zone)
    .flatMap((other) =>
      [...world.store.ofType(other.type), ...kept.filter(({ type }) => sameId(type, other.type))].filter(
        (resource) => labelOf(resource, other)?.toLowerCase() === wanted,
      ),
    )
}

function labelOf(resource: StoredResource | undefined, { label }: GlobalName): string | undefined {
  return label === undefined ? resource?.name : text(at(resource, label))
}
