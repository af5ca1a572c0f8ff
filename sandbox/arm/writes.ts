import type { Caller, ResourceBody, StoredResource } from '../contracts.ts'
import { type Address, parseAddress } from './address.ts'
import { badRequest } from './errors.ts'
import { checkLinks } from './gate/links.ts'
import { checkInlineNames, checkNameForm } from './gate/names.ts'
import { checkRegions } from './gate/regions.ts'
import { checkShape } from './gate/shape.ts'
import { checkType } from './gate/types.ts'
import { checkGenerally, checkPlace, compose } from './generic-rules.ts'
import { checkGlobalName } from './global-names.ts'
import type { Governance } from './governance/governance.ts'
import { record } from './json.ts'
import { checkStaysOn, withLasting } from './lasting.ts'
import { rulesOf } from './providers/index.ts'
import type { ResourceRules, World, Write } from './rules.ts'
import { checkNotDeleted, forgetDeleted, withRecovered } from './soft-delete/deleted-resources.ts'

/** A write that nothing speaks against, with the resource as it leaves it. */
interface Prepared {
  readonly write: Write
  readonly rules: ResourceRules
  readonly resource: StoredResource
}

/** A resource as a reader sees it, with what is derived from others. */
export const renderIn = (resource: StoredResource, world: World): StoredResource =>
  rulesOf(resource.type).render?.(resource, world) ?? resource

/** A resource that is stored, or a view on one. */
export function findIn({ id, name, type }: Address, world: World): StoredResource | undefined {
  const stored = world.store.get(id)
  if (stored !== undefined) return stored
  const properties = rulesOf(type).view?.read(addressOf(id), world)
  return properties === undefined ? undefined : { id, name, type, properties }
}

/** The PUT of an id, over what is there. */
export function writeOf(
  id: string,
  apiVersion: string,
  body: ResourceBody,
  caller: Caller,
  world: World,
): Write {
  const address = addressOf(id)
  const existing = findIn(address, world)
  return { address, apiVersion, body, properties: record(body['properties']), existing, caller }
}

/** What is there, as a reader sees it. */
export const currentOf = ({ existing }: Write, world: World): StoredResource | undefined =>
  existing === undefined ? undefined : renderIn(existing, world)

/** The write that would leave a resource as it is. */
function formerOf(write: Write, world: World): Write | undefined {
  const body = currentOf(write, world)
  return body === undefined ? undefined : { ...write, body, properties: record(body.properties) }
}

/**
 * Judges a write, in Azure's order.
 * @param isPatch the body holds what was there as well, and what it names already is asked no right for again
 * @throws ArmError with the refusal
 */
export function prepare(asked: Write, governance: Governance, world: World, isPatch = false): Prepared {
  checkType(asked)
  const rules = rulesOf(asked.address.type)
  checkPlace(asked, world)
  const admitted = checkShape(governance.admitWrite(asked), () => currentOf(asked, world))
  const sent = withRecovered(admitted, world)
  const linksOf = (from: Write) => rules.links?.(from, world) ?? []
  checkLinks(sent, linksOf, world, isPatch ? formerOf(sent, world) : undefined)
  checkRegions(sent, world)
  checkNotDeleted(admitted, sent.recovered, world)
  checkGenerally(sent, rules)
  const write = withLasting(sent, rules)
  checkNameForm(write)
  checkInlineNames(write, world)
  checkGlobalName(write, world)
  rules.check?.(write, world)
  checkStaysOn(write)
  return { write, rules, resource: compose(write, rules, world) }
}

/** Does what was asked with all that follows from it, or, when its rules find then that they cannot, nothing. */
export function accept({ write, rules, resource }: Prepared, world: World): StoredResource {
  const { view } = rules
  world.store.attempt(() =>
    view === undefined ? apply(write, rules, resource, world) : view.write(write, world),
  )
  return resource
}

function apply(write: Write, rules: ResourceRules, resource: StoredResource, world: World): void {
  world.store.set(resource)
  if (write.recovered !== undefined) forgetDeleted(write.recovered.id, world)
  const extra = rules.applied?.(write, resource, world)
  if (extra !== undefined) world.store.set({ ...resource, properties: { ...resource.properties, ...extra } })
  setState(resource.id, 'Succeeded', world)
}

/** Says how far the provisioning of a resource is. */
export function setState(id: string, provisioningState: string, { store }: World): void {
  const stored = store.get(id)
  if (stored?.properties === undefined || rulesOf(stored.type).stateless === true) return
  store.set({ ...stored, properties: { ...stored.properties, provisioningState } })
}

/** What an id names. @throws ArmError `InvalidResourceId` */
export function addressOf(id: string): Address {
  const address = parseAddress(id)
  if (address === undefined)
    throw badRequest('InvalidResourceId', `The resource identifier '${id}' is not valid.`)
  return address
}
