import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { type Cidr, formatCidr } from '../cidr.ts'
import type { Change, Plan } from '../plan/model.ts'
import { UserError } from '../user-error.ts'
import type { Environment } from '../vocabulary.ts'
import {
  type ActualNetwork,
  type ActualSubnet,
  type BroughtSubnetRequest,
  ipv4Networks,
  type OwnSubnetRequest,
  type SubnetRequest,
  sameText,
} from './network.ts'
import { planSubnets } from './planner.ts'
import type { Shortage } from './planning.ts'

/** What is looked for, and where. */
export interface RoomSearch<Key extends string> {
  readonly network: ActualNetwork
  readonly reserved: readonly Cidr[]
  readonly requests: readonly SubnetRequest<Key>[]
  /** Subnets brought along that stand in other VNets, as they were read. */
  readonly brought?: readonly ActualSubnet[]
  readonly project?: string
  readonly environment?: Environment
}

/** A subnet that has a place and does not exist yet. */
export interface PlannedSubnet<Key extends string> {
  readonly key: Key
  readonly name: string
  readonly cidr: Cidr
  /** Service name, or empty. */
  readonly delegation: string
}

/** Every subnet of the project with its place: those that exist keep theirs, the missing ones get one. */
export interface Room<Key extends string> {
  readonly kind: 'room'
  readonly subnets: Readonly<Partial<Record<Key, AssignedSubnet>>>
  /** Those to create, the largest first. */
  readonly planned: readonly PlannedSubnet<Key>[]
  readonly plan: Plan
}

/** The missing subnets do not all fit, so none is placed. */
export interface NoRoom<Key extends string> {
  readonly kind: 'shortage'
  readonly shortage: Shortage<Key>
}

interface Found<Key extends string> {
  readonly key: Key
  readonly subnet: AssignedSubnet
  readonly warning?: string
}

/**
 * Finds room for the subnets of a project that do not exist yet. Pure: reads nothing, changes nothing.
 * @throws UserError when an existing subnet cannot serve its purpose
 */
export function findRoom<Key extends string>(search: RoomSearch<Key>): Room<Key> | NoRoom<Key> {
  const { network, requests } = search
  const found: Found<Key>[] = []
  const wanted: OwnSubnetRequest<Key>[] = []
  for (const request of requests) {
    if (request.kind === 'brought') {
      found.push(broughtSubnet(request, search))
      continue
    }
    const existing = network.subnets.find(({ name }) => sameText(name, request.name))
    if (existing === undefined) wanted.push(request)
    else found.push(existingSubnet(request, existing))
  }
  const outcome = planSubnets({
    prefixes: ipv4Networks(network.addressPrefixes),
    taken: network.subnets.flatMap(({ addressPrefixes }) => ipv4Networks(addressPrefixes)),
    reserved: search.reserved,
    requests: wanted,
  })
  if (outcome.kind === 'shortage') return { kind: 'shortage', shortage: outcome }
  const planned = outcome.subnets.flatMap(({ key, cidr }) =>
    wanted
      .filter((request) => request.key === key)
      .map(({ name, delegation }) => ({ key, name, cidr, delegation })),
  )
  return { kind: 'room', ...joined(search, found, planned) }
}

/** The existing and the planned subnets as one answer, in the order of the requests. */
function joined<Key extends string>(
  search: RoomSearch<Key>,
  found: readonly Found<Key>[],
  planned: readonly PlannedSubnet<Key>[],
): Omit<Room<Key>, 'kind'> {
  const { network, requests, project, environment } = search
  const subnets: Partial<Record<Key, AssignedSubnet>> = {}
  for (const { key, subnet } of found) subnets[key] = subnet
  for (const subnet of planned) subnets[subnet.key] = assigned(subnet, network)
  const changes = requests.flatMap(({ key }) => {
    const subnet = subnets[key]
    return subnet === undefined ? [] : [changeOf(subnet, network)]
  })
  const plan: Plan = {
    version: 1,
    action: 'ip-calc',
    ...(project === undefined ? {} : { project }),
    ...(environment === undefined ? {} : { environment }),
    changes,
    warnings: found.flatMap(({ warning }) => warning ?? []),
  }
  return { subnets, planned, plan }
}

const assigned = (subnet: PlannedSubnet<string>, network: ActualNetwork): AssignedSubnet => ({
  name: subnet.name,
  addressPrefix: formatCidr(subnet.cidr),
  state: 'planned',
  delegation: subnet.delegation,
  id: network.id === '' ? '' : `${network.id}/subnets/${subnet.name}`,
})

