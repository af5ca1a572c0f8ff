import { z } from 'zod'
import { parseNetwork } from '../cidr.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment, parseResourceId } from '../resource-id.ts'

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
  readonly attachments: {
    /** The pools it has its addresses from, and how many of each. */
    readonly addressPools?: readonly { readonly id: string; readonly numberOfIpAddresses: string }[]
  }
  readonly occupants: readonly SubnetOccupant[]
  /** All its properties, as Azure has them. */
  readonly properties: JsonObject
}

/** A pool of Azure Virtual Network Manager that allocated addresses, and which. */
export interface PoolAllocation {
  /** Resource id of the pool. */
  readonly id: string
  /** CIDRs. */
  readonly allocatedPrefixes: readonly string[]
}

const listOf = <T>(item: z.ZodType<T>) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])

const reference = z.object({ id: z.string().optional() }).nullish()
const references = listOf(z.object({ id: z.string().optional() }))
const network = z.string().refine((text) => parseNetwork(text).kind !== 'fault', 'is not a network')

/** A list of CIDRs, which Azure may leave out. */
export const networks = listOf(network)

/** The pools behind an address space or a subnet. */
export const allocations = listOf(
  z.object({
    pool: z
      .object({
        id: z
          .string()
          .refine((id) => parseResourceId(id) !== undefined, 'is not the id of a resource')
          .optional(),
      })
      .nullish(),
    allocatedAddressPrefixes: networks,
    numberOfIpAddresses: z.string().nullish(),
  }),
)

const links = listOf(
  z.object({
    properties: z.object({ link: z.string().nullish(), linkedResourceType: z.string().nullish() }).nullish(),
    name: z.string().nullish(),
  }),
)

/** A subnet, as far as it is read here. https://learn.microsoft.com/rest/api/virtualnetwork/subnets/get */
export const subnetSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.preprocess(
    (all) => (isJsonObject(all) ? { ...all, all } : all),
    z.object({
      addressPrefix: network.nullish(),
      addressPrefixes: networks,
      delegations: listOf(
        z.object({ properties: z.object({ serviceName: z.string().optional() }).nullish() }),
      ),
      networkSecurityGroup: reference,
      ipamPoolPrefixAllocations: allocations,
      privateEndpoints: references,
      ipConfigurations: references,
      serviceAssociationLinks: links,
      resourceNavigationLinks: links,
      /** Those that are not read here included. */
      all: z.custom<JsonObject>(isJsonObject),
    }),
  ),
})

type SubnetProperties = z.infer<typeof subnetSchema>['properties']

/** A subnet out of an answer. */
export function existingSubnet({ id, name, properties }: z.infer<typeof subnetSchema>): ExistingSubnet {
  // Azure fills one or the other, depending on which client wrote the subnet.
  const { addressPrefix, addressPrefixes, delegations, networkSecurityGroup } = properties
  const single = addressPrefix ? [addressPrefix] : []
  return {
    id,
    name,
    addressPrefixes: addressPrefixes.length > 0 ? addressPrefixes : single,
    delegations: delegations.flatMap((delegation) => delegation.properties?.serviceName ?? []),
    networkSecurityGroupId: networkSecurityGroup?.id,
    attachments: poolShares(properties),
    occupants: occupantsOf(properties),
    properties: properties.all,
  }
}

/** The pools that allocated addresses. */
export const poolAllocations = (list: z.infer<typeof allocations>): readonly PoolAllocation[] =>
  list.flatMap(({ pool, allocatedAddressPrefixes }) =>
    pool?.id === undefined ? [] : [{ id: pool.id, allocatedPrefixes: allocatedAddressPrefixes }],
  )

function poolShares({ ipamPoolPrefixAllocations }: SubnetProperties) {
  const shares = ipamPoolPrefixAllocations.flatMap(({ pool, numberOfIpAddresses }) =>
    pool?.id && numberOfIpAddresses ? [{ id: pool.id, numberOfIpAddresses }] : [],
  )
  return shares.length === 0 ? {} : { addressPools: shares }
}

function occupantsOf(properties: SubnetProperties): readonly SubnetOccupant[] {
  const endpoints = properties.privateEndpoints.flatMap(({ id }) => id ?? [])
  const interfaces = properties.ipConfigurations.flatMap(
    ({ id }) => id?.split(/\/ipConfigurations\//i)[0] ?? [],
  )
  const services = [...properties.serviceAssociationLinks, ...properties.resourceNavigationLinks].map(
    // The link of Container Apps is a path made of the subnet's own, which names nothing: the type says who it is.
    (link) =>
      link.properties?.linkedResourceType ??
      link.properties?.link ??
      link.name ??
      'a service that does not say its name',
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
