import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, type Json, record, records, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { approved, checkGroups, connect, disconnect, pending, stateOf } from './connections.ts'
import { addressesFor, addressesOf, applyInterface, checkInterfaceName } from './endpoint-interfaces.ts'
import { addressOf, namesOf, type PrivateName } from './private-link.ts'
import { refreshRecords, zoneGroupRules } from './zone-groups.ts'

const type = 'Microsoft.Network/privateEndpoints'
/** Connections that whoever makes the endpoint approves himself, and those that somebody else has to approve. */
const lists = ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'] as const

/** Microsoft.Network/privateEndpoints and their DNS zone groups. */
export const privateEndpointRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.subnet.id'],
    check: checkEndpoint,
    complete: ({ properties, address }) => ({
      ...properties,
      ...Object.fromEntries(
        lists.map((list) => [
          list,
          records(properties[list]).map((connection) => completed(connection, list, address.id)),
        ]),
      ),
    }),
    applied: applyEndpoint,
    allocates: true,
    previewed: ({ existing }) => {
      const { networkInterfaces, customDnsConfigs } = record(existing?.properties)
      return existing === undefined ? {} : { networkInterfaces, customDnsConfigs }
    },
    render: renderEndpoint,
    removed: removeEndpoint,
  },
  zoneGroupRules,
]

/** What a change of its connections means for an endpoint that is there: its names, and their records. */
export function settle(endpointId: string, world: World): void {
  const endpoint = world.store.get(endpointId)
  if (endpoint === undefined) return
  const before = records(at(endpoint, 'properties.customDnsConfigs'))
  const changed = { ...endpoint.properties, customDnsConfigs: configsOf(endpoint, before, world) }
  world.store.set({ ...endpoint, properties: changed })
  refreshRecords(endpoint.id, world)
}

interface Connection {
  readonly targetId: string
  readonly groupIds: readonly string[]
  readonly isManual: boolean
  readonly message: string
}

/** The connections that an endpoint has, or asks for. */
function connectionsOf(properties: Json): readonly Connection[] {
  return lists.flatMap((list) =>
    records(properties[list]).map((connection) => ({
      targetId: text(at(connection, 'properties.privateLinkServiceId')) ?? '',
      groupIds: texts(at(connection, 'properties.groupIds')),
      isManual: list === 'manualPrivateLinkServiceConnections',
      message: text(at(connection, 'properties.requestMessage')) ?? '',
    })),
  )
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
  checkInterfaceName(write, world)
  checkPlace(write, subnetId)
  if (write.existing === undefined && subnet !== undefined) checkCount(subnetId, world)
  addressesFor(write, addressesNeeded(properties, world), subnet, world)
}

/** An endpoint stays in its subnet. https://github.com/pulumi/pulumi-azure-native/issues/3883 */
function checkPlace({ address, existing }: Write, subnetId: string): void {
  const before = text(at(existing, 'properties.subnet.id'))
  if (before !== undefined && !sameId(before, subnetId))
    throw badRequest(
      'CannotChangeSubnetOnExistingPrivateEndpoint',
      `Cannot change the subnet of private endpoint ${address.id} from ${before} to ${subnetId}.`,
    )
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

function checkConnection({ targetId, groupIds }: Connection, world: World): void {
  checkGroups(targetId, groupIds)
  const target = world.store.get(targetId)
  const state = text(at(target, 'properties.provisioningState'))
  if (target !== undefined && state !== undefined && state !== 'Succeeded')
    throw badRequest(
      'AccountProvisioningStateInvalid',
      `Call to ${targetId} failed. Error message: Account ${targetId} in state ${state}`,
    )
}

function completed(connection: Json, list: string, endpointId: string): Json {
  const properties = record(connection['properties'])
  const isManual = list === 'manualPrivateLinkServiceConnections'
  const state = isManual ? pending(text(properties['requestMessage']) ?? '') : approved
  return {
    ...connection,
    id: `${endpointId}/${list}/${text(connection['name']) ?? ''}`,
    type: `${type}/${list}`,
    properties: { ...properties, provisioningState: 'Succeeded', privateLinkServiceConnectionState: state },
  }
}

/** Gives the endpoint its network interface and addresses, and reports it to its targets. */
function applyEndpoint(write: Write, endpoint: StoredResource, world: World): Json {
  const before = connectionsOf(record(write.existing?.properties))
  for (const { targetId, groupIds, isManual, message } of connectionsOf(record(endpoint.properties))) {
    const target = world.store.get(targetId)
    const wasConnected = before.some((other) => sameId(other.targetId, targetId))
    // One that lost its target, or its connection there, gets no other: https://github.com/hashicorp/terraform-provider-azurerm/issues/20776
    if (target !== undefined && !wasConnected)
      connect(target, endpoint, groupIds, isManual ? pending(message) : approved, world)
  }
  const count = addressesNeeded(record(endpoint.properties), world)
  const id = applyInterface(write, endpoint, count, world)
  const made = { ...endpoint, properties: { ...endpoint.properties, networkInterfaces: [{ id }] } }
  const names = records(at(write.existing, 'properties.customDnsConfigs'))
  return { networkInterfaces: [{ id }], customDnsConfigs: configsOf(made, names, world) }
}

/** Names of an endpoint, each with its address. Without approval it gets none, and keeps those that it had. */
function configsOf(endpoint: StoredResource, before: readonly Json[], world: World): readonly Json[] {
  const addresses = addressesOf(endpoint, world)
  const isApproved = connectionsOf(record(endpoint.properties)).every(
    ({ targetId }) => stateOf(targetId, endpoint, world).status === 'Approved',
  )
  if (!isApproved) return before
  const names = namesBehind(record(endpoint.properties), world)
  return names.map((name, index) => ({
    fqdn: `${name.record}.${name.suffix}`,
    ipAddresses: [addresses[addressOf(names, index)] ?? addresses[0]],
  }))
}

/** At least one, and more for targets of several names. */
function addressesNeeded(properties: Json, world: World): number {
  const names = namesBehind(properties, world)
  return Math.max(1, addressOf(names, names.length - 1) + 1)
}

function namesBehind(properties: Json, world: World): readonly PrivateName[] {
  return connectionsOf(properties).flatMap(({ targetId, groupIds }) => {
    const target = world.store.get(targetId)
    return target === undefined ? [] : groupIds.flatMap((group) => namesOf(target, group))
  })
}

/** Each connection as its target has it. */
function renderEndpoint(endpoint: StoredResource, world: World): StoredResource {
  if (world.store.get(endpoint.id) === undefined) return endpoint
  const shown = (connection: Json): Json => {
    const targetId = text(at(connection, 'properties.privateLinkServiceId')) ?? ''
    const privateLinkServiceConnectionState = stateOf(targetId, endpoint, world)
    return {
      ...connection,
      properties: { ...record(connection['properties']), privateLinkServiceConnectionState },
    }
  }
  const connections = lists.map((list) => [list, records(at(endpoint, `properties.${list}`)).map(shown)])
  return { ...endpoint, properties: { ...endpoint.properties, ...Object.fromEntries(connections) } }
}

function removeEndpoint(endpoint: StoredResource, world: World): void {
  for (const networkInterface of records(at(endpoint, 'properties.networkInterfaces')))
    world.store.delete(text(networkInterface['id']) ?? '')
  for (const { targetId } of connectionsOf(record(endpoint.properties))) disconnect(targetId, endpoint, world)
}