function changeOf(subnet: AssignedSubnet, network: ActualNetwork): Change {
  const place = { kind: 'subnet', name: subnet.name, scope: network.id || network.name }
  if (subnet.state === 'existing') {
    return { change: 'keep', ...place, reason: `It exists with ${subnet.addressPrefix}.` }
  }
  const delegation = subnet.delegation === '' ? [] : [{ path: 'delegation', after: subnet.delegation }]
  return {
    change: 'create',
    ...place,
    properties: [{ path: 'addressPrefix', after: subnet.addressPrefix }, ...delegation],
  }
}

function existingSubnet<Key extends string>(
  request: OwnSubnetRequest<Key>,
  existing: ActualSubnet,
): Found<Key> {
  checkDelegation(request, existing)
  const cidr = ipv4Of(request, existing)
  const found = { key: request.key, subnet: existingAssigned(request, existing, cidr) }
  if (cidr.prefixLength === request.prefixLength) return found
  const tooSmall = cidr.prefixLength > (request.smallestPrefixLength ?? 32)
  const consequence = tooSmall
    ? `Its service takes no less than /${request.smallestPrefixLength} and will refuse it.`
    : 'It is kept, because Azure resizes only empty subnets.'
  const warning = `Subnet '${existing.name}' is /${cidr.prefixLength} where /${request.prefixLength} is asked for. ${consequence}`
  return { ...found, warning }
}

function broughtSubnet<Key extends string>(
  request: BroughtSubnetRequest<Key>,
  { network, brought = [] }: RoomSearch<Key>,
): Found<Key> {
  const existing = [...network.subnets, ...brought].find(({ id }) => sameText(id, request.id))
  if (existing === undefined) {
    throw new UserError({
      what: `Subnet '${request.key}' is to be ${request.id}, which does not exist.`,
      ...(request.where === undefined ? {} : { where: request.where }),
      fix: 'Correct the resource id, or let the project have a subnet of its own.',
    })
  }
  checkDelegation(request, existing)
  return { key: request.key, subnet: existingAssigned(request, existing, ipv4Of(request, existing)) }
}

const existingAssigned = (
  request: SubnetRequest<string>,
  existing: ActualSubnet,
  cidr: Cidr,
): AssignedSubnet => ({
  name: existing.name,
  addressPrefix: formatCidr(cidr),
  state: 'existing',
  delegation: existing.delegations?.[0] ?? request.delegation,
  id: existing.id,
  ...(existing.attachments && { attachments: existing.attachments }),
})

function ipv4Of({ where }: SubnetRequest<string>, existing: ActualSubnet): Cidr {
  const [cidr] = ipv4Networks(existing.addressPrefixes)
  if (cidr !== undefined) return cidr
  throw new UserError({
    what: `Subnet '${existing.name}' exists but has no IPv4 address prefix.`,
    ...(where === undefined ? {} : { where }),
    fix: 'Give it one, or delete it so that it is made anew.',
  })
}

/** A delegation cannot be made right by planning, and services compare its spelling case-sensitively. */
function checkDelegation({ delegation, where }: SubnetRequest<string>, existing: ActualSubnet): void {
  const { delegations } = existing
  if (delegations === undefined) return
  if (delegation === '' ? delegations.length === 0 : delegations.includes(delegation)) return
  const actual = delegations.length === 0 ? 'not delegated' : `delegated to ${delegations.join(', ')}`
  const needed = delegation === '' ? 'a subnet without delegation' : `a delegation to exactly ${delegation}`
  throw new UserError({
    what: `Subnet '${existing.name}' exists and is ${actual}, but its purpose needs ${needed}.`,
    ...(where === undefined ? {} : { where }),
    why: 'A service refuses a subnet whose delegation is not its own, capital letters included.',
    fix: 'Change the delegation in Azure, or remove the subnet when it is empty and run again.',
    more: 'https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview',
  })
}

/** The subnets as they stand after all planned ones were created. */
export function asReserved<Key extends string>(
  subnets: Readonly<Partial<Record<Key, AssignedSubnet>>>,
): Readonly<Partial<Record<Key, AssignedSubnet>>> {
  const reserved: Partial<Record<Key, AssignedSubnet>> = { ...subnets }
  for (const key in reserved) {
    const subnet = reserved[key]
    if (subnet?.state === 'planned') reserved[key] = { ...subnet, state: 'reserved' }
  }
  return reserved
}
