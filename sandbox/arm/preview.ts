import type { Caller, Preview, PreviewOptions, ResourceBody, StoredResource } from '../contracts.ts'
import { parseAddress } from './address.ts'
import { forbidden } from './errors.ts'
import { checkLinkForms } from './gate/links.ts'
import { checkShape } from './gate/shape.ts'
import { checkType } from './gate/types.ts'
import { createGovernance, type GovernanceOptions } from './governance/governance.ts'
import { keepIdentity } from './identity.ts'
import type { World } from './rules.ts'
import { copyOf } from './store.ts'
import { accept, addressOf, currentOf, prepare, renderIn, writeOf } from './writes.ts'

/**
 * Begins previews over a copy of the world: each sees what those before it would leave, so that a template is judged by
 * the state that its deployment will have. What is refused, or known in part, counts as planned: nothing of it is known.
 */
export function startPreview(world: World, governed: GovernanceOptions, options: PreviewOptions): Preview {
  if (options.level === 'Template') return previewForm(world)
  const seen = worldOfPreview(world, options)
  const governance = createGovernance(seen, governed)
  return (id, apiVersion, body, caller, unresolved = []) => {
    const isPartial = unresolved.length > 0
    requireRight(id, options.level, caller, isPartial ? 'not known yet' : body, world)
    if (isPartial) {
      const asked = writeOf(id, apiVersion, body, caller, world)
      checkType(asked)
      checkShape(asked, () => currentOf(asked, world), unresolved)
      return named(id, body)
    }
    const asked = writeOf(id, apiVersion, body, caller, seen)
    try {
      const prepared = prepare(asked, governance, seen)
      const resource = keepIdentity(prepared.resource, asked.existing)
      const shown = shownOf({ ...prepared, resource }, seen)
      if (prepared.rules.allocates === true) seen.store.set(resource)
      else accept({ ...prepared, resource }, seen)
      return shown
    } catch (error) {
      seen.store.delete(id)
      throw error
    }
  }
}

/** What can be said of the text alone. */
const previewForm =
  (world: World): Preview =>
  (id, apiVersion, body, caller) => {
    checkLinkForms(writeOf(id, apiVersion, body, caller, world))
    return named(id, body)
  }

function named(id: string, body: ResourceBody): StoredResource {
  const { id: own, type, name } = addressOf(id)
  return { ...body, id: own, name, type }
}

function requireRight(
  id: string,
  level: PreviewOptions['level'],
  caller: Caller,
  body: ResourceBody | 'not known yet',
  { authorization }: World,
): void {
  const { id: scope, type } = addressOf(id)
  const action = `${type}/${level === 'ProviderNoRbac' ? 'read' : 'write'}`
  if (!authorization.allows(caller, scope, action, body))
    throw forbidden(authorization, caller, action, scope)
}

/** The resource as a reader would see it, with what only an accepted write brings as far as it stays as it is. */
function shownOf({ write, rules, resource }: ReturnType<typeof prepare>, seen: World): StoredResource {
  const before = write.existing
  const etag = before?.['etag']
  const rendered = renderIn({ ...resource, ...(etag === undefined ? {} : { etag }) }, seen)
  const state = before?.properties?.['provisioningState']
  const added = {
    ...(state === undefined ? {} : { provisioningState: state }),
    ...rules.previewed?.(write, rendered, seen),
  }
  return Object.keys(added).length === 0
    ? rendered
    : { ...rendered, properties: { ...rendered.properties, ...added } }
}

/**
 * A copy of the world that a preview may change: with what its template makes, without what is known of that in part,
 * and with all rights when it is to ask for none.
 */
function worldOfPreview(world: World, { level, planned, partial = [] }: PreviewOptions): World {
  const isPlanned = (id: string): boolean => {
    if (planned === undefined) return false
    const parent = parseAddress(id)?.parent
    return planned(id) || (parent !== undefined && isPlanned(parent))
  }
  const uncertain = new Set(partial.map((id) => parentAndType(id)))
  const everything = { allows: () => true, allowsData: () => true }
  const store = copyOf(world.store, world.tenantId)
  forget(partial, store)
  return {
    ...world,
    ...withoutEffects(world),
    store,
    base: world.base,
    authorization: level === 'ProviderNoRbac' ? everything : world.authorization,
    assumesReferences: true,
    isPlanned,
    mayPlan: (collection) => uncertain.has(collection.toLowerCase()) || planned?.(`${collection}/-`) === true,
  }
}

const parentAndType = (id: string): string => id.slice(0, id.lastIndexOf('/')).toLowerCase()

/** Takes resources out of a copy with all that is part of them. */
function forget(ids: readonly string[], store: World['store']): void {
  const known = ids.filter((id) => store.get(id) !== undefined)
  if (known.length === 0) return
  const gone = new Set(known.map((id) => id.toLowerCase()))
  const isGone = (id: string): boolean => {
    if (gone.has(id.toLowerCase())) return true
    const parent = parseAddress(id)?.parent
    return parent !== undefined && isGone(parent)
  }
  for (const { id } of Object.values(store.state.resources)) if (isGone(id)) store.delete(id)
}

/** What a preview leaves alone: the directory and the lake. */
function withoutEffects({ directory, firstNamed }: World): Pick<World, 'directory' | 'lake' | 'firstNamed'> {
  const nobody = '00000000-0000-0000-0000-000000000000'
  return {
    directory: {
      find: (objectId) => directory.find(objectId),
      groupsOf: (objectId) => directory.groupsOf(objectId),
      createManagedIdentity: () => ({ principalId: nobody, clientId: nobody }),
      removeManagedIdentity: () => undefined,
    },
    lake: {
      createAccount: () => undefined,
      createContainer: () => undefined,
      removeAccount: () => undefined,
    },
    firstNamed: new Map(firstNamed),
  }
}
