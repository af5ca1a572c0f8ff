import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { type Cidr, formatCidr, sizeOf } from '../cidr.ts'
import type { Change, Plan, PropertyChange } from '../plan/model.ts'
import { sameText } from '../resource-id.ts'
import type { Environment } from '../vocabulary.ts'
import {
  type AddressConstraints,
  addressWarnings,
  blockedRanges,
  fullyBlockedError,
  misplacedWarnings,
} from './blocked-ranges.ts'
import { type Existing, findExisting, type ProjectLocation, type RemoteSubnet } from './existing-subnets.ts'
import { type PlanRequest, rangesOf } from './planner/placement.ts'
import { planSubnets, type Shortage } from './planner/planner.ts'
import type { OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'
import { shortageError } from './shortage.ts'
import { avoidedWarnings, smallWarnings } from './subnet-checks.ts'
import type { ExistingOwn } from './subnet-updates.ts'
import { type ActualNetwork, ipv4Networks } from './vnet.ts'

/** The requested subnets, and the VNet to allocate them in. */
export interface AllocationProblem<Key extends string> {
  readonly network: ActualNetwork
  /** Ranges in which no subnet may be placed. */
  readonly reserved: readonly Cidr[]
  readonly requests: readonly SubnetRequest<Key>[]
  /** Bring-your-own subnets of other VNets, as they were read. */
  readonly byo?: readonly RemoteSubnet[]
  /** Absent when there is no project. */
  readonly home?: ProjectLocation
  /** Resource id of the pool that is to allocate the addresses; absent when they are planned here. */
  readonly poolId?: string
  readonly project?: string
  readonly environment?: Environment
}

/** A subnet that has an address range and does not exist yet. */
export interface PlannedSubnet<Key extends string> {
  readonly key: Key
  readonly name: string
  readonly cidr: Cidr
  /** Service name, or empty. */
  readonly delegation: string
}

/** A subnet that does not exist yet, and gets its range from a pool of Azure Virtual Network Manager on creation. */
export interface PooledSubnet<Key extends string> {
  readonly key: Key
  readonly name: string
  /** Service name, or empty. */
  readonly delegation: string
  /** Resource id of the pool. */
  readonly poolId: string
  /** A power of two. */
  readonly addresses: number
}

/** Every subnet of the project with its range: those that exist keep theirs, the missing ones get one. */
export interface Allocation<Key extends string> {
  readonly kind: 'allocation'
  /** In the order of the requests. The `addressPrefix` of those that a pool allocates is empty until then. */
  readonly subnets: Readonly<Partial<Record<Key, AssignedSubnet>>>
  /** Those to create, the largest first. */
  readonly planned: readonly PlannedSubnet<Key>[]
  /** Those to create that have no range yet. Empty unless a pool was named; then `planned` is. */
  readonly pooled: readonly PooledSubnet<Key>[]
  /** The project's own subnets that exist, and what becomes of each. */
  readonly existing: readonly ExistingOwn[]
  /** Why each of those to create has its size: sentences. */
  readonly sizeReasons: Readonly<Partial<Record<Key, string>>>
  readonly plan: Plan
}

/** The missing subnets do not all fit, so none is allocated. */
export interface AllocationShortage<Key extends string> {
  readonly kind: 'shortage'
  readonly shortage: Shortage<Key>
}

/** The requested subnets, and what constrains their addresses. */
export interface ConstrainedProblem<Key extends string> extends Omit<AllocationProblem<Key>, 'reserved'> {
  readonly constraints: AddressConstraints
}

/**
 * Allocates every requested subnet within the constraints; those that exist keep their range. The plan also warns of
 * problems with the VNet's addresses. Pure: reads nothing, changes nothing.
 * @throws UserError when they do not all fit, or one that exists cannot be used
 */
export function allocate<Key extends string>({
  constraints,
  ...problem
}: ConstrainedProblem<Key>): Allocation<Key> {
  const { network, requests, home } = problem
  const blocked = blockedRanges(network, constraints)
  const found = allocateSubnets({ ...problem, reserved: blocked.map(({ cidr }) => cidr) })
  if (found.kind === 'shortage') {
    const { id, key } = home?.factoryNetwork ?? {}
    const prefixKey = id !== undefined && sameText(id, network.id) ? key : undefined
    throw fullyBlockedError(network, blocked) ?? shortageError(found.shortage, network, requests, prefixKey)
  }
  const existing = Object.values<AssignedSubnet | undefined>(found.subnets).flatMap((subnet) =>
    subnet?.state === 'existing' ? [subnet] : [],
  )
  const warnings = [
    ...addressWarnings(network, constraints),
    ...misplacedWarnings(existing, blocked),
    ...found.plan.warnings,
  ]
  return { ...found, plan: { ...found.plan, warnings } }
}

/** The missing subnets with their ranges. */
type Placed<Key extends string> = Pick<Allocation<Key>, 'planned' | 'pooled'>

/**
 * Allocates address ranges to the subnets of a project that do not exist yet. Pure: reads nothing, changes nothing.
 * @throws UserError when an existing subnet cannot serve its purpose, with every fault of every subnet
 */
export function allocateSubnets<Key extends string>(
  search: AllocationProblem<Key>,
): Allocation<Key> | AllocationShortage<Key> {
  const existing = findExisting(search)
  const { network, poolId } = search
  const { missing } = existing
  const prefixes = ipv4Networks(network.addressPrefixes)
  if (poolId !== undefined) {
    const pooled = missing.map(
      ({ key, name, delegation, prefixLength }): PooledSubnet<Key> => ({
        key,
        name,
        delegation,
        poolId,
        addresses: sizeOf(prefixLength),
      }),
    )
    return allocation(search, existing, { planned: [], pooled })
  }
  const outcome = planSubnets({
    prefixes,
    taken: network.subnets.flatMap(({ addressPrefixes }) => ipv4Networks(addressPrefixes)),
    inUse: network.subnets.flatMap(({ occupants = [], addressPrefixes }) =>
      occupants.length === 0 ? [] : ipv4Networks(addressPrefixes),
    ),
    reserved: search.reserved,
    requests: missing.map((request) => planRequest(request, prefixes)),
  })
  if (outcome.kind === 'shortage') return { kind: 'shortage', shortage: outcome }
  const planned = outcome.subnets.flatMap((place) =>
    missing
      .filter(({ key }) => key === place.key)
      .map(({ key, name, delegation }) => ({ key, name, cidr: place.cidr, delegation })),
  )
  return allocation(search, existing, { planned, pooled: [] })
}

/** What the planner needs to know of a request: where its service does not work, and where it should not be. */
function planRequest<Key extends string>(
  { key, prefixLength, smallestPrefixLength, isFixed, rule }: OwnSubnetRequest<Key>,
  prefixes: readonly Cidr[],
): PlanRequest<Key> {
  const smallest = isFixed ? prefixLength : smallestPrefixLength
  return {
    key,
    prefixLength,
    ...(smallest === undefined ? {} : { smallestPrefixLength: smallest }),
    ...rangesOf(rule, prefixes),
  }
}

/** The existing and the new subnets together, in the order of the requests. */
function allocation<Key extends string>(
  search: AllocationProblem<Key>,
  { found, missing, warnings }: Existing<Key>,
  { planned, pooled }: Placed<Key>,
): Allocation<Key> {
  const { network, requests, project, environment } = search
  const owned = found.flatMap(({ own }) => own ?? [])
  const subnets: Partial<Record<Key, AssignedSubnet>> = {}
  const sizeReasons: Partial<Record<Key, string>> = {}
  const places = new Map<Key, AssignedSubnet>([
    ...found.map(({ key, subnet }) => [key, subnet] as const),
    ...planned.map((subnet) => [subnet.key, assignedHere(subnet, network)] as const),
    ...pooled.map((subnet) => [subnet.key, assignedByPool(subnet, network)] as const),
  ])
  for (const { key } of requests) {
    const subnet = places.get(key)
    if (subnet !== undefined) subnets[key] = subnet
  }
  for (const request of missing) {
    const reason = whySize(request)
    if (reason !== undefined) sizeReasons[request.key] = reason
  }
  const plan: Plan = {
    version: 1,
    action: 'ip-calc',
    ...(project === undefined ? {} : { project }),
    ...(environment === undefined ? {} : { environment }),
    changes: Object.values<AssignedSubnet | undefined>(subnets).flatMap((subnet) =>
      subnet === undefined ? [] : [changeOf(subnet, network, { existing: owned, missing })],
    ),
    warnings: [...warnings, ...newSubnetWarnings(missing, planned)],
  }
  return { kind: 'allocation', subnets, planned, pooled, existing: owned, sizeReasons, plan }
}

/** Undefined for a size that an input of the step requests. */
const whySize = <Key extends string>({
  sizeReason,
  prefixLength,
  where,
}: OwnSubnetRequest<Key>): string | undefined =>
  sizeReason ?? (where && `${where.file}:${where.line} requests a /${prefixLength}.`)

function newSubnetWarnings<Key extends string>(
  missing: readonly OwnSubnetRequest<Key>[],
  planned: readonly PlannedSubnet<Key>[],
): readonly string[] {
  return missing.flatMap((request) => {
    const range = planned.find(({ key }) => key === request.key)?.cidr
    return [
      ...smallWarnings(request, request.name, request.prefixLength),
      ...(range === undefined ? [] : avoidedWarnings(request.name, range, request.rule)),
    ]
  })
}

const assignedHere = (
  { name, cidr, delegation }: PlannedSubnet<string>,
  network: ActualNetwork,
): AssignedSubnet => ({
  name,
  addressPrefix: formatCidr(cidr),
  state: 'planned',
  delegation,
  id: subnetId(name, network),
})

const assignedByPool = (
  { name, delegation, poolId, addresses }: PooledSubnet<string>,
  network: ActualNetwork,
): AssignedSubnet => ({
  name,
  addressPrefix: '',
  state: 'planned',
  delegation,
  id: subnetId(name, network),
  attachments: { addressPools: [{ id: poolId, numberOfIpAddresses: String(addresses) }] },
})

const whyModified = 'What its service demands, or a document says, is added; all else stays.'

const subnetId = (name: string, { id }: ActualNetwork): string => (id === '' ? '' : `${id}/subnets/${name}`)

/** What happens to a subnet of the project, as plans show it. */
function changeOf(
  subnet: AssignedSubnet,
  network: ActualNetwork,
  {
    existing,
    missing,
  }: { readonly existing: readonly ExistingOwn[]; readonly missing: readonly OwnSubnetRequest<string>[] },
): Change {
  const place = { kind: 'subnet', name: subnet.name, scope: network.id || network.name }
  if (subnet.state === 'existing') {
    const { changes = [], kept = [] } = existing.find(({ name }) => name === subnet.name) ?? {}
    const reason = [
      `It exists with ${subnet.addressPrefix}.`,
      ...(kept.length === 0 ? [] : [`Kept as others have it: ${kept.join(', ')}.`]),
    ].join(' ')
    if (changes.length === 0) return { change: 'keep', ...place, reason }
    return { change: 'modify', ...place, properties: changes, reason: `${reason} ${whyModified}` }
  }
  const delegation = subnet.delegation === '' ? [] : [{ path: 'delegation', after: subnet.delegation }]
  const request = missing.find(({ name }) => name === subnet.name)
  const [pool] = subnet.attachments?.addressPools ?? []
  const addresses =
    pool === undefined
      ? [{ path: 'addressPrefix', after: subnet.addressPrefix }]
      : [
          {
            path: 'ipamPoolPrefixAllocations',
            after: `${pool.numberOfIpAddresses} addresses, chosen by the pool ${pool.id}`,
          },
        ]
  return { change: 'create', ...place, properties: [...addresses, ...delegation, ...attachedTo(request)] }
}

/** What is attached to a new subnet besides its own security group, which has a row of its own. */
function attachedTo({
  settings = {},
  definition,
}: Partial<OwnSubnetRequest<string>> = {}): readonly PropertyChange[] {
  const endpoints = [...(definition?.serviceEndpoints ?? []), ...(settings.serviceEndpoints ?? [])]
  return Object.entries({
    networkSecurityGroup: [settings.networkSecurityGroupId],
    routeTable: [settings.routeTableId],
    natGateway: [settings.natGatewayId],
    serviceEndpoints: [...new Set(endpoints)],
    defaultOutboundAccess: [settings.defaultOutboundAccess],
  }).flatMap(([path, values]) => values.flatMap((after) => (after === undefined ? [] : [{ path, after }])))
}
