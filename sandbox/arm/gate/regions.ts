import type { ArmError, StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { badRequest } from '../errors.ts'
import { text } from '../json.ts'
import { normaliseLocation } from '../locations.ts'
import type { World, Write } from '../rules.ts'
import { type FoundLink, linksOf } from './found-links.ts'
import { notFoundBeside } from './link-refusals.ts'

/** Children that carry a location of their own and must have that of their parent. */
const sameAsParent = new Set(
  [
    'Microsoft.CognitiveServices/accounts/projects',
    'Microsoft.Sql/servers/databases',
    'Microsoft.ApiManagement/service/workspaces',
    'Microsoft.NetApp/netAppAccounts/capacityPools',
  ].map((type) => type.toLowerCase()),
)

/**
 * What belongs together stands in one region: an endpoint and its network, a security group and the network of its
 * subnet, a project and its account. Microsoft.Network looks for it in its own subscription, too.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-endpoint-properties,
 * https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
 * @throws ArmError `InvalidResourceReference`, or the provider's refusal
 */
export function checkRegions(write: Write, world: World): void {
  const own = locationOf(write, world)
  for (const link of linksOf(write)) {
    if (link.target.near !== true) continue
    const far = regionOf(link.id, world)
    if ((far !== undefined && own !== undefined && far !== own) || isForeign(write, link))
      throw refusalOf(write, link, { own, far }, world)
  }
  const parent = regionOf(write.address.parent ?? '', world)
  if (
    sameAsParent.has(write.address.type.toLowerCase()) &&
    own !== undefined &&
    parent !== undefined &&
    own !== parent
  )
    throw mismatch(write, write.address.parent ?? '', { own, far: parent })
}

interface Regions {
  readonly own: string | undefined
  readonly far: string | undefined
}

/** The region a request puts a resource in: its own, or that of what it is part of. */
function locationOf({ body, existing, address }: Write, world: World): string | undefined {
  const location = text(body['location']) ?? existing?.location
  return location === undefined ? regionOf(address.parent ?? '', world) : normaliseLocation(location)
}

/** The region of a resource, or of what it is part of; `undefined` while it is not there, or is nowhere. */
function regionOf(id: string, world: World): string | undefined {
  const stored: StoredResource | undefined = world.store.get(id)
  if (stored?.location !== undefined) return normaliseLocation(stored.location)
  const parent = parseAddress(id)?.parent
  return parent === undefined ? undefined : regionOf(parent, world)
}

const isNetwork = (type: string): boolean => /^Microsoft\.Network\//i.test(type)

/** Does a resource of Microsoft.Network name one of another subscription? */
function isForeign({ address }: Write, { id }: FoundLink): boolean {
  const subscriptionId = parseAddress(id)?.subscriptionId
  return isNetwork(address.type) && subscriptionId?.toLowerCase() !== address.subscriptionId?.toLowerCase()
}

function refusalOf(write: Write, link: FoundLink, regions: Regions, world: World): ArmError {
  const target = parseAddress(link.id)
  if (target !== undefined && isNetwork(write.address.type))
    return notFoundBeside(write.address.id, target, world)
  if (/^Microsoft\.App\/managedEnvironments$/i.test(write.address.type))
    return badRequest(
      'ManagedEnvironmentInvalidNetworkConfiguration',
      `The environment network configuration is invalid: the virtual network of subnet '${link.id}' is in region '${regions.far ?? ''}', and the environment in '${regions.own ?? ''}'.`,
    )
  return mismatch(write, link.id, regions)
}

const mismatch = ({ address }: Write, id: string, { own, far }: Regions): ArmError =>
  badRequest(
    'LocationMismatch',
    `The location '${own ?? ''}' of resource '${address.name}' does not match the location '${far ?? ''}' of resource '${id}'.`,
  )
