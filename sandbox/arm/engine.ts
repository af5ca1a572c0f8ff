import type { Caller, Identifiers, ResourceBody, ResourceEngine, StoredResource } from '../contracts.ts'
import { type Address, parseAddress } from './address.ts'
import { checkMatch, checkNoneMatch, etagOf } from './conditions.ts'
import type { Locks } from './conflicts.ts'
import { durationOf } from './durations.ts'
import { forbidden, refusal } from './errors.ts'
import { createGovernance, type Governance, type GovernanceOptions } from './governance/governance.ts'
import { dropIdentity, withIdentity } from './identity.ts'
import { startPreview } from './preview.ts'
import { rulesOf } from './providers/index.ts'
import type { World } from './rules.ts'
import { keepDeleted } from './soft-delete/deleted-resources.ts'
import { accept, addressOf, findIn, prepare, renderIn, setState as setStateIn, writeOf } from './writes.ts'

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
  const render = (resource: StoredResource) => renderIn(resource, world)
  const find = (address: Address) => findIn(address, world)
  const setState = (id: string, state: string) => setStateIn(id, state, world)

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
    const asked = writeOf(id, apiVersion, body, caller, world)
    const prepared = prepare(asked, governance, world, how.isPatch)
    const { write, rules } = prepared
    const held = locks.hold(write.address, rules, 'Put')
    const duration = durationOf(prepared.resource.type)
    const created = write.existing === undefined
    try {
      const accepted = acceptWithIdentity(prepared)
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

  /** Accepts it with its identities in the directory, and a new etag where its type has one. */
  const acceptWithIdentity = (prepared: ReturnType<typeof prepare>): StoredResource => {
    const { write, rules } = prepared
    if (rules.view !== undefined) return accept(prepared, world)
    const stamped = { ...prepared.resource, ...etagOf(prepared.resource, deps.identifiers) }
    const resource = withIdentity(stamped, write.existing, world)
    try {
      accept({ ...prepared, resource }, world)
    } catch (error) {
      dropIdentity(resource, write.existing, world)
      throw error
    }
    dropIdentity(write.existing, resource, world)
    return resource
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
    startPreview: (options = {}) => startPreview(world, deps, options),
    remove: async (id, caller) => {
      await beginRemoval(id, caller)?.finish()
    },
  }
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
