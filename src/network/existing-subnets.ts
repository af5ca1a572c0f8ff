import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { lookUpRegion } from '../catalog/facts/regions.ts'
import { formatCidr } from '../cidr.ts'
import { combinedError } from '../diagnostics/fault.ts'
import type { Location, UserErrorParts } from '../diagnostics/user-error.ts'
import { lastSegment, networkIdOf, sameText, subscriptionOf } from '../resource-id.ts'
import type { ByoSubnetRequest, OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'
import { checkSubnet, type ProjectResources } from './subnet-checks.ts'
import { compareOwn, type ExistingOwn } from './subnet-updates.ts'
import { type ActualNetwork, type ActualSubnet, ipv4Networks } from './vnet.ts'

/** A subnet of another VNet than the one that subnets are allocated in. */
export interface RemoteSubnet extends ActualSubnet {
  /** Azure region of its VNet. */
  readonly location?: string
}

/** Where the resources of a project, or of the common area, are. */
export interface ProjectLocation extends ProjectResources {
  /** Whose they are, e.g. `the project`. */
  readonly owner: string
  /** Azure region. */
  readonly location: string
  /**
   * The VNet that the factory makes, the key of factory.yml with its prefixes, and the place of the region; absent when somebody
   * else made it.
   */
  readonly factoryNetwork?: { readonly id: string; readonly key: string; readonly regionAt?: Location }
  /** The place in factory.yml that decides which VNet is used. */
  readonly where?: Location
}

/** What to look for, and where. */
interface ExistingSearch<Key extends string> {
  readonly network: ActualNetwork
  readonly byo?: readonly RemoteSubnet[]
  readonly requests: readonly SubnetRequest<Key>[]
  readonly home?: ProjectLocation
}

/** A subnet that exists and can be used. */
export interface FoundSubnet<Key extends string> {
  readonly key: Key
  readonly subnet: AssignedSubnet
  /** What becomes of it; absent for a bring-your-own subnet, which nobody here changes. */
  readonly own?: ExistingOwn
}

/** Which of the subnets exist, and which have to be created. */
export interface Existing<Key extends string> {
  readonly found: readonly FoundSubnet<Key>[]
  readonly missing: readonly OwnSubnetRequest<Key>[]
  readonly warnings: readonly string[]
}

/**
 * Finds the subnets that exist already, and checks each against what its service needs.
 * @throws UserError with every fault of every subnet
 */
export function findExisting<Key extends string>(search: ExistingSearch<Key>): Existing<Key> {
  const { network, byo = [], requests, home } = search
  const found: FoundSubnet<Key>[] = []
  const missing: OwnSubnetRequest<Key>[] = []
  const faults: UserErrorParts[] = [...oneNetworkFaults(search), ...regionFaults(search)]
  const warnings: string[] = [...subscriptionWarnings(search)]
  for (const request of requests) {
    const existing =
      request.kind === 'own'
        ? network.subnets.find(({ name }) => sameText(name, request.name))
        : [...network.subnets, ...byo].find(({ id }) => sameText(id, request.id))
    if (existing === undefined) {
      if (request.kind === 'own') missing.push(request)
      else faults.push(missingFault(request))
      continue
    }
    const findings = checkSubnet(request, existing, home)
    faults.push(...findings.faults)
    warnings.push(...findings.warnings)
    found.push({
      key: request.key,
      subnet: assigned(request, existing),
      ...(request.kind === 'own' && { own: compareOwn(request, existing, network) }),
    })
  }
  if (faults.length > 0) throw combinedError(`The subnets of ${home?.owner ?? 'the project'} have`, faults)
  return { found, missing, warnings }
}

const missingFault = ({ key, id, where }: ByoSubnetRequest<string>): UserErrorParts => ({
  what: `Subnet '${key}' does not exist: ${id}.`,
  ...(where === undefined ? {} : { where }),
  fix: 'Correct the resource id, or remove it so that the project gets a subnet of its own.',
})

/** A subnet without an IPv4 prefix is a fault, so that the empty one here is never used. */
const assigned = (request: SubnetRequest<string>, existing: ActualSubnet): AssignedSubnet => ({
  name: existing.name,
  addressPrefix: ipv4Networks(existing.addressPrefixes).slice(0, 1).map(formatCidr).join(''),
  state: 'existing',
  delegation: existing.delegations?.[0] ?? request.delegation,
  id: existing.id,
  ...(existing.attachments && { attachments: existing.attachments }),
})

/** The private endpoints and the agents of a project have to reach each other, and one VNet's zones resolve their names. */
function oneNetworkFaults({ network, requests }: ExistingSearch<string>): readonly UserErrorParts[] {
  const vnets = requests.map((request) => ({
    request,
    id: request.kind === 'own' ? network.id : networkIdOf(request.id),
  }))
  const first = vnets.find(({ request }) => request.kind === 'own') ?? vnets[0]
  return vnets
    .filter(({ id }) => first !== undefined && !sameText(id, first.id))
    .map(({ request, id }) => ({
      what: `Subnet '${request.key}' is in another VNet than '${first?.request.key}'.`,
      ...(request.where === undefined ? {} : { where: request.where }),
      why: `All subnets of a project must be in one VNet, so that its services resolve each other's private names. '${request.key}' is in ${id}, '${first?.request.key}' in ${first?.id}.`,
      fix: 'Use subnets of one VNet, or make that VNet the one of this environment (network.vnetId in factory.yml).',
    }))
}

const privateEndpoints = 'https://learn.microsoft.com/azure/private-link/private-endpoint-overview'

/** Reported once for each VNet. */
function regionFaults({
  network,
  byo = [],
  requests,
  home,
}: ExistingSearch<string>): readonly UserErrorParts[] {
  if (home === undefined) return []
  const vnets = requests.flatMap((request) => {
    const other = request.kind === 'own' ? undefined : byo.find(({ id }) => sameText(id, request.id))
    const id = request.kind === 'own' ? network.id : networkIdOf(request.id)
    const { location } = other ?? (sameText(id, network.id) ? network : {})
    const isOwn = isOfFactory(id, home)
    const byRequest = request.kind === 'own' ? home.where : request.where
    const where = isOwn ? home.factoryNetwork?.regionAt : byRequest
    return location === undefined || location === '' || sameRegion(location, home.location)
      ? []
      : [[id.toLowerCase(), { id, location, where, isOwn }] as const]
  })
  return [...new Map(vnets).values()].map(({ id, location, where, isOwn }) => ({
    what: `VNet '${lastSegment(id)}' is in ${location}, but ${home.owner}'s resources are created in ${home.location}.`,
    ...(where === undefined ? {} : { where }),
    why: 'Private endpoints and the agents of Foundry can only use a VNet of their own region.',
    fix: isOwn ? stayIn(location) : suggestionFor(home.location),
    more: privateEndpoints,
  }))
}

const isOfFactory = (id: string, { factoryNetwork }: ProjectLocation): boolean =>
  factoryNetwork !== undefined && sameText(id, factoryNetwork.id)

/** What is there does not move: a region is decided at the first delivery. */
const stayIn = (location: string): string =>
  `Set 'location' in factory.yml back to ${location.replaceAll(' ', '').toLowerCase()}. To move for good, destroy the common area with the factory.yml of its delivery, then deliver it in the new region.`

/** A region that nobody knows is more likely misspelt than a VNet is misplaced. */
const suggestionFor = (region: string): string =>
  lookUpRegion(region).kind === 'known'
    ? `Use a VNet in ${region}.`
    : `No region called '${region}' is known here. Correct 'location' in factory.yml, or, if Azure has this region, use a VNet in it.`

/** Azure writes a region as `swedencentral` or `Sweden Central`. */
const sameRegion = (a: string, b: string): boolean => sameText(a.replaceAll(' ', ''), b.replaceAll(' ', ''))

function subscriptionWarnings({ network, requests, home }: ExistingSearch<string>): readonly string[] {
  if (home === undefined) return []
  const ids = requests.map((request) => (request.kind === 'own' ? network.id : networkIdOf(request.id)))
  const distinct = new Map(ids.filter((id) => id !== '').map((id) => [id.toLowerCase(), id]))
  return [...distinct.values()]
    .filter((id) => !sameText(subscriptionOf(id), subscriptionOf(home.resourceGroupId)))
    .map(
      (id) =>
        `VNet '${lastSegment(id)}' is in another subscription than ${home.owner}'s resources. According to Microsoft a private endpoint has to be in the subscription of its VNet; if Azure refuses the deployment for that reason, use a VNet of subscription ${subscriptionOf(home.resourceGroupId)}. More: ${privateEndpoints}`,
    )
}
