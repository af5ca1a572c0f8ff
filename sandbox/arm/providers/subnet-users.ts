import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { at, records, text } from '../json.ts'
import type { World } from '../rules.ts'
import { agentLinks, agentSubnetsOf } from '../soft-delete/agent-links.ts'
import { deletedResources } from '../soft-delete/deleted-resources.ts'

/** How a service shows that a subnet is its own. */
export interface SubnetLink {
  readonly name: string
  /** What Azure shows instead of the resource. */
  readonly linkedResourceType: string
}

/** Where resources of a type name the subnet they are in. */
interface Reference {
  /** A path, `[]` standing for every item of a list. */
  readonly path: string
  /** Present when the service links itself to the whole subnet, and does not only take an address. */
  readonly link?: SubnetLink
}

/** Container Apps runs agents and environments, under a name of its own. */
const containerApps: SubnetLink = {
  name: 'legionservicelink',
  linkedResourceType: 'Microsoft.App/environments',
}
const other = (linkedResourceType: string): SubnetLink => ({
  name: 'serviceAssociationLink',
  linkedResourceType,
})

const accountType = 'Microsoft.CognitiveServices/accounts'

const references: Readonly<Record<string, Reference>> = {
  'Microsoft.Network/privateEndpoints': { path: 'properties.subnet.id' },
  'Microsoft.Network/networkInterfaces': { path: 'properties.ipConfigurations[].properties.subnet.id' },
  'Microsoft.Network/bastionHosts': { path: 'properties.ipConfigurations[].properties.subnet.id' },
  'Microsoft.Network/virtualNetworkGateways': {
    path: 'properties.ipConfigurations[].properties.subnet.id',
  },
  [accountType]: { path: 'properties.networkInjections[].subnetArmId', link: containerApps },
  [`${accountType}/capabilityHosts`]: { path: 'properties.customerSubnet', link: containerApps },
  'Microsoft.App/managedEnvironments': {
    path: 'properties.vnetConfiguration.infrastructureSubnetId',
    link: containerApps,
  },
  'Microsoft.MachineLearningServices/workspaces/computes': {
    path: 'properties.properties.subnet.id',
    link: other('Microsoft.MachineLearningServices/workspaces'),
  },
  'Microsoft.ContainerService/managedClusters': {
    path: 'properties.agentPoolProfiles[].vnetSubnetID',
    link: other('Microsoft.ContainerService/managedClusters'),
  },
  'Microsoft.Databricks/workspaces': {
    path: 'properties.parameters.customPrivateSubnetName.value',
    link: other('Microsoft.Databricks/workspaces'),
  },
  'GitHub.Network/networkSettings': {
    path: 'properties.subnetId',
    link: other('GitHub.Network/networkSettings'),
  },
  'Microsoft.Web/sites': {
    path: 'properties.virtualNetworkSubnetId',
    link: { name: 'AppServiceLink', linkedResourceType: 'Microsoft.Web/serverfarms' },
  },
}

/** A resource that keeps a subnet from being deleted or resized. */
export interface SubnetUser {
  readonly resource: Pick<StoredResource, 'id' | 'type' | 'properties'>
  /** Absent when the resource only took an address. */
  readonly link?: SubnetLink
}

/** Resources that lie in subnets, by the id of the subnet in lower case. */
export function usersBySubnet(world: World): ReadonlyMap<string, readonly SubnetUser[]> {
  const found = new Map<string, SubnetUser[]>()
  const add = (subnetIds: readonly string[], user: SubnetUser) => {
    for (const key of new Set(subnetIds.map((id) => id.toLowerCase()))) {
      const users = found.get(key)
      if (users === undefined) found.set(key, [user])
      else users.push(user)
    }
  }
  for (const [type, { path, link }] of Object.entries(references)) {
    for (const resource of world.store.ofType(type).filter(isOwn))
      add(valuesAt(resource, path), { resource, ...(link === undefined ? {} : { link }) })
  }
  for (const { id, subnets } of formerAgents(world))
    add(subnets, { resource: { id, type: accountType }, link: containerApps })
  return found
}

/** Deleted and purged accounts that their agents' subnets have not been let go of, by their ids. */
function formerAgents(world: World): readonly { readonly id: string; readonly subnets: readonly string[] }[] {
  if (world.keepsAgentLinks === false) return []
  const deleted = deletedResources(world).filter(({ type }) => sameId(type, accountType))
  const purged = agentLinks(world).filter(({ account }) => world.store.get(account) === undefined)
  return [
    ...deleted.map(({ id, resource }) => ({ id, subnets: agentSubnetsOf(resource) })),
    ...purged.map(({ account, subnet }) => ({ id: account, subnets: [subnet] })),
  ]
}

/** Resources that lie in a subnet. */
export function usersOf(subnetId: string, world: World): readonly SubnetUser[] {
  return usersBySubnet(world).get(subnetId.toLowerCase()) ?? []
}

/** Ids of the subnets that a network-injected resource names. */
export function valuesAt(resource: unknown, path: string): readonly string[] {
  const [head = '', ...tail] = path.split('[].')
  const value = at(resource, head)
  if (tail.length === 0) return text(value) === undefined ? [] : [String(value)]
  return records(value).flatMap((item) => valuesAt(item, tail.join('[].')))
}

/** The network interface of a private endpoint is part of it, and no user besides it. */
function isOwn(resource: StoredResource): boolean {
  return at(resource, 'properties.privateEndpoint') === undefined
}
