import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { at, records, text } from '../json.ts'
import type { World } from '../rules.ts'

/** Where resources name the subnet they are in, by type: each a path, `[]` standing for every item of a list. */
const references: Readonly<Record<string, string>> = {
  'Microsoft.Network/privateEndpoints': 'properties.subnet.id',
  'Microsoft.Network/bastionHosts': 'properties.ipConfigurations[].properties.subnet.id',
  'Microsoft.CognitiveServices/accounts': 'properties.networkInjections[].subnetArmId',
  'Microsoft.CognitiveServices/accounts/capabilityHosts': 'properties.customerSubnet',
  'Microsoft.App/managedEnvironments': 'properties.vnetConfiguration.infrastructureSubnetId',
  'Microsoft.MachineLearningServices/workspaces/computes': 'properties.properties.subnet.id',
  'Microsoft.ContainerService/managedClusters': 'properties.agentPoolProfiles[].vnetSubnetID',
  'Microsoft.Databricks/workspaces': 'properties.parameters.customPrivateSubnetName.value',
  'Microsoft.Web/sites': 'properties.virtualNetworkSubnetId',
}

/** A resource that keeps a subnet from being deleted or resized. */
export interface SubnetUser {
  readonly resource: StoredResource
  /** True when the service has linked itself to the whole subnet, not only taken an address. */
  readonly linked: boolean
}

/** Resources that lie in a subnet. */
export function usersOf(subnetId: string, world: World): readonly SubnetUser[] {
  return Object.entries(references).flatMap(([type, path]) =>
    world.store
      .ofType(type)
      .filter((resource) => valuesAt(resource, path).some((id) => sameId(id, subnetId)))
      .map((resource) => ({ resource, linked: !type.startsWith('Microsoft.Network/') })),
  )
}

/** Ids of the subnets that a network-injected resource names. */
export function valuesAt(resource: unknown, path: string): readonly string[] {
  const [head = '', ...tail] = path.split('[].')
  const value = at(resource, head)
  if (tail.length === 0) return text(value) === undefined ? [] : [String(value)]
  return records(value).flatMap((item) => valuesAt(item, tail.join('[].')))
}
