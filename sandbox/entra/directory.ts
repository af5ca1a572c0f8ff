import type { Clock, Directory, Identifiers, Principal } from '../contracts.ts'
import type { Application, DirectoryState, Group, ServicePrincipal, User } from './model.ts'

/** Anything in the directory that a group can hold. */
export type DirectoryObject =
  | { readonly kind: 'User'; readonly value: User }
  | { readonly kind: 'Group'; readonly value: Group }
  | { readonly kind: 'ServicePrincipal'; readonly value: ServicePrincipal }

/** Which of a group's two lists. */
export type Relationship = 'members' | 'owners'

/** The directory with all that its keepers, the token endpoint and Microsoft Graph, do to it. */
export interface DirectoryStore extends Directory {
  readonly state: DirectoryState
  /** Any user, group or service principal by object id, ignoring case. */
  lookup(objectId: string): DirectoryObject | undefined
  users(): readonly User[]
  groups(): readonly Group[]
  servicePrincipals(): readonly ServicePrincipal[]
  application(appId: string): Application | undefined
  servicePrincipalOf(appId: string): ServicePrincipal | undefined
  addGroup(group: Group): void
  removeGroup(id: string): void
  link(group: Group, relationship: Relationship, objectIds: readonly string[]): void
  unlink(group: Group, relationship: Relationship, objectId: string): void
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
export function openDirectory(state: DirectoryState, options: DirectoryOptions): DirectoryStore {
  const { clock, identifiers, replicationLag = 0 } = options
  const objects = new Map<string, DirectoryObject>()
  const groupsByMember = new Map<string, Set<string>>()
  const visibleFrom = new Map<string, number>()

  for (const value of state.users) objects.set(key(value.id), { kind: 'User', value })
  for (const value of state.servicePrincipals) objects.set(key(value.id), { kind: 'ServicePrincipal', value })
  for (const value of state.groups) {
    objects.set(key(value.id), { kind: 'Group', value })
    for (const member of value.members) remember(member, value.id)
  }

  function remember(member: string, group: string): void {
    const groups = groupsByMember.get(key(member)) ?? new Set()
    groupsByMember.set(key(member), groups.add(group))
  }

  function delay(id: string): void {
    if (replicationLag > 0) visibleFrom.set(key(id), clock.now().getTime() + replicationLag)
  }

  function isVisible(object: { readonly id: string }): boolean {
    const from = visibleFrom.get(key(object.id))
    return from === undefined || clock.now().getTime() >= from
  }

  function lookup(objectId: string): DirectoryObject | undefined {
    const found = objects.get(key(objectId))
    return found && isVisible(found.value) ? found : undefined
  }

  function groupsOf(objectId: string): readonly string[] {
    const found = new Set<string>()
    const open = [objectId]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const group of groupsByMember.get(key(next)) ?? []) {
        if (found.has(group)) continue
        found.add(group)
        open.push(group)
      }
    }
    return [...found]
  }

  /** Takes an object away, and with it every mention of it in a group. */
  function forget(id: string): void {
    objects.delete(key(id))
    groupsByMember.delete(key(id))
    for (const group of state.groups) {
      group.members = group.members.filter((member) => !same(member, id))
      group.owners = group.owners.filter((owner) => !same(owner, id))
    }
  }

  return {
    state,
    lookup,
    groupsOf,
    find: (objectId) => toPrincipal(lookup(objectId)),
    users: () => state.users,
    groups: () => (replicationLag > 0 ? state.groups.filter(isVisible) : state.groups),
    servicePrincipals: () =>
      replicationLag > 0 ? state.servicePrincipals.filter(isVisible) : state.servicePrincipals,
    application: (appId) => state.applications.find((candidate) => same(candidate.appId, appId)),
    servicePrincipalOf: (appId) => state.servicePrincipals.find((candidate) => same(candidate.appId, appId)),
    createManagedIdentity: (displayName, resourceId) => {
      const principal: ServicePrincipal = {
        id: identifiers.uuid(),
        appId: identifiers.uuid(),
        displayName,
        servicePrincipalType: 'ManagedIdentity',
        alternativeNames: [`isExplicit=${isUserAssigned(resourceId) ? 'True' : 'False'}`, resourceId],
      }
      state.servicePrincipals.push(principal)
      objects.set(key(principal.id), { kind: 'ServicePrincipal', value: principal })
      delay(principal.id)
      return { principalId: principal.id, clientId: principal.appId }
    },
    removeManagedIdentity: (principalId) => {
      remove(state.servicePrincipals, principalId)
      forget(principalId)
    },
    addGroup: (group) => {
      state.groups.push(group)
      objects.set(key(group.id), { kind: 'Group', value: group })
      for (const member of group.members) remember(member, group.id)
      delay(group.id)
    },
    removeGroup: (id) => {
      const group = state.groups.find((candidate) => same(candidate.id, id))
      for (const member of group?.members ?? []) groupsByMember.get(key(member))?.delete(group?.id ?? id)
      remove(state.groups, id)
      forget(id)
    },
    link: (group, relationship, objectIds) => {
      group[relationship].push(...objectIds)
      if (relationship === 'members') for (const id of objectIds) remember(id, group.id)
    },
    unlink: (group, relationship, objectId) => {
      group[relationship] = group[relationship].filter((candidate) => !same(candidate, objectId))
      if (relationship === 'members') groupsByMember.get(key(objectId))?.delete(group.id)
    },
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

function remove(list: { readonly id: string }[], id: string): void {
  const index = list.findIndex((candidate) => same(candidate.id, id))
  if (index >= 0) list.splice(index, 1)
}

function isUserAssigned(resourceId: string): boolean {
  return /\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\//i.test(resourceId)
}
