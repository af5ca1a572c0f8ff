import type {
  Caller,
  Identifiers,
  PreviewOptions,
  ResourceBody,
  ResourceEngine,
  StoredResource,
} from '../contracts.ts'
import { type Address, parseAddress } from './address.ts'
import { checkMatch, checkNoneMatch, etagOf } from './conditions.ts'
import type { Locks } from './conflicts.ts'
import { durationOf } from './durations.ts'
import { badRequest, forbidden, refusal } from './errors.ts'
import { checkLinkForms, checkLinks } from './gate/links.ts'
import { checkInlineNames, checkNameForm } from './gate/names.ts'
import { checkRegions } from './gate/regions.ts'
import { checkShape } from './gate/shape.ts'
import { checkType } from './gate/types.ts'
import { checkGenerally, checkPlace, compose } from './generic-rules.ts'
import { createGovernance, type Governance, type GovernanceOptions } from './governance/governance.ts'
import { dropIdentity, keepIdentity, withIdentity } from './identity.ts'
import { record } from './json.ts'
import { checkStaysOn, withLasting } from './lasting.ts'
import { rulesOf } from './providers/index.ts'
import type { ResourceRules, World, Write } from './rules.ts'
import {
  checkNotDeleted,
  forgetDeleted,
  keepDeleted,
  withRecovered,
} from './soft-delete/deleted-resources.ts'

/** A change that has been accepted and is under way. */
interface Begun {
  /** The resource as it is while the change goes on. */
  readonly resource: StoredResource
  readonly created: boolean
  /** Waits as long as Azure would, ends the change, and returns the resource. */
  finish(): Promise<StoredResource>
}

/** What a request says of a write besides its body. */
interface WriteOptions {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
  /** A PATCH: the body holds what was there as well, and what it names already is asked no right for again. */
  readonly isPatch?: boolean
}

/** The engine, with the two halves of a change that HTTP answers separately. */
export interface ArmEngine extends ResourceEngine {
  begin(id: string, apiVersion: string, body: ResourceBody, caller: Caller, how?: WriteOptions): Begun
  /** `undefined` when there is nothing to remove. */
  beginRemoval(
    id: string,
    caller: Caller,
    ifMatch?: string,
    /** Whether nothing is kept that a service would keep softly. */
    purges?: boolean,
  ): { finish(): Promise<void> } | undefined
  /** What locks and policies refuse. */
  readonly governance: Governance
  /** A resource as a reader sees it, with what is derived from others. */
  render(resource: StoredResource): StoredResource
}

