import type { PropertyChange } from '../plan/model.ts'
import {
  type Acl,
  type AclEntry,
  formatEntries,
  idOf,
  keyOf,
  namedEntries,
  type Rights,
  without,
} from './acl.ts'
import type { KnownPrincipal } from './desired.ts'
import type { EntryChange } from './merge.ts'

/** An entry that changes, as a plan shows it. */
export function toProperty({ list, before, after }: EntryChange): PropertyChange {
  const entry = after ?? before
  return {
    path: `${list} ${entry === undefined ? '' : keyOf(entry)}`,
    ...(before === undefined ? {} : { before: before.rights }),
    ...(after === undefined ? {} : { after: after.rights }),
  }
}

/** Who gains and who loses which rights on the folder itself. Empty when nobody does. */
export function gainsAndLosses(
  changes: readonly EntryChange[],
  known: readonly KnownPrincipal[],
): readonly string[] {
  const said = (verb: string, rightsOfChange: (change: EntryChange) => Rights): readonly string[] => {
    const parts = changes.flatMap((change) => {
      const entry = change.after ?? change.before
      const who = change.list === 'access' && entry !== undefined ? nameOf(entry, known) : undefined
      const rights = rightsOfChange(change)
      return who === undefined || rights === '---' ? [] : [`${who} ${rights}`]
    })
    return parts.length === 0 ? [] : [`${verb}: ${parts.join(', ')}.`]
  }
  return [
    ...said('Gained', ({ before, after }) => without(after?.rights ?? '---', before?.rights ?? '---')),
    ...said('Lost', ({ before, after }) => without(before?.rights ?? '---', after?.rights ?? '---')),
  ]
}

function nameOf(entry: AclEntry, known: readonly KnownPrincipal[]): string | undefined {
  if (entry.type === 'mask') return undefined
  if (entry.type === 'other') return 'everybody else'
  const id = idOf(entry)
  if (id === undefined) return entry.type === 'user' ? 'the owner' : 'the owning group'
  return known.find((principal) => principal.id === id)?.title ?? id
}

/** A warning about entries in a project's folder that somebody else has put there; none when there are none. */
export function strangers(
  path: string,
  { access, defaults }: Acl,
  known: ReadonlySet<string>,
): readonly string[] {
  const foreign = [...namedEntries(access), ...namedEntries(defaults)].filter(
    (entry) => !known.has(idOf(entry) ?? ''),
  )
  const texts = [...new Set(formatEntries(foreign))]
  return texts.length === 0
    ? []
    : [`Folder '${path}' has entries that no manifest asks for, which were left alone: ${texts.join(', ')}.`]
}
