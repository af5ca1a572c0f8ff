import type { Clock } from '../contracts.ts'
import type { DirectoryIndex } from './directory-index.ts'
import type { DeletedObject, OpenDirectoryState } from './model.ts'
import type { OwnedObject } from './objects.ts'

/** Deleting, and what can be taken back of it. */
export interface Deletions {
  /** Takes an object away. It can be restored for a time, with the groups it was in. */
  remove(object: OwnedObject): void
  /** What can be restored still. */
  deleted(): readonly DeletedObject[]
  restore(object: DeletedObject): void
  /** Deletes for good. */
  purge(object: DeletedObject): void
}

/** Days that a deleted object is kept. https://learn.microsoft.com/graph/api/resources/directory */
const keptDays = 30

/** Works on a state through its index. */
export function openDeletions(state: OpenDirectoryState, clock: Clock, index: DirectoryIndex): Deletions {
  const drop = (id: string): void => {
    state.deleted = state.deleted.filter(({ value }) => value.id !== id)
  }
  const groupsWith = (relationship: 'members' | 'owners', id: string): readonly string[] =>
    state.groups.filter((group) => group[relationship].includes(id)).map((group) => group.id)

  return {
    remove: (object) => {
      const { id } = object.value
      const kept: DeletedObject = {
        ...object,
        deletedDateTime: clock.now().toISOString(),
        memberOf: groupsWith('members', id),
        ownerOf: groupsWith('owners', id),
      }
      index.remove(object)
      state.deleted = [...state.deleted, kept]
    },
    deleted: () => {
      const since = clock.now().getTime() - keptDays * 24 * 3600 * 1000
      return state.deleted.filter(({ deletedDateTime }) => Date.parse(deletedDateTime) > since)
    },
    restore: (object) => {
      drop(object.value.id)
      const { memberOf, ownerOf } = object
      index.add(object)
      for (const group of state.groups) {
        if (memberOf.includes(group.id)) index.link(group, 'members', [object.value.id])
        if (ownerOf.includes(group.id)) index.link(group, 'owners', [object.value.id])
      }
    },
    purge: (object) => drop(object.value.id),
  }
}
