import { UserError } from '../diagnostics/user-error.ts'
import { sameText } from '../resource-id.ts'
import { planSubnets } from './planner/planner.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import { type ActualNetwork, type AddressPool, ipv4Networks } from './vnet.ts'

/** What somebody needs on a pool to have addresses of it. The role IPAM Pool User holds it. */
export const poolAction = 'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action'

const documentation =
  'https://learn.microsoft.com/azure/virtual-network-manager/concept-ip-address-management'

/** The pools that gave a VNet its IPv4 addresses, always in the same order. */
export const ipv4Pools = ({ pools = [] }: ActualNetwork): readonly AddressPool[] =>
  pools
    .filter(({ allocatedPrefixes }) => ipv4Networks(allocatedPrefixes).length > 0)
    .toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))

/**
 * The pool that the missing subnets are to have their addresses from: the first that gave the VNet IPv4 addresses and has
 * room for all of them, else the first. Whether there is room is up to Azure then.
 * @throws UserError when the VNet has its addresses from no pool
 */
export function choosePool(network: ActualNetwork, requests: readonly SubnetRequest<string>[]): AddressPool {
  const pools = ipv4Pools(network)
  const [first] = pools
  if (first === undefined) {
    const only6 = (network.pools ?? []).length > 0
    throw new UserError({
      what: `VNet '${network.name}' has its ${only6 ? 'IPv4 addresses' : 'addresses'} from no pool of Azure Virtual Network Manager, so that none can choose those of subnets.`,
      why: only6
        ? 'The pools behind it gave it IPv6 addresses only.'
        : "The input 'allocation' is 'pool', which asks the pool behind the VNet for addresses.",
      fix: "Leave the input 'allocation' out to have addresses planned, or associate the VNet with a pool.",
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

/** Who asks a pool for addresses, and whether it may: undefined when that could not be found out. */
export interface PoolAccess {
  readonly poolId: string
  /** Application (client) id. */
  readonly clientId: string
  readonly allowed: boolean | undefined
}

/** What to tell when a VNet is under a pool, and what to do when the identity may not use it. */
export interface PoolFindings {
  readonly warnings: readonly string[]
  /** Why subnets cannot be created; absent when they can. */
  readonly refusal?: UserError
}

/**
 * What a reader has to know of a VNet whose addresses a pool manages.
 * @param accesses one for each pool that subnets are to be created under
 * @param asked whether the pool is asked for addresses, or a planner chooses them beside it
 */
export function poolFindings(
  network: ActualNetwork,
  accesses: readonly PoolAccess[],
  asked: boolean,
): PoolFindings {
  const missing = accesses.filter(({ allowed }) => allowed === false)
  const unknown = accesses.filter(({ allowed }) => allowed === undefined)
  const refusal = refusalOf(network, missing)
  return {
    warnings: [
      ...(asked ? [] : accesses.map(({ poolId }) => managedBy(network, poolId))),
      ...(refusal === undefined ? [] : [refusal.message]),
      ...unknown.map(
        ({ poolId, clientId }) =>
          `It cannot be seen whether the identity ${clientId} may use the pool ${poolId}: it needs ${poolAction} on it.`,
      ),
    ],
    ...(refusal === undefined ? {} : { refusal }),
  }
}

const managedBy = ({ name }: ActualNetwork, poolId: string): string =>
  `The addresses of VNet '${name}' are managed by the pool ${poolId}. Creating subnets there needs ${poolAction} on it (role IPAM Pool User). With the input 'allocation' set to 'pool', the pool chooses the addresses.`

function refusalOf({ name }: ActualNetwork, [first]: readonly PoolAccess[]): UserError | undefined {
  if (first === undefined) return undefined
  const { poolId, clientId } = first
  return new UserError({
    what: `The identity ${clientId} may not create subnets in VNet '${name}'.`,
    why: `The addresses of the VNet come from the pool ${poolId}, and the identity lacks ${poolAction} on it.`,
    fix: `Whoever runs the pool gives it the role 'IPAM Pool User' there: az role assignment create --assignee ${clientId} --role "IPAM Pool User" --scope ${poolId}`,
    more: documentation,
  })
}