/** The engine over a world. `scale` is a fraction of Azure's own time. */
export function createEngine(
  world: World,
  deps: {
    readonly identifiers: Identifiers
    readonly scale: number
    readonly locks: Locks
  } & GovernanceOptions,
): ArmEngine {
  const { store, clock } = world
  const { locks } = deps
  const governance = createGovernance(world, deps)
  const wait = (seconds: number | undefined) => clock.sleep((seconds ?? 0) * 1_000 * deps.scale)
  const render = (resource: StoredResource) => rulesOf(resource.type).render?.(resource, world) ?? resource

  const prepare = (
    id: string,
    apiVersion: string,
    body: ResourceBody,
    caller: Caller,
    seen: World,
    isPatch = false,
  ) => {
    const asked = writeOf(id, apiVersion, body, caller)
    checkType(asked)
    const rules = rulesOf(asked.address.type)
    checkPlace(asked, seen)
    const admitted = checkShape(governance.admitWrite(asked), () => currentOf(asked))
    const sent = withRecovered(admitted, seen)
    const linksOf = (from: Write) => rules.links?.(from, seen) ?? []
    checkLinks(sent, linksOf, seen, isPatch ? formerOf(sent) : undefined)
    checkRegions(sent, seen)
    checkNotDeleted(admitted, sent.recovered, seen)
    checkGenerally(sent, rules)
    const write = withLasting(sent, rules)
    checkNameForm(write)
    checkInlineNames(write, seen)
    rules.checkName?.(write, seen)
    rules.check?.(write, seen)
    checkStaysOn(write)
    return { write, rules, resource: compose(write, rules, seen) }
  }

  const currentOf = ({ existing }: Write) => (existing === undefined ? undefined : render(existing))

  /** The write that would leave a resource as it is. */
  const formerOf = (write: Write): Write | undefined => {
    const body = currentOf(write)
    return body === undefined ? undefined : { ...write, body, properties: record(body.properties) }
  }

  const writeOf = (id: string, apiVersion: string, body: ResourceBody, caller: Caller): Write => {
    const address = addressOf(id)
    const existing = find(address)
    return { address, apiVersion, body, properties: record(body['properties']), existing, caller }
  }

  const require = (caller: Caller, scope: string, action: string, body?: ResourceBody | 'not known yet') => {
    if (!world.authorization.allows(caller, scope, action, body))
      throw forbidden(world.authorization, caller, action, scope)
  }

  const rendered = (id: string) => {
    const stored = store.get(id)
    return stored === undefined ? undefined : render(stored)
  }

  const begin: ArmEngine['begin'] = (id, apiVersion, body, caller, how = {}) => {
    const { id: scope, type } = addressOf(id)
    require(caller, scope, `${type}/write`, body)
    checkNoneMatch(addressOf(id), rendered(id), how.ifNoneMatch)
    checkMatch(addressOf(id), rendered(id), how.ifMatch)
    const { write, rules, resource } = prepare(id, apiVersion, body, caller, world, how.isPatch)
    const held = locks.hold(write.address, rules, 'Put')
    const duration = durationOf(resource.type)
    const created = write.existing === undefined
    try {
      const accepted = accept(write, rules, resource)
      if (duration !== undefined) setState(accepted.id, created ? 'Creating' : 'Updating')
      return {
        created,
        resource: current(accepted.id),
        finish: async () => {
          try {
            await wait(created ? duration?.create : (duration?.update ?? duration?.create))
          } finally {
            held.release()
          }
          setState(accepted.id, 'Succeeded')
          held.confirm()
          const finished = current(accepted.id)
          governance.follow(finished)
          return finished
        },
      }
    } catch (error) {
      held.release()
      throw error
    }
  }

  /** Does what was asked, or, when its rules find then that they cannot, nothing. */
  const accept = (write: Write, rules: ResourceRules, resource: StoredResource): StoredResource => {
    const { view } = rules
    if (view !== undefined) {
      store.attempt(() => view.write(write, world))
      return resource
    }
    const stamped = { ...resource, ...etagOf(resource, deps.identifiers) }
    const identified = withIdentity(stamped, write.existing, world)
    try {
      store.attempt(() => apply(write, rules, identified))
    } catch (error) {
      dropIdentity(identified, write.existing, world)
      throw error
    }
    dropIdentity(write.existing, identified, world)
    return identified
  }

  const apply = (write: Write, rules: ResourceRules, resource: StoredResource): void => {
    store.set(resource)
    if (write.recovered !== undefined) forgetDeleted(write.recovered.id, world)
    const extra = rules.applied?.(write, resource, world)
    if (extra !== undefined) store.set({ ...resource, properties: { ...resource.properties, ...extra } })
    setState(resource.id, 'Succeeded')
  }

  /** A resource that is stored, or a view on one. */
  const find = (address: Address): StoredResource | undefined => {
    const { id, name, type } = address
    const stored = store.get(id)
    if (stored !== undefined) return stored
    const properties = rulesOf(type).view?.read(address, world)
    return properties === undefined ? undefined : { id, name, type, properties }
  }

  const setState = (id: string, provisioningState: string) => {
    const stored = store.get(id)
    if (stored?.properties === undefined || rulesOf(stored.type).stateless === true) return
    store.set({ ...stored, properties: { ...stored.properties, provisioningState } })
  }

  const current = (id: string): StoredResource => {
    const stored = find(addressOf(id))
    if (stored === undefined) throw refusal(404, 'ResourceNotFound', `The resource '${id}' was not found.`)
    return render(stored)
  }

  const beginRemoval: ArmEngine['beginRemoval'] = (id, caller, ifMatch, purges = false) => {
    const address = addressOf(id)
    require(caller, address.id, `${address.type}/delete`)
    const resource = find(address)
    if (resource === undefined) return undefined
    governance.admitRemoval(address)
    checkMatch(address, rendered(address.id), ifMatch)
    const rules = rulesOf(resource.type)
    rules.checkRemoval?.(resource, world)
    const held = locks.hold(address, rules, 'Delete')
    setState(resource.id, 'Deleting')
    return {
      finish: async () => {
        try {
          await wait(durationOf(resource.type)?.remove)
          rules.view?.clear(address, world)
          removeTree(resource, world, purges)
        } finally {
          held.release()
        }
      },
    }
  }

  return {
    begin,
    beginRemoval,
    render,
    governance,
    get: (id) => {
      const address = parseAddress(id)
      const stored = address === undefined ? undefined : find(address)
      return stored === undefined ? undefined : render(stored)
    },
    within: (scope) => store.within(scope).map(render),
    put: (id, apiVersion, body, caller) => begin(id, apiVersion, body, caller).finish(),
    preview: (id, apiVersion, body, caller, options = {}) => {
      const { id: scope, type, name } = addressOf(id)
      if (options.level === 'Template') {
        checkLinkForms(writeOf(id, apiVersion, body, caller))
        return { ...body, id: scope, name, type }
      }
      const isPartial = options.unresolved !== undefined && options.unresolved.length > 0
      const right = options.level === 'ProviderNoRbac' ? 'read' : 'write'
      require(caller, scope, `${type}/${right}`, isPartial ? 'not known yet' : body)
      if (isPartial) {
        const asked = writeOf(id, apiVersion, body, caller)
        checkType(asked)
        checkShape(asked, () => currentOf(asked), options.unresolved)
        return { ...body, id: scope, name, type }
      }
      const seen = worldOfPreview(world, options)
      const { write, rules, resource } = prepare(id, apiVersion, body, caller, seen)
      const before = write.existing
      const etag = before?.['etag']
      const rendered = render({ ...keepIdentity(resource, before), ...(etag === undefined ? {} : { etag }) })
      const state = before?.properties?.['provisioningState']
      const added = {
        ...(state === undefined ? {} : { provisioningState: state }),
        ...rules.previewed?.(write, rendered, seen),
      }
      return Object.keys(added).length === 0
        ? rendered
        : { ...rendered, properties: { ...rendered.properties, ...added } }
    },
    remove: async (id, caller) => {
      await beginRemoval(id, caller)?.finish()
    },
  }
}

/** The world as a preview sees it: with what its template makes, and all rights when it is to ask for none. */
function worldOfPreview(world: World, { level, planned }: PreviewOptions): World {
  const isPlanned = (id: string): boolean => {
    if (planned === undefined) return false
    const parent = parseAddress(id)?.parent
    return planned(id) || (parent !== undefined && isPlanned(parent))
  }
  const everything = { allows: () => true, allowsData: () => true }
  const authorization = level === 'ProviderNoRbac' ? everything : world.authorization
  return { ...world, base: world.base, authorization, assumesReferences: true, isPlanned }
}

/** Takes a resource away with its children and what extends it, and lets their rules act. */
function removeTree(resource: StoredResource, world: World, purges: boolean): void {
  const tree = [...world.store.within(resource.id)].sort((one, other) => other.id.length - one.id.length)
  for (const member of [...tree, resource]) {
    if (world.store.get(member.id) === undefined) continue
    world.store.delete(member.id)
    if (!purges) keepDeleted(member, world)
    rulesOf(member.type).removed?.(member, world)
  }
}

function addressOf(id: string): Address {
  const address = parseAddress(id)
  if (address === undefined)
    throw badRequest('InvalidResourceId', `The resource identifier '${id}' is not valid.`)
  return address
}
