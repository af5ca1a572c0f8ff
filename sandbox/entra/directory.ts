import type { Clock, Directory, Identifiers, Principal } from '../contracts.ts'
import { type Deletions, openDeletions } from './deletions.ts'
import { openDirectoryIndex } from './directory-index.ts'
import { graphServicePrincipal } from './graph-service-principal.ts'
import {
  type Application,
  type DirectoryState,
  type Group,
  type OpenDirectoryState,
  type ServicePrincipal,
  type User,
  withAllLists,
} from './model.ts'
import type { DirectoryObject, OwnedObject, Relationship } from './objects.ts'
import type { AdministrativeUnit } from './role-model.ts'

/** The directory with all that its keepers, the token endpoint and Microsoft Graph, do to it. */
export interface DirectoryStore extends Directory, Deletions {
  readonly state: OpenDirectoryState
  /** Any user, group or service principal by object id, ignoring case. */
  lookup(objectId: string): DirectoryObject | undefined
  users(): readonly User[]
  groups(): readonly Group[]
  servicePrincipals(): readonly ServicePrincipal[]
  application(appId: string): Application | undefined
  servicePrincipalOf(appId: string): ServicePrincipal | undefined
  add(object: OwnedObject): void
  /** Changes an object in place. */
  update<Value extends object>(value: Value, changes: Partial<Value>): void
  link(group: Group, relationship: Relationship, objectIds: readonly string[]): void
  unlink(group: Group, relationship: Relationship, objectId: string): void
  /** The administrative units that an object is in. */
  unitsOf(objectId: string): readonly AdministrativeUnit[]
}

/** What the directory needs besides its state. */
export interface DirectoryOptions {
  readonly clock: Clock
  readonly identifiers: Identifiers
  /**
   * Milliseconds for which a new object cannot be found yet, as happens while Entra replicates. Default 0.
   * https://learn.microsoft.com/entra/architecture/architecture
   */
  readonly replicationLag?: number
}

/** Opens a directory. The state is changed in place, so whoever holds it can save it. */
export function openDirectory(saved: DirectoryState, options: DirectoryOptions): DirectoryStore {
  const state = withAllLists(saved)
  const { clock, identifiers, replicationLag = 0 } = options
  const index = openDirectoryIndex(state)
  const visibleFrom = new Map<string, number>()
  if (!state.servicePrincipals.some(({ appId }) => appId === graphServicePrincipal.appId)) {
    index.add({ kind: 'ServicePrincipal', value: { ...graphServicePrincipal } })
  }

  function isVisible(object: { readonly id: string }): boolean {
    const from = visibleFrom.get(key(object.id))
    return from === undefined || clock.now().getTime() >= from
  }

  function add(object: OwnedObject): void {
    index.add(object)
    if (replicationLag > 0) visibleFrom.set(key(object.value.id), clock.now().getTime() + replicationLag)
  }

  function lookup(objectId: string): DirectoryObject | undefined {
    const found = index.lookup(objectId)
    return found && isVisible(found.value) ? found : undefined
  }

  const visible = <Value extends { readonly id: string }>(values: readonly Value[]): readonly Value[] =>
    replicationLag > 0 ? values.filter(isVisible) : values

  return {
    ...openDeletions(state, clock, index),
    state,
    lookup,
    add,
    groupsOf: index.groupsOf,
    find: (objectId) => toPrincipal(lookup(objectId)),
    users: () => visible(state.users),
    groups: () => visible(state.groups),
    servicePrincipals: () => visible(state.servicePrincipals),
    application: (appId) => state.applications.find((candidate) => same(candidate.appId, appId)),
    servicePrincipalOf: (appId) => state.servicePrincipals.find((candidate) => same(candidate.appId, appId)),
    update: (value, changes) => {
      Object.assign(value, changes)
    },
    createManagedIdentity: (displayName, resourceId) => {
      const principal: ServicePrincipal = {
        id: identifiers.uuid(),
        appId: identifiers.uuid(),
        displayName,
        servicePrincipalType: 'ManagedIdentity',
        alternativeNames: [`isExplicit=${isUserAssigned(resourceId) ? 'True' : 'False'}`, resourceId],
      }
      add({ kind: 'ServicePrincipal', value: principal })
      return { principalId: principal.id, clientId: principal.appId }
    },
    removeManagedIdentity: (principalId) => {
      const found = index.lookup(principalId)
      if (found?.kind === 'ServicePrincipal') index.remove(found)
    },
    link: index.link,
    unlink: index.unlink,
    unitsOf: (objectId) =>
      state.units.filter(({ members }) => members.some((member) => same(member, objectId))),
  }
}

function toPrincipal(object: DirectoryObject | undefined): Principal | undefined {
  if (!object) return undefined
  const { kind, value } = object
  const base = { objectId: value.id, displayName: value.displayName }
  return kind === 'ServicePrincipal' ? { ...base, kind, appId: value.appId } : { ...base, kind }
}

/** Object ids are GUIDs, which compare without regard to case. */
function key(id: string): string {
  return id.toLowerCase()
}

function same(one: string, other: string): boolean {
  return key(one) === key(other)
}

function isUserAssigned(resourceId: string): boolean {
  return /\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\//i.test(resourceId)
}
