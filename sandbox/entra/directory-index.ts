import type { Group, OpenDirectoryState } from './model.ts'
import type { DirectoryObject, OwnedObject, Relationship } from './objects.ts'

/** Finds objects by id and groups by member; keeps the lists of the state and itself alike. */
export interface DirectoryIndex {
  lookup(objectId: string): DirectoryObject | undefined
  groupsOf(objectId: string): readonly string[]
  add(object: OwnedObject): void
  /** Takes an object away, and with it every mention of it in a group or a unit. */
  remove(object: OwnedObject): void
  link(group: Group, relationship: Relationship, objectIds: readonly string[]): void
  unlink(group: Group, relationship: Relationship, objectId: string): void
}

const lists = {
  User: 'users',
  Group: 'groups',
  Application: 'applications',
  ServicePrincipal: 'servicePrincipals',
} as const

/** Reads a state once and follows its changes. */
export function openDirectoryIndex(state: OpenDirectoryState): DirectoryIndex {
  const objects = new Map<string, DirectoryObject>()
  const groupsByMember = new Map<string, Set<string>>()

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

  function add(object: OwnedObject): void {
    const list: { readonly id: string }[] = state[lists[object.kind]]
    list.push(object.value)
    if (object.kind === 'Application') return
    objects.set(key(object.value.id), object)
    if (object.kind === 'Group') for (const member of object.value.members) remember(member, object.value.id)
  }

  function forget(id: string): void {
    objects.delete(key(id))
    groupsByMember.delete(key(id))
    for (const group of state.groups) {
      group.members = group.members.filter((member) => !same(member, id))
      group.owners = group.owners.filter((owner) => !same(owner, id))
    }
    for (const unit of state.units) {
      unit.members = unit.members.filter((member) => !same(member, id))
    }
  }

  return {
    lookup: (objectId) => objects.get(key(objectId)),
    groupsOf,
    add,
    remove: (object) => {
      const list: { readonly id: string }[] = state[lists[object.kind]]
      const position = list.findIndex((candidate) => same(candidate.id, object.value.id))
      if (position >= 0) list.splice(position, 1)
      if (object.kind === 'Group') {
        for (const member of object.value.members) groupsByMember.get(key(member))?.delete(object.value.id)
      }
      if (object.kind !== 'Application') forget(object.value.id)
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

const key = (id: string): string => id.toLowerCase()
const same = (one: string, other: string): boolean => key(one) === key(other)
