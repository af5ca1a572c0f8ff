import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { inside, overlap } from '../cidr.ts'
import { badRequest, invalidReference } from '../errors.ts'
import { at, guidOf, type Json, record, records, text, texts } from '../json.ts'
import { type Link, type ResourceRules, referenced, type World } from '../rules.ts'
import { delegatableServices } from './delegations.ts'
import { parsePrefix } from './prefixes.ts'
import { usersOf } from './subnet-users.ts'

/** A subnet's type. */
export const subnetType = 'Microsoft.Network/virtualNetworks/subnets'
/** The longest prefix that a subnet may have: Azure keeps five addresses of each for itself. */
const longestPrefix = 29

/** What the rules of a subnet need of its network. */
export interface Network {
  readonly id: string
  readonly name: string
  readonly prefixes: readonly string[]
}

/** Microsoft.Network/virtualNetworks/subnets. A PUT replaces all of a subnet. */
export const subnetRules: readonly ResourceRules[] = [
  {
    type: subnetType,
    location: 'none',
    lock: (address) => address.parent,
    links: ({ properties }) => subnetLinks(properties),
    check: ({ address, properties }, world) => {
      const network = world.store.get(address.parent ?? '')
      if (network === undefined) return
      const prefixes = texts(at(network, 'properties.addressSpace.addressPrefixes'))
      checkSubnet(
        { name: address.name, properties },
        { id: network.id, name: network.name, prefixes },
        [],
        world,
      )
    },
    complete: ({ properties, address }) => completeSubnet(properties, address.id),
    applied: (_write, subnet, world) => {
      touchNetwork(subnet, world)
      return undefined
    },
    render: renderSubnet,
    checkRemoval: checkSubnetRemoval,
    removed: touchNetwork,
  },
]

/** Throws Azure's refusal of a subnet that is put into a network, alone or inline among others. */
export function checkSubnet(subnet: Json, network: Network, earlier: readonly Json[], world: World): void {
  const name = text(subnet['name']) ?? ''
  const properties = record(subnet['properties'])
  const id = `${network.id}/subnets/${name}`
  const prefixes = prefixesOf(properties)
  const stored = world.store.get(id)
  if (prefixes.length === 0)
    throw badRequest(
      'NoAddressPrefixOrPoolProvided',
      `No address prefix or pool has been provided for subnet ${id}.`,
    )
  for (const prefix of prefixes) checkRange(prefix, { name, id }, network)
  const siblings = world.store
    .children(network.id, subnetType)
    .filter((sibling) => !sameId(sibling.id, id) && !isReplaced(sibling, earlier))
    .map((sibling) => ({ name: sibling.name, properties: record(sibling.properties) }))
  const inline = earlier.map((other) => ({
    name: text(other['name']) ?? '',
    properties: record(other['properties']),
  }))
  checkOverlap(prefixes, { name, id }, [...siblings, ...inline], network)
  checkReferences(properties, id, world)
  if (stored !== undefined) checkChange(stored, properties, world)
}

/** Inline subnets have been checked against each other; what is stored of them is about to be replaced. */
function isReplaced(sibling: StoredResource, inline: readonly Json[]): boolean {
  return inline.some((other) => text(other['name'])?.toLowerCase() === sibling.name.toLowerCase())
}

function checkRange(prefix: string, subnet: { name: string; id: string }, network: Network): void {
  const range = parsePrefix(prefix, subnet.id)
  if (!network.prefixes.some((outer) => inside(range, parsePrefix(outer, network.id))))
    throw badRequest(
      'NetcfgSubnetRangeOutsideVnet',
      `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${network.name}'.`,
    )
  if (range.length > longestPrefix)
    throw badRequest(
      'NetcfgInvalidSubnet',
      `Subnet '${subnet.name}' is not valid in virtual network '${network.name}'.`,
    )
}

