import { type Address, parseAddress, sameId } from '../address.ts'
import { badRequest, linkedAuthorizationFailed, refusal } from '../errors.ts'
import type { Link, World, Write } from '../rules.ts'
import { type FoundLink, linksOf } from './found-links.ts'
import { missingTarget, wrongType } from './link-refusals.ts'

/** Ids that a request names are ids: all that can be said without asking anybody. @throws ArmError `LinkedInvalidPropertyId` */
export function checkLinkForms(write: Write): void {
  for (const link of linksOf(write)) {
    if (addressOf(link) === undefined) throw malformed(link)
  }
}

/**
 * What a request names is well-formed, the caller may use it so, it is of the right type, and it is there, in this order:
 * who may not see a resource is not told that it is missing.
 * @param more rights that the provider asks for besides
 * @param before what a PATCH found: nothing is asked of what it leaves as it was
 * @throws ArmError `LinkedInvalidPropertyId`, `LinkedAuthorizationFailed`, or the provider's refusal
 */
export function checkLinks(
  write: Write,
  more: (write: Write) => readonly Link[],
  world: World,
  before?: Write,
): void {
  const keyOf = ({ path, id }: FoundLink) => `${path} ${id}`.toLowerCase()
  const kept = new Set(before === undefined ? [] : linksOf(before).map(keyOf))
  const links = linksOf(write)
    .filter((link) => !kept.has(keyOf(link)))
    .map((link) => ({ link, address: addressOf(link) }))
  for (const { link, address } of links) if (address === undefined) throw malformed(link)
  const rights = links.flatMap(({ link, address }) => rightOf(link, address))
  const isHeld = ({ scope, action }: Link) =>
    before !== undefined && more(before).some((held) => sameId(held.scope, scope) && held.action === action)
  for (const right of [...rights, ...more(write).filter((right) => !isHeld(right))])
    checkRight(write, right, world)
  for (const { link, address } of links) {
    if (address === undefined) continue
    if (link.target.type !== undefined && link.target.type.toLowerCase() !== address.type.toLowerCase())
      throw wrongType(write, link, link.target.type)
    if (!isThere(address, world)) throw missingTarget(write, link, address, world)
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
const malformed = ({ path, id }: FoundLink) =>
  badRequest(
    'LinkedInvalidPropertyId',
    `Property id '${id}' at path '${path}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
  )

function addressOf({ id }: FoundLink): Address | undefined {
  return /^\/(subscriptions|providers)\/[^/]/i.test(id) ? parseAddress(id) : undefined
}

function rightOf({ target, id }: FoundLink, address: Address | undefined): readonly Link[] {
  if (target.right === undefined || address === undefined) return []
  return [{ scope: id, action: `${target.type ?? address.type}/${target.right}` }]
}

function checkRight(write: Write, link: Link, world: World): void {
  const action = `${write.address.type}/write`
  const subscriptionId = parseAddress(link.scope)?.subscriptionId
  if (
    subscriptionId !== undefined &&
    world.store.state.subscriptions[subscriptionId.toLowerCase()] === undefined
  )
    throw refusal(
      403,
      'LinkedAuthorizationFailed',
      `The client has permission to perform action '${link.action}' on scope '${write.address.id}', however the current tenant '${world.tenantId}' is not authorized to access linked subscription '${subscriptionId}'.`,
    )
  if (!world.authorization.allows(write.caller, link.scope, link.action))
    throw linkedAuthorizationFailed(write.caller, action, write.address.id, link)
}

/** Event Hubs makes one rule of each namespace by itself. */
const ownRule = /\/authorizationRules\/RootManageSharedAccessKey$/i

function isThere({ id, parent }: Address, world: World): boolean {
  const known = (candidate: string) => world.store.get(candidate) !== undefined || world.isPlanned(candidate)
  return known(id) || (ownRule.test(id) && parent !== undefined && known(parent))
}
