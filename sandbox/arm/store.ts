import type { StoredResource } from '../contracts.ts'
import { parseAddress } from './address.ts'
import { scopesAbove } from './governance/scopes.ts'
import type { ArmState } from './state.ts'

const assignmentType = 'microsoft.authorization/roleassignments'

/** The resources of a state, found by id, scope and type. Ids compare case-insensitively. */
export interface Store {
  readonly state: ArmState
  get(id: string): StoredResource | undefined
  set(resource: StoredResource): void
  delete(id: string): void
  /** Does what changes several resources. When it throws, all that it changed is as it was before. */
  attempt<Result>(work: () => Result): Result
  /** Resources whose id starts with this scope, itself excluded. */
  within(scope: string): readonly StoredResource[]
  /** Direct children of a resource, of one type. */
  children(parent: string, type: string): readonly StoredResource[]
  ofType(type: string): readonly StoredResource[]
  /** The scope and every scope above it, management groups included, as ids in lower case, the tenant (empty) last. */
  scopesAbove(scope: string): readonly string[]
  /** Role assignments at the scope and at every scope above it, those at the top first. */
  assignmentsCovering(scope: string): readonly StoredResource[]
  /** Role assignments below the scope. */
  assignmentsBelow(scope: string): readonly StoredResource[]
}

/** A store over a state; every change is made in the state itself. The root management group has the tenant's id. */
export function createStore(state: ArmState, tenantId: string): Store {
  const { resources } = state
  const byType = new Map<string, Map<string, StoredResource>>()
  const byParent = new Map<string, Map<string, StoredResource>>()
  const byScope = new Map<string, Map<string, StoredResource>>()
  const indexAssignment = (assignment: StoredResource) => {
    const key = assignment.id.toLowerCase()
    add(byScope, scopePrefix(key), key, assignment)
  }
  const index = (resource: StoredResource) => {
    const type = resource.type.toLowerCase()
    const key = resource.id.toLowerCase()
    add(byType, type, key, resource)
    add(byParent, parentOf(key), key, resource)
    if (type === assignmentType) indexAssignment(resource)
  }
  for (const resource of Object.values(resources)) index(resource)

  const ofType = (type: string) => [...(byType.get(type.toLowerCase())?.values() ?? [])]
  const within = (scope: string) => {
    const prefix = `${scope.replace(/\/+$/, '').toLowerCase()}/`
    return Object.entries(resources).flatMap(([key, resource]) => (key.startsWith(prefix) ? [resource] : []))
  }

  /** What the changes of an attempt replaced, the last one last; absent outside of one. */
  let replaced: { readonly key: string; readonly former: StoredResource | undefined }[] | undefined
  const remember = (key: string) => replaced?.push({ key, former: resources[key] })
  const set = (resource: StoredResource) => {
    remember(resource.id.toLowerCase())
    resources[resource.id.toLowerCase()] = resource
    index(resource)
  }
  const remove = (id: string) => {
    const key = id.toLowerCase()
    remember(key)
    const type = resources[key]?.type.toLowerCase()
    delete resources[key]
    if (type !== undefined) byType.get(type)?.delete(key)
    byParent.get(parentOf(key))?.delete(key)
    if (type === assignmentType) byScope.get(scopePrefix(key))?.delete(key)
  }
  const attempt = <Result>(work: () => Result): Result => {
    const outer = replaced
    const own: NonNullable<typeof replaced> = []
    const deleted = [...state.softDeleted]
    replaced = own
    try {
      const result = work()
      outer?.push(...own)
      return result
    } catch (error) {
      for (const { key, former } of [...own].reverse()) former === undefined ? remove(key) : set(former)
      state.softDeleted.splice(0, state.softDeleted.length, ...deleted)
      throw error
    } finally {
      replaced = outer
    }
  }

  return {
    state,
    within,
    ofType,
    attempt,
    get: (id) => resources[id.replace(/\/+$/, '').toLowerCase()],
    set,
    delete: remove,
    children: (parent, type) => {
      const wanted = type.toLowerCase()
      const all = [...(byParent.get(parent.toLowerCase())?.values() ?? [])]
      return all.filter((resource) => resource.type.toLowerCase() === wanted)
    },
    scopesAbove: (scope) => scopesAbove(state, tenantId, scope),
    assignmentsCovering: (scope) =>
      [...scopesAbove(state, tenantId, scope)]
        .reverse()
        .flatMap((above) => [...(byScope.get(`${above}/`)?.values() ?? [])]),
    assignmentsBelow: (scope) => {
      const prefix = `${scope.replace(/\/+$/, '').toLowerCase()}/`
      return [...byScope].flatMap(([own, entries]) =>
        own.startsWith(prefix) && own !== prefix ? [...entries.values()] : [],
      )
    },
  }
}

/** A copy that can be changed without the store itself being changed. */
export function copyOf({ state }: Store, tenantId: string): Store {
  const subscriptions = Object.entries(state.subscriptions).map(([key, subscription]) => [
    key,
    { ...subscription },
  ])
  return createStore(
    {
      ...state,
      subscriptions: Object.fromEntries(subscriptions),
      resources: { ...state.resources },
      softDeleted: [...state.softDeleted],
    },
    tenantId,
  )
}

function add(
  index: Map<string, Map<string, StoredResource>>,
  entry: string,
  key: string,
  resource: StoredResource,
): void {
  const entries = index.get(entry) ?? new Map<string, StoredResource>()
  index.set(entry, entries.set(key, resource))
}

/** What `…/{parent}/{type}/{name}` is part of. */
const parentOf = (key: string): string => key.replace(/\/[^/]*\/[^/]*$/, '')

function scopePrefix(assignmentKey: string): string {
  return `${parseAddress(assignmentKey)?.scope.toLowerCase() ?? ''}/`
}
