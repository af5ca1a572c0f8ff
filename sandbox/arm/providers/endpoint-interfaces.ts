import type { StoredResource } from '../../contracts.ts'
import { lastSegment, sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, records, text } from '../json.ts'
import type { World, Write } from '../rules.ts'
import { freeAddresses, interfaceType } from './addresses.ts'

type Endpoint = Pick<StoredResource, 'id' | 'name'>

/** The network interface that an endpoint has already, by its id. */
const ownId = (endpoint: unknown): string | undefined =>
  text(records(at(endpoint, 'properties.networkInterfaces'))[0]?.['id'])

const groupOf = ({ id }: Endpoint): string => id.slice(0, id.toLowerCase().indexOf('/providers/'))
const idOf = (endpoint: Endpoint, name: string): string =>
  `${groupOf(endpoint)}/providers/${interfaceType}/${name}`
const defaultName = ({ id, name }: Endpoint): string => `${name}.nic.${guidOf(id)}`
const askedName = ({ properties }: Write): string | undefined =>
  text(properties['customNetworkInterfaceName']) || undefined

/**
 * An interface is named when its endpoint is made, and never afterwards: a PUT that leaves the name out asks for another.
 * https://learn.microsoft.com/azure/private-link/manage-private-endpoint#network-interface-rename,
 * https://github.com/Azure/bicep/issues/14470
 * @throws ArmError
 */
export function checkInterfaceName(write: Write, world: World): void {
  const { address, existing } = write
  const asked = askedName(write)
  const own = ownId(existing)
  if (own === undefined) {
    if (asked === undefined || world.store.get(idOf(address, asked)) === undefined) return
    throw badRequest(
      'PrivateEndpointCustomNicNameAlreadyExists',
      `Private Endpoint ${address.id} contains custom NIC name ${asked} which already exists.`,
    )
  }
  const name = lastSegment(own)
  if (sameId(asked ?? defaultName(address), name)) return
  throw badRequest(
    'NameOfExistingPrivateEndpointNicCannotBeChanged',
    `Private Endpoint ${address.id} contains existing NIC name ${name} which does not match request's custom network interface name ${asked ?? ''}. Updating the name of existing nic not allowed.`,
  )
}

/** Addresses of the interface of an endpoint, in the order of its names. */
export function addressesOf(endpoint: unknown, world: World): readonly string[] {
  return records(at(world.store.get(ownId(endpoint) ?? ''), 'properties.ipConfigurations')).flatMap(
    (configuration) => text(at(configuration, 'properties.privateIPAddress')) ?? [],
  )
}

/** The addresses that an endpoint keeps, and those of its subnet that it gets besides. @throws ArmError `SubnetIsFull` */
export function addressesFor(
  write: Write,
  count: number,
  subnet: StoredResource | undefined,
  world: World,
): readonly string[] {
  const kept = addressesOf(write.existing, world).slice(0, count)
  if (subnet === undefined) return kept
  return [...kept, ...freeAddresses(subnet, count - kept.length, new Set(kept), world)]
}

/** Gives an endpoint its interface, or that which it has the addresses that it needs now. Returns its id. */
export function applyInterface(write: Write, endpoint: StoredResource, count: number, world: World): string {
  const subnet = world.store.get(text(at(write.properties, 'subnet.id')) ?? '')
  const id = ownId(write.existing) ?? idOf(endpoint, askedName(write) ?? defaultName(endpoint))
  const configurations = addressesFor(write, count, subnet, world).map((privateIPAddress, index) => ({
    name: `privateEndpointIpConfig.${index + 1}`,
    properties: { privateIPAddress, privateIPAllocationMethod: 'Dynamic', subnet: { id: subnet?.id } },
  }))
  world.store.set({
    id,
    name: lastSegment(id),
    type: interfaceType,
    ...(endpoint.location === undefined ? {} : { location: endpoint.location }),
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpoint.id },
      ipConfigurations: configurations,
    },
  })
  return id
}
