import type { IpamPoolPrefixAllocation, Subnet } from '@azure/arm-network'
import { lastSegment } from '../resource-id.ts'

/** Something in a subnet that keeps it from being deleted or resized. */
export interface SubnetOccupant {
  readonly kind: 'private endpoint' | 'network interface' | 'service'
  /** Resource id; the type of its service, e.g. `Microsoft.App/environments`, where Azure hides the resource. */
  readonly id: string
}

/** A subnet as it is in Azure. */
export interface ExistingSubnet {
  readonly id: string
  readonly name: string
  /** IPv4 and IPv6 CIDRs. */
  readonly addressPrefixes: readonly string[]
  /** Service names of the delegations, e.g. `Microsoft.App/environments`. */
  readonly delegations: readonly string[]
  readonly networkSecurityGroupId: string | undefined
  /** What else is attached to it, by id. */
  readonly attachments: {
    readonly routeTable?: { readonly id: string }
    readonly natGateway?: { readonly id: string }
    /** The pools it has its addresses from, and how many of each. */
    readonly addressPools?: readonly { readonly id: string; readonly numberOfIpAddresses: string }[]
  }
  readonly occupants: readonly SubnetOccupant[]
}

/** A pool of Azure Virtual Network Manager that gave addresses, and those it gave. */
export interface PoolAllocation {
  /** Resource id of the pool. */
  readonly id: string
  /** CIDRs. */
  readonly allocatedPrefixes: readonly string[]
}

/** A subnet of Microsoft's client. */
export function existingSubnet(subnet: Subnet): ExistingSubnet {
  // Azure fills one or the other, depending on which client wrote the subnet.
  const addressPrefixes = subnet.addressPrefixes ?? []
  const single = subnet.addressPrefix ?? ''
  return {
    id: subnet.id ?? '',
    name: subnet.name ?? '',
    addressPrefixes: addressPrefixes.length > 0 || single === '' ? addressPrefixes : [single],
    delegations: (subnet.delegations ?? []).flatMap(({ serviceName }) => serviceName ?? []),
    networkSecurityGroupId: subnet.networkSecurityGroup?.id,
    attachments: {
      ...attached('routeTable', subnet),
      ...attached('natGateway', subnet),
      ...poolShares(subnet),
    },
    occupants: occupantsOf(subnet),
  }
}

/** The pools behind an address space or a subnet. */
export const poolAllocations = (
  allocations: readonly IpamPoolPrefixAllocation[] | undefined,
): readonly PoolAllocation[] =>
  (allocations ?? []).flatMap(({ id, allocatedAddressPrefixes }) =>
    id === undefined ? [] : [{ id, allocatedPrefixes: allocatedAddressPrefixes ?? [] }],
  )

const attached = (kind: 'routeTable' | 'natGateway', subnet: Subnet) => {
  const id = subnet[kind]?.id
  return id === undefined ? {} : { [kind]: { id } }
}

function poolShares({ ipamPoolPrefixAllocations }: Subnet) {
  const shares = (ipamPoolPrefixAllocations ?? []).flatMap(({ id, numberOfIpAddresses }) =>
    id === undefined || numberOfIpAddresses === undefined ? [] : [{ id, numberOfIpAddresses }],
  )
  return shares.length === 0 ? {} : { addressPools: shares }
}

function occupantsOf(subnet: Subnet): readonly SubnetOccupant[] {
  const endpoints = (subnet.privateEndpoints ?? []).flatMap(({ id }) => id ?? [])
  const interfaces = (subnet.ipConfigurations ?? []).flatMap(
    ({ id }) => id?.split(/\/ipConfigurations\//i)[0] ?? [],
  )
  const services = [...(subnet.serviceAssociationLinks ?? []), ...(subnet.resourceNavigationLinks ?? [])].map(
    // The link of Container Apps is a path made of the subnet's own, which tells nothing: the type says who it is.
    ({ link, linkedResourceType, name }) =>
      linkedResourceType ?? link ?? name ?? 'a service that does not say its name',
  )
  return [
    ...distinct(endpoints).map((id) => ({ kind: 'private endpoint', id }) as const),
    ...distinct(interfaces)
      .filter((id) => !endpoints.some((endpoint) => isInterfaceOf(endpoint, id)))
      .map((id) => ({ kind: 'network interface', id }) as const),
    ...distinct(services).map((id) => ({ kind: 'service', id }) as const),
  ]
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)]

/** The interface of a private endpoint is called after it, unless somebody named it: `<endpoint>.nic.<guid>`. */
const isInterfaceOf = (endpoint: string, networkInterface: string): boolean => {
  const [name = '', other = ''] = [endpoint, networkInterface].map((id) => lastSegment(id).toLowerCase())
  return other === `${name}-nic` || other.startsWith(`${name}.nic.`)
}
