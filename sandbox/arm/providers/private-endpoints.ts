import type { StoredResource } from '../../contracts.ts'
import { lastSegment, parseAddress } from '../address.ts'
import { formatAddress, parseCidr } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, record, records, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { prefixesOf } from './prefixes.ts'
import { addressOf, groupsOf, namesOf } from './private-link.ts'
import { zoneGroupRules } from './zone-groups.ts'

const type = 'Microsoft.Network/privateEndpoints'
/** Addresses at a subnet's start and end that Azure keeps for itself. */
const reservedAtStart = 4
const largestSubnetSearched = 65_536

/** Microsoft.Network/privateEndpoints and their DNS zone groups. */
export const privateEndpointRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.subnet.id'],
    fixed: ['properties.subnet.id'],
    check: checkEndpoint,
    complete: ({ properties, address }) => ({
      ...properties,
      privateLinkServiceConnections: approved(properties['privateLinkServiceConnections'], address.id),
      manualPrivateLinkServiceConnections: records(properties['manualPrivateLinkServiceConnections']),
    }),
    applied: connect,
    previewed: ({ existing }) => {
      const { networkInterfaces, customDnsConfigs } = record(existing?.properties)
      return existing === undefined ? {} : { networkInterfaces, customDnsConfigs }
    },
    removed: disconnect,
  },
  zoneGroupRules,
]

/** The connections that a body asks for, approved by rights or by request. */
function connectionsOf(properties: Json): readonly Json[] {
  return [
    ...records(properties['privateLinkServiceConnections']),
    ...records(properties['manualPrivateLinkServiceConnections']),
  ]
}

function checkEndpoint(write: Write, world: World): void {
  const { address, properties } = write
  const subnetId = text(at(properties, 'subnet.id')) ?? ''
  const subnet = world.store.get(subnetId)
  const [delegation] = records(at(subnet, 'properties.delegations'))
  if (delegation !== undefined)
    throw badRequest(
      'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated',
      `Private endpoint ${address.id} cannot be created in subnet ${subnetId} as the subnet is delegated to ${text(at(delegation, 'properties.serviceName')) ?? ''}.`,
    )
  const connections = connectionsOf(properties)
  if (connections.length === 0)
    throw badRequest(
      'PrivateEndpointConnectionsMissing',
      `Private endpoint ${address.id} needs a private link service connection.`,
    )
  for (const connection of connections) checkConnection(connection, world)
  if (write.existing !== undefined || subnet === undefined) return
  checkCount(subnetId, world)
  freeAddress(subnet, world)
}

function checkCount(subnetId: string, world: World): void {
  const network = `${subnetId.slice(0, subnetId.toLowerCase().lastIndexOf('/subnets/'))}/`.toLowerCase()
  const count = world.store
    .ofType(type)
    .filter((other) => text(at(other, 'properties.subnet.id'))?.toLowerCase().startsWith(network)).length
  const { privateEndpointsPerNetwork: largest } = world.limits
  if (count >= largest)
    throw badRequest(
      'PrivateEndpointCountLimitReached',
      `Cannot create more than ${largest} private endpoints in virtual network ${lastSegment(network.slice(0, -1))}.`,
    )
}

function checkConnection(connection: Json, world: World): void {
  const targetId = text(at(connection, 'properties.privateLinkServiceId')) ?? ''
  const target = world.store.get(targetId)
  const known = groupsOf(parseAddress(targetId)?.type ?? '')
  const asked = texts(at(connection, 'properties.groupIds'))
  const unknown = asked.find((group) => known !== undefined && !known.includes(group.toLowerCase()))
  if (unknown !== undefined || (asked.length === 0 && known !== undefined))
    throw badRequest(
      'PrivateEndpointCannotBeCreatedWithGroupId',
      `Call to ${targetId} failed. Error message: The requested group id '${unknown ?? ''}' is invalid. Valid group ids: ${(known ?? []).join(', ')}.`,
    )
  const state = text(at(target, 'properties.provisioningState'))
  if (target !== undefined && state !== undefined && state !== 'Succeeded')
    throw badRequest(
      'AccountProvisioningStateInvalid',
      `Call to ${targetId} failed. Error message: Account ${targetId} in state ${state}`,
    )
}

/** Gives the endpoint its network interface and addresses, and reports it to its targets. */
function connect(write: Write, endpoint: StoredResource, world: World): Json {
  const subnet = world.store.get(text(at(write.properties, 'subnet.id')) ?? '')
  const names = targetsOf(endpoint, world).flatMap(({ target, group }) => namesOf(target, group))
  const before = records(at(write.existing, 'properties.customDnsConfigs'))
  const count = addressOf(names, names.length - 1) + 1
  const addresses = addressesFor(Math.max(1, count), before, subnet, world)
  const networkInterface = interfaceOf(write, endpoint, subnet, addresses, world)
  for (const { target } of targetsOf(endpoint, world)) addConnection(target, endpoint, world)
  return {
    networkInterfaces: [{ id: networkInterface }],
    customDnsConfigs: names.map((name, index) => ({
      fqdn: `${name.record}.${name.suffix}`,
      ipAddresses: [addresses[addressOf(names, index)] ?? addresses[0]],
    })),
  }
}

