import { z } from 'zod'
import { parseNetwork } from '../cidr.ts'
import { parseResourceId } from '../resource-id.ts'

const reference = z.object({ id: z.string().optional() }).nullish()
const references = z.array(z.object({ id: z.string().optional() })).nullish()
const network = z.string().refine((text) => parseNetwork(text).kind !== 'fault', 'is not a network')
const networks = z.array(network).nullish()

const allocations = z
  .array(
    z.object({
      id: z
        .string()
        .refine((id) => parseResourceId(id) !== undefined, 'is not the id of a resource')
        .optional(),
      allocatedAddressPrefixes: networks,
      numberOfIpAddresses: z.string().optional(),
    }),
  )
  .nullish()

const link = z.object({
  link: z.string().nullish(),
  linkedResourceType: z.string().nullish(),
  name: z.string().nullish(),
})

const subnet = z.object({
  id: z.string(),
  name: z.string(),
  addressPrefix: network.nullish(),
  addressPrefixes: networks,
  delegations: z.array(z.object({ serviceName: z.string().optional() })).nullish(),
  networkSecurityGroup: reference,
  routeTable: reference,
  natGateway: reference,
  ipamPoolPrefixAllocations: allocations,
  privateEndpoints: references,
  ipConfigurations: references,
  serviceAssociationLinks: z.array(link).nullish(),
  resourceNavigationLinks: z.array(link).nullish(),
})

const space = z.object({ addressPrefixes: networks }).nullish()

const peering = z.object({
  name: z.string().nullish(),
  peeringState: z.string().nullish(),
  remoteVirtualNetwork: reference,
  remoteVirtualNetworkAddressSpace: space,
  remoteAddressSpace: space,
})

const answer = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  addressSpace: z.object({ addressPrefixes: networks, ipamPoolPrefixAllocations: allocations }),
  subnets: z.array(subnet).nullish(),
  virtualNetworkPeerings: z.array(peering).nullish(),
  privateEndpointVNetPolicies: z.string().nullish(),
})

/**
 * Makes sure that a VNet is one, as far as it is read here: Microsoft's client takes any answer for one, and one of a
 * proxy would look like a VNet without addresses. https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get
 * @throws ZodError that names the place
 */
export function checkNetwork(network: unknown): void {
  answer.parse(network)
}
