import { UserError } from '../diagnostics/user-error.ts'
import { sameText } from '../resource-id.ts'
import { planSubnets } from './planner/planner.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import { type ActualNetwork, type AddressPool, ipv4Networks } from './vnet.ts'

/** The permission that allocating addresses from a pool takes. The role IPAM Pool User has it. */
export const poolAction = 'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action'

const documentation =
  'https://learn.microsoft.com/azure/virtual-network-manager/concept-ip-address-management'

/** The pools that allocated a VNet's IPv4 addresses, always in the same order. */
export const ipv4Pools = ({ pools = [] }: ActualNetwork): readonly AddressPool[] =>
  pools
    .filter(({ allocatedPrefixes }) => ipv4Networks(allocatedPrefixes).length > 0)
    .toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))

/**
 * The pool that is to allocate the missing subnets: the first that allocated IPv4 addresses to the VNet with enough free
 * for all of them, else the first; then Azure decides whether it has enough.
 * @throws UserError when no pool allocated the VNet's addresses
 */
export function choosePool(network: ActualNetwork, requests: readonly SubnetRequest<string>[]): AddressPool {
  const pools = ipv4Pools(network)
  const [first] = pools
  if (first === undefined) {
    const only6 = (network.pools ?? []).length > 0
    throw new UserError({
      what: `The ${only6 ? 'IPv4 addresses' : 'addresses'} of VNet '${network.name}' do not come from an IPAM pool of Azure Virtual Network Manager, so no pool can allocate its subnets.`,
      why: only6
        ? 'Its pools allocated only IPv6 addresses.'
        : "The input 'allocation' is 'pool', which lets the VNet's pool allocate the addresses.",
      fix: "Leave the input 'allocation' out to plan the addresses, or associate the VNet with a pool.",
      more: documentation,
    })
  }
  const missing = requests.flatMap((request) =>
    request.kind === 'own' && !network.subnets.some(({ name }) => sameText(name, request.name))
      ? [{ key: request.key, prefixLength: request.prefixLength }]
      : [],
  )
  const taken = network.subnets.flatMap(({ addressPrefixes }) => ipv4Networks(addressPrefixes))
  const sufficient = pools.find(
    ({ allocatedPrefixes }) =>
      planSubnets({ prefixes: ipv4Networks(allocatedPrefixes), taken, reserved: [], requests: missing })
        .kind === 'plan',
  )
  return sufficient ?? first
}

/** An identity that needs addresses of a pool, and whether it is allowed to: undefined when that is not known. */
export interface PoolAccess {
  readonly poolId: string
  /** Application (client) id. */
  readonly clientId: string
  readonly allowed: boolean | undefined
}

/** What to report about a VNet whose addresses a pool manages. */
export interface PoolFindings {
  readonly warnings: readonly string[]
  /** Why the identity cannot create subnets; absent when it can. */
  readonly refusal?: UserError
}

/**
 * What to report about a VNet whose addresses a pool manages, and whether the identity may create subnets in it.
 * @param accesses one for each pool that subnets are to be created under
 * @param pooled whether the pool allocates the addresses, or they are planned here
 */
export function poolFindings(
  network: ActualNetwork,
  accesses: readonly PoolAccess[],
  pooled: boolean,
): PoolFindings {
  const missing = accesses.filter(({ allowed }) => allowed === false)
  const unknown = accesses.filter(({ allowed }) => allowed === undefined)
  const refusal = refusalOf(network, missing)
  return {
    warnings: [
      ...(pooled ? [] : accesses.map(({ poolId }) => managedBy(network, poolId))),
      ...(refusal === undefined ? [] : [refusal.message]),
      ...unknown.map(
        ({ poolId, clientId }) =>
          `Could not check whether the identity ${clientId} may use the pool ${poolId}. It needs ${poolAction} on it.`,
      ),
    ],
    ...(refusal === undefined ? {} : { refusal }),
  }
}

const managedBy = ({ name }: ActualNetwork, poolId: string): string =>
  `The addresses of VNet '${name}' are managed by the pool ${poolId}. Creating subnets there needs ${poolAction} on it (role IPAM Pool User). With the input 'allocation' set to 'pool', the pool allocates the addresses.`

function refusalOf({ name }: ActualNetwork, [first]: readonly PoolAccess[]): UserError | undefined {
  if (first === undefined) return undefined
  const { poolId, clientId } = first
  return new UserError({
    what: `The identity ${clientId} may not create subnets in VNet '${name}'.`,
    why: `The addresses of the VNet come from the pool ${poolId}, and the identity lacks ${poolAction} on it.`,
    fix: `Assign it the role 'IPAM Pool User' on the pool: az role assignment create --assignee ${clientId} --role "IPAM Pool User" --scope ${poolId}`,
    more: documentation,
  })
}