/** What an endpoint is connected to, with the group of each connection. */
function targetsOf(
  endpoint: StoredResource,
  world: World,
): readonly { target: StoredResource; group: string }[] {
  return connectionsOf(record(endpoint.properties)).flatMap((connection) => {
    const target = world.store.get(text(at(connection, 'properties.privateLinkServiceId')) ?? '')
    const groups = texts(at(connection, 'properties.groupIds'))
    return target === undefined ? [] : groups.map((group) => ({ target, group }))
  })
}

function approved(connections: unknown, endpointId: string): readonly Json[] {
  return records(connections).map((connection) => ({
    ...connection,
    id: `${endpointId}/privateLinkServiceConnections/${text(connection['name']) ?? ''}`,
    type: `${type}/privateLinkServiceConnections`,
    properties: {
      ...record(connection['properties']),
      provisioningState: 'Succeeded',
      privateLinkServiceConnectionState: {
        status: 'Approved',
        description: 'Auto-Approved',
        actionsRequired: 'None',
      },
    },
  }))
}

function interfaceOf(
  write: Write,
  endpoint: StoredResource,
  subnet: StoredResource | undefined,
  addresses: readonly string[],
  world: World,
): string {
  const group = endpoint.id.slice(0, endpoint.id.toLowerCase().indexOf('/providers/'))
  const name =
    text(write.properties['customNetworkInterfaceName']) ?? `${endpoint.name}.nic.${guidOf(endpoint.id)}`
  const id = `${group}/providers/Microsoft.Network/networkInterfaces/${name}`
  world.store.set({
    id,
    name,
    type: 'Microsoft.Network/networkInterfaces',
    ...(endpoint.location === undefined ? {} : { location: endpoint.location }),
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpoint.id },
      ipConfigurations: addresses.map((privateIPAddress, index) => ({
        name: `privateEndpointIpConfig.${index + 1}`,
        properties: { privateIPAddress, privateIPAllocationMethod: 'Dynamic', subnet: { id: subnet?.id } },
      })),
    },
  })
  return id
}

function addConnection(target: StoredResource, endpoint: StoredResource, world: World): void {
  const name = `${endpoint.name}.${guidOf(endpoint.id)}`
  world.store.set({
    id: `${target.id}/privateEndpointConnections/${name}`,
    name,
    type: `${target.type}/privateEndpointConnections`,
    properties: {
      privateEndpoint: { id: endpoint.id },
      privateLinkServiceConnectionState: {
        status: 'Approved',
        description: 'Auto-Approved',
        actionsRequired: 'None',
      },
      provisioningState: 'Succeeded',
    },
  })
}

function disconnect(endpoint: StoredResource, world: World): void {
  for (const networkInterface of records(at(endpoint, 'properties.networkInterfaces'))) {
    world.store.delete(text(networkInterface['id']) ?? '')
  }
  const name = `${endpoint.name}.${guidOf(endpoint.id)}`
  for (const connection of connectionsOf(record(endpoint.properties))) {
    const target = text(at(connection, 'properties.privateLinkServiceId')) ?? ''
    world.store.delete(`${target}/privateEndpointConnections/${name}`)
  }
}

/** Addresses that the endpoint has already, then free ones of the subnet. */
function addressesFor(
  count: number,
  before: readonly Json[],
  subnet: StoredResource | undefined,
  world: World,
): readonly string[] {
  const kept = new Set(before.flatMap((config) => texts(config['ipAddresses'])))
  const addresses = [...kept].slice(0, count)
  while (subnet !== undefined && addresses.length < count)
    addresses.push(freeAddress(subnet, world, new Set(addresses)))
  return addresses
}

function freeAddress(subnet: StoredResource, world: World, also: ReadonlySet<string> = new Set()): string {
  const taken = takenAddresses(world)
  const prefixes = prefixesOf(record(subnet.properties))
  for (const prefix of prefixes) {
    const range = parseCidr(prefix)
    if (typeof range === 'string' || range.family === 6) continue
    const last = Math.min(range.last - 1, range.first + largestSubnetSearched)
    for (let address = range.first + reservedAtStart; address <= last; address++) {
      const written = formatAddress(address)
      if (!taken.has(`${subnet.id.toLowerCase()} ${written}`) && !also.has(written)) return written
    }
  }
  throw badRequest(
    'SubnetIsFull',
    `Subnet ${lastSegment(subnet.id)} with address prefix ${prefixes.join(', ')} does not have enough capacity for 1 IP addresses.`,
  )
}

function takenAddresses(world: World): ReadonlySet<string> {
  const configurations = world.store
    .ofType('Microsoft.Network/networkInterfaces')
    .flatMap((networkInterface) => records(at(networkInterface, 'properties.ipConfigurations')))
  return new Set(
    configurations.map(
      (configuration) =>
        `${text(at(configuration, 'properties.subnet.id'))?.toLowerCase() ?? ''} ${text(at(configuration, 'properties.privateIPAddress')) ?? ''}`,
    ),
  )
}