function checkOverlap(
  prefixes: readonly string[],
  subnet: { name: string; id: string },
  others: readonly { name: string; properties: Json }[],
  network: Network,
): void {
  for (const other of others) {
    const clash = prefixesOf(other.properties).some((taken) =>
      prefixes.some((prefix) => overlap(parsePrefix(prefix, subnet.id), parsePrefix(taken, network.id))),
    )
    if (clash)
      throw badRequest(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${subnet.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`,
      )
  }
}

function checkReferences(properties: Json, id: string, world: World): void {
  for (const key of ['networkSecurityGroup', 'routeTable', 'natGateway']) {
    const target = text(at(properties, `${key}.id`))
    if (target !== undefined) referenced(world, target, () => invalidReference(id, target))
  }
  const delegations = records(properties['delegations'])
  if (delegations.length > 1)
    throw badRequest(
      'SubnetCannotHaveMultipleDelegations',
      `Subnet ${id} cannot have more than one delegation.`,
    )
  for (const delegation of delegations) {
    const service = text(at(delegation, 'properties.serviceName')) ?? ''
    if (!delegatableServices.has(service.toLowerCase()))
      throw badRequest(
        'InvalidServiceNameOnDelegation',
        `The service name '${service}' of delegation '${text(delegation['name']) ?? ''}' on subnet ${id} is not a service that a subnet can be delegated to.`,
      )
  }
}

/** What cannot change while somebody lies in the subnet. */
function checkChange(stored: StoredResource, properties: Json, world: World): void {
  const users = usersOf(stored.id, world)
  if (users.length === 0) return
  const before = prefixesOf(record(stored.properties))
  const after = prefixesOf(properties)
  const lost = before.find((prefix) => !after.includes(prefix))
  if (lost !== undefined)
    throw badRequest(
      'InUsePrefixCannotBeDeleted',
      `IpPrefix ${lost} on Subnet ${stored.name} has active allocations and cannot be deleted.`,
    )
  const linked = users.find((user) => user.linked)
  const services = (from: Json) =>
    records(from['delegations']).map((delegation) => text(at(delegation, 'properties.serviceName')))
  const missing = services(record(stored.properties)).filter(
    (service) => !services(properties).includes(service),
  )
  if (linked !== undefined && missing.length > 0)
    throw badRequest(
      'SubnetMissingRequiredDelegation',
      `Subnet ${stored.id} requires any of the following delegation(s) [${missing.join(', ')}] to reference service association link ${linked.resource.id}.`,
    )
}

/** Throws when the subnet is in use. */
export function checkSubnetRemoval(subnet: StoredResource, world: World): void {
  const [user] = usersOf(subnet.id, world)
  if (user === undefined) return
  throw badRequest(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet.name} is in use by ${user.resource.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  )
}

/** A subnet that came inside its network, as it is stored. */
export function inlineSubnet(subnet: Json, networkId: string): StoredResource {
  const name = text(subnet['name']) ?? ''
  const id = `${networkId}/subnets/${name}`
  const properties = { ...completeSubnet(record(subnet['properties']), id), provisioningState: 'Succeeded' }
  return { id, name, type: subnetType, properties }
}

/** Stores a subnet that came inside its network. */
export function applySubnet(subnet: Json, networkId: string, world: World): void {
  const made = inlineSubnet(subnet, networkId)
  const stored = world.store.get(made.id)
  world.store.set({ ...made, id: stored?.id ?? made.id, name: stored?.name ?? made.name })
}

/** A subnet with what lies in it. Its etag is that of its network, which changes with every part of it. */
export function renderSubnet(subnet: StoredResource, world: World): StoredResource {
  const network = world.store.get(subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/')))
  const users = usersOf(subnet.id, world)
  const endpoints = users.filter(({ resource }) => /privateEndpoints$/i.test(resource.type))
  const links = users.filter((user) => user.linked)
  return {
    ...subnet,
    ...(network?.['etag'] === undefined ? {} : { etag: network['etag'] }),
    properties: {
      ...subnet.properties,
      ...(endpoints.length > 0
        ? {
            privateEndpoints: endpoints.map(({ resource }) => ({ id: resource.id })),
            ipConfigurations: endpoints.map(({ resource }) => ({
              id: `${networkInterfaceOf(resource)}/ipConfigurations/privateEndpointIpConfig`,
            })),
          }
        : {}),
      ...(links.length > 0
        ? {
            serviceAssociationLinks: links.map(({ resource }) => ({
              id: `${subnet.id}/serviceAssociationLinks/legionservicelink`,
              name: 'legionservicelink',
              properties: { link: resource.id, allowDelete: false, provisioningState: 'Succeeded' },
            })),
          }
        : {}),
    },
  }
}

function networkInterfaceOf(endpoint: StoredResource): string {
  const [networkInterface] = records(at(endpoint, 'properties.networkInterfaces'))
  return text(networkInterface?.['id']) ?? endpoint.id
}

/** All prefixes of a subnet, whichever of the two properties it was written with. */
export function prefixesOf(properties: Json): readonly string[] {
  const single = text(properties['addressPrefix'])
  const many = texts(properties['addressPrefixes'])
  return many.length > 0 ? many : single === undefined ? [] : [single]
}

function completeSubnet(properties: Json, id: string): Json {
  const delegations = records(properties['delegations']).map((delegation) => ({
    ...delegation,
    id: `${id}/delegations/${text(delegation['name']) ?? ''}`,
    type: `${subnetType}/delegations`,
    properties: {
      ...record(delegation['properties']),
      actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
      provisioningState: 'Succeeded',
    },
  }))
  return {
    ...properties,
    delegations,
    privateEndpointNetworkPolicies: properties['privateEndpointNetworkPolicies'] ?? 'Disabled',
    privateLinkServiceNetworkPolicies: properties['privateLinkServiceNetworkPolicies'] ?? 'Enabled',
  }
}

function subnetLinks(properties: Json): readonly Link[] {
  const of = (key: string, type: string): readonly Link[] => {
    const scope = text(at(properties, `${key}.id`))
    return scope === undefined ? [] : [{ scope, action: `Microsoft.Network/${type}/join/action` }]
  }
  return [...of('networkSecurityGroup', 'networkSecurityGroups'), ...of('routeTable', 'routeTables')]
}

function touchNetwork(subnet: StoredResource, world: World): void {
  const id = subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/'))
  const network = world.store.get(id)
  const etag = subnet['etag']
  if (network === undefined) return
  world.store.set({
    ...network,
    etag: typeof etag === 'string' && etag !== network['etag'] ? etag : nextEtag(network),
  })
}

/** A new etag derived from the last one, for a change that brings none of its own. */
function nextEtag(network: StoredResource): string {
  return `W/"${guidOf(`${String(network['etag'])}*`)}"`
}
