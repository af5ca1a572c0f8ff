import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const type = 'Microsoft.Storage/storageAccounts'
const services = ['blob', 'dfs', 'file', 'queue', 'table', 'web'] as const

/** Microsoft.Storage: accounts, and containers of the lake. */
export const storageRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['sku.name', 'kind'],
    check: checkAccount,
    complete: (write, world) => ({
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
      ...write.properties,
      creationTime: at(write.existing, 'properties.creationTime') ?? world.clock.now().toISOString(),
      primaryLocation: write.body['location'] ?? write.existing?.location,
      statusOfPrimary: 'available',
      primaryEndpoints: Object.fromEntries(
        services.map((service) => [service, `${world.base}/storage/${write.address.name}/`]),
      ),
    }),
    applied: (write, account, world) => {
      if (write.existing === undefined && at(write.properties, 'isHnsEnabled') === true)
        world.lake.createAccount(account.name, account.id)
      if (write.existing === undefined) addServices(account, world)
      return undefined
    },
    render: (account, world) => withConnections(account, world),
    removed: (account, world) => world.lake.removeAccount(account.name),
  },
  { type: `${type}/blobServices`, location: 'none', stateless: true },
  { type: `${type}/fileServices`, location: 'none', stateless: true },
  { type: `${type}/queueServices`, location: 'none', stateless: true },
  { type: `${type}/tableServices`, location: 'none', stateless: true },
  {
    type: `${type}/blobServices/containers`,
    location: 'none',
    stateless: true,
    complete: ({ properties }) => ({ publicAccess: 'None', leaseStatus: 'Unlocked', ...properties }),
    applied: (write, container, world) => {
      const account = world.store.get(container.id.split('/').slice(0, -4).join('/'))
      if (write.existing === undefined && at(account, 'properties.isHnsEnabled') === true)
        world.lake.createContainer(lastSegment(account?.id ?? ''), container.name)
      return undefined
    },
  },
]

/** A resource with the private endpoints that lead to it. */
export function withConnections(resource: StoredResource, world: World): StoredResource {
  const connections = world.store.children(resource.id, `${resource.type}/privateEndpointConnections`)
  return {
    ...resource,
    properties: { ...resource.properties, privateEndpointConnections: connections },
  }
}

/** Which SKUs a kind of account can have. https://learn.microsoft.com/azure/storage/common/storage-account-overview */
const skusOfKind: Readonly<Record<string, RegExp>> = {
  storagev2: /^(Standard(V2)?_(LRS|ZRS|GRS|RAGRS|GZRS|RAGZRS)|Premium_LRS)$/i,
  storage: /^(Standard_(LRS|ZRS|GRS|RAGRS)|Premium_LRS)$/i,
  blobstorage: /^Standard_(LRS|GRS|RAGRS)$/i,
  blockblobstorage: /^Premium_(LRS|ZRS)$/i,
  filestorage: /^(Premium(V2)?_(LRS|ZRS)|StandardV2_(LRS|ZRS|GRS|GZRS))$/i,
}

function checkAccount({ body, existing, properties }: Write): void {
  const kind = String(body['kind'] ?? existing?.['kind'])
  const sku = String(at(body, 'sku.name') ?? at(existing, 'sku.name'))
  const allowed = skusOfKind[kind.toLowerCase()]
  if (allowed !== undefined && !allowed.test(sku))
    throw badRequest('InvalidValuesForRequestParameters', 'Values for request parameters are invalid: sku.')
  if (existing === undefined) return
  const isUpgrade = sameId(String(existing['kind']), 'Storage') && sameId(kind, 'StorageV2')
  if (!sameId(kind, String(existing['kind'])) && !isUpgrade) throw cannotBeUpdated('kind')
  const before = at(existing, 'properties.isHnsEnabled') === true
  const after = properties['isHnsEnabled']
  if (after !== undefined && after !== null && after !== before) throw cannotBeUpdated('isHnsEnabled')
}

const cannotBeUpdated = (property: string) =>
  badRequest(
    'AccountPropertyCannotBeUpdated',
    `The property '${property}' was specified in the input, but it cannot be updated.`,
  )

/** Each account has its services from the start, named `default`. */
function addServices(account: StoredResource, world: World): void {
  for (const service of ['blobServices', 'fileServices', 'queueServices', 'tableServices']) {
    const id = `${account.id}/${service}/default`
    world.store.set({ id, name: 'default', type: `${type}/${service}`, properties: {} })
  }
}
