import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { refuseInUse, usesOf } from './subnet-associations.ts'

const network = 'Microsoft.Network'
const gatewayType = `${network}/natGateways`

/** Types whose configurations can have a public address, with the list that holds these. */
const lists: Readonly<Record<string, string>> = {
  [`${network}/networkInterfaces`]: 'ipConfigurations',
  [`${network}/bastionHosts`]: 'ipConfigurations',
  [`${network}/virtualNetworkGateways`]: 'ipConfigurations',
  [`${network}/azureFirewalls`]: 'ipConfigurations',
  [`${network}/loadBalancers`]: 'frontendIPConfigurations',
  [`${network}/applicationGateways`]: 'frontendIPConfigurations',
}

/** Microsoft.Network/publicIPAddresses and natGateways. https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses */
export const publicAddressRules: readonly ResourceRules[] = [
  {
    type: `${network}/publicIPAddresses`,
    location: 'required',
    fixed: ['properties.publicIPAddressVersion'],
    check: checkSku,
    complete: ({ properties, address }) => ({
      publicIPAddressVersion: 'IPv4',
      idleTimeoutInMinutes: 4,
      ipTags: [],
      ...properties,
      ipAddress: addressFor(address.id),
      resourceGuid: guidOf(address.id),
    }),
    render: (address, world) => {
      const gateway = gatewayOf(address.id, world)
      const configuration = configurationOf(address.id, world)
      const shown = {
        ...(configuration === undefined ? {} : { ipConfiguration: { id: configuration } }),
        ...(gateway === undefined ? {} : { natGateway: { id: gateway.id } }),
      }
      return { ...address, properties: { ...address.properties, ...shown } }
    },
    checkRemoval: (address, world) => {
      const holder = configurationOf(address.id, world) ?? gatewayOf(address.id, world)?.id
      if (holder !== undefined)
        throw badRequest(
          'PublicIPAddressCannotBeDeleted',
          `Public IP address ${address.id} can not be deleted since it is still allocated to resource ${holder}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
        )
    },
  },
  {
    type: gatewayType,
    location: 'required',
    required: ['sku.name'],
    check: checkAddresses,
    complete: ({ properties, address }) => ({
      idleTimeoutInMinutes: 4,
      ...properties,
      resourceGuid: guidOf(address.id),
    }),
    render: (gateway, world) => ({
      ...gateway,
      properties: { ...gateway.properties, ...usesOf('natGateway', gateway, world) },
    }),
    checkRemoval: (gateway, world) =>
      refuseInUse('natGateway', 'InUseNatGatewayCannotBeDeleted', gateway, world),
  },
]

/** Addresses of the SKU Basic, the default, are retired; those of Standard do not change. */
function checkSku({ body, properties, address, existing }: Write): void {
  const sku = text(at(body, 'sku.name')) ?? text(at(existing, 'sku.name')) ?? 'Basic'
  if (sku.toLowerCase() === 'basic')
    throw badRequest(
      'IPv4BasicSkuPublicIpCountLimitReached',
      'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
    )
  if (text(properties['publicIPAllocationMethod'])?.toLowerCase() !== 'static')
    throw badRequest(
      'StandardSkuPublicIPAddressesMustBeStatic',
      `Standard sku publicIp ${address.id} must have AllocationMethod set to Static.`,
    )
}

/** An address serves one resource. */
function checkAddresses({ properties, address }: Write, world: World): void {
  for (const { id } of records(properties['publicIpAddresses'])) {
    const own = text(id) ?? ''
    const other = gatewayOf(own, world)?.id
    const holder = configurationOf(own, world) ?? (sameId(other, address.id) ? undefined : other)
    if (holder !== undefined)
      throw badRequest(
        'PublicIPAddressInUse',
        `Resource ${address.id} is referencing public IP address ${own} that is already allocated to resource ${holder}.`,
      )
  }
}

function gatewayOf(addressId: string, world: World): StoredResource | undefined {
  return world.store
    .ofType(gatewayType)
    .find((gateway) =>
      records(at(gateway, 'properties.publicIpAddresses')).some(({ id }) => sameId(text(id), addressId)),
    )
}

/** The configuration that has an address, by its id. */
function configurationOf(addressId: string, world: World): string | undefined {
  for (const [type, list] of Object.entries(lists))
    for (const holder of world.store.ofType(type)) {
      const found = records(at(holder, `properties.${list}`)).find((configuration: Json) =>
        sameId(text(at(configuration, 'properties.publicIPAddress.id')), addressId),
      )
      if (found !== undefined) return `${holder.id}/${list}/${text(found['name']) ?? ''}`
    }
  return undefined
}

/** Always the same for an id; of 20.0.0.0/8, which is Azure's. */
function addressFor(id: string): string {
  const [a = 0, b = 0, c = 0] = Buffer.from(guidOf(id).slice(0, 6), 'hex')
  return `20.${a}.${b}.${c}`
}
