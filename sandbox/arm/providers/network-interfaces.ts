import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, record, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { freeAddresses, interfaceType, placeIn, takenIn } from './addresses.ts'
import { prefixesOf } from './prefixes.ts'

/** Microsoft.Network/networkInterfaces: they take addresses of their subnets. Those of private endpoints are made with these. */
export const networkInterfaceRules: readonly ResourceRules[] = [
  {
    type: interfaceType,
    location: 'required',
    required: ['properties.ipConfigurations'],
    check: checkInterface,
    complete: (write, world) => ({
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      ...write.properties,
      ipConfigurations: addressed(write, world),
      resourceGuid: guidOf(write.address.id),
      nicType: 'Standard',
    }),
    checkRemoval: (networkInterface) => {
      const user = ['virtualMachine', 'privateEndpoint'].find(
        (key) => at(networkInterface, `properties.${key}.id`) !== undefined,
      )
      if (user !== undefined)
        throw badRequest(
          'NicInUse',
          `Network Interface ${networkInterface.id} is used by existing resource ${text(at(networkInterface, `properties.${user}.id`)) ?? ''}. In order to delete the network interface, it must be dissociated from the resource.`,
        )
    },
  },
]

function checkInterface(write: Write, world: World): void {
  const configurations = records(write.properties['ipConfigurations'])
  if (configurations.length === 0)
    throw badRequest(
      'NetworkInterfaceMustHaveAtLeastOneIpConfiguration',
      `Network interface ${write.address.id} must have at least one IP configuration.`,
    )
  for (const configuration of configurations) {
    const subnet = world.store.get(text(at(configuration, 'properties.subnet.id')) ?? '')
    if (subnet !== undefined) checkAddress(configuration, subnet, write, world)
  }
}

/** An address that is asked for by itself lies in the subnet, is not Azure's, and nobody else's. */
function checkAddress(configuration: Json, subnet: StoredResource, write: Write, world: World): void {
  const properties = record(configuration['properties'])
  const address = text(properties['privateIPAddress'])
  const id = `${write.address.id}/ipConfigurations/${text(configuration['name']) ?? ''}`
  if (!isStatic(properties)) return
  if (address === undefined)
    throw badRequest(
      'PrivateIPAddressMissing',
      `Private IP address is required when privateIPAllocationMethod is Static in IP configuration ${id}.`,
    )
  const prefix = prefixesOf(record(subnet.properties)).join(', ')
  const place = placeIn(subnet, address)
  if (place === 'outside')
    throw badRequest(
      'PrivateIPAddressNotInSubnet',
      `Private static IP address ${address} does not belong to the range of subnet prefix ${prefix}.`,
    )
  if (place === 'reserved')
    throw badRequest(
      'PrivateIPAddressInReservedRange',
      `Private static IP address ${address} falls within reserved IP range of subnet prefix ${prefix}.`,
    )
  const holder = takenIn(subnet.id, world).get(address)
  if (holder !== undefined && !sameId(holder, write.address.id))
    throw badRequest(
      'PrivateIPAddressIsAllocated',
      `IP configuration ${id} is using the private IP address ${address} which is already allocated to resource ${holder}.`,
    )
}

const isStatic = (properties: Json): boolean =>
  text(properties['privateIPAllocationMethod'])?.toLowerCase() === 'static'

/** The configurations, each with its address: the one it asks for, the one it has, or the next that is free. */
function addressed(write: Write, world: World): readonly Json[] {
  const before = records(at(write.existing, 'properties.ipConfigurations'))
  const given = new Set<string>()
  return records(write.properties['ipConfigurations']).map((configuration, index) => {
    const name = text(configuration['name']) ?? ''
    const properties = record(configuration['properties'])
    const subnet = world.store.get(text(at(properties, 'subnet.id')) ?? '')
    const old = before.find((other) => sameId(text(other['name']), name))
    const privateIPAddress = addressFor(properties, old, subnet, given, world)
    if (privateIPAddress !== undefined) given.add(privateIPAddress)
    return {
      name,
      id: `${write.address.id}/ipConfigurations/${name}`,
      type: `${interfaceType}/ipConfigurations`,
      properties: {
        primary: index === 0,
        privateIPAddressVersion: 'IPv4',
        privateIPAllocationMethod: 'Dynamic',
        ...properties,
        ...(privateIPAddress === undefined ? {} : { privateIPAddress }),
        provisioningState: 'Succeeded',
      },
    }
  })
}

function addressFor(
  properties: Json,
  old: Json | undefined,
  subnet: StoredResource | undefined,
  given: ReadonlySet<string>,
  world: World,
): string | undefined {
  if (isStatic(properties)) return text(properties['privateIPAddress'])
  const stays = sameId(text(at(old, 'properties.subnet.id')), subnet?.id)
  const kept = stays ? text(at(old, 'properties.privateIPAddress')) : undefined
  if (kept !== undefined || subnet === undefined) return kept
  return freeAddresses(subnet, 1, given, world)[0]
}
