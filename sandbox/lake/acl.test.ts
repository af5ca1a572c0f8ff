/** The algebra of access control lists. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Acl,
  type AclEntry,
  formatAcl,
  maximumEntries,
  modifyEntries,
  parseEntries,
  removeEntries,
  setEntries,
} from './acl.ts'
import { rootAcl } from './permissions.ts'

const rights = fc.integer({ min: 0, max: 7 })
const scope = fc.constantFrom('access', 'default')
/** Few enough that lists meet in them, and together with the base never too many. */
const id = fc
  .integer({ min: 0, max: 11 })
  .map((number) => `aaaaaaaa-0000-0000-0000-${String(number).padStart(12, '0')}`)

const named: fc.Arbitrary<AclEntry> = fc.record({
  scope,
  kind: fc.constantFrom('user', 'group'),
  id,
  permissions: rights,
})
const keyOf = ({ scope, kind, id }: AclEntry): string => `${scope}:${kind}:${id}`
const someNamed = fc.uniqueArray(named, { selector: keyOf, maxLength: 12 })

const base = (scope: 'access' | 'default'): fc.Arbitrary<AclEntry[]> =>
  fc.tuple(rights, rights, rights).map(([user, group, other]) => [
    { scope, kind: 'user', id: '', permissions: user },
    { scope, kind: 'group', id: '', permissions: group },
    { scope, kind: 'other', id: '', permissions: other },
  ])

const acls: fc.Arbitrary<Acl> = fc
  .tuple(base('access'), base('default'), someNamed)
  .map(([access, byDefault, entries]) => setEntries(rootAcl, [...access, ...byDefault, ...entries]))

const withoutRights = (entries: readonly AclEntry[]): AclEntry[] =>
  entries.map((entry) => ({ ...entry, permissions: undefined }))

const namedCount = (acl: Acl): number => acl.access.users.size + acl.access.groups.size

describe('an access control list', () => {
  test('comes back from its text', () => {
    fc.assert(
      fc.property(acls, (acl) => {
        expect(setEntries(rootAcl, parseEntries(formatAcl(acl)))).toEqual(acl)
      }),
    )
  })

  test('has a mask exactly when it has named entries, and the mask takes nothing from them', () => {
    fc.assert(
      fc.property(acls, ({ access }) => {
        const given = [...access.users.values(), ...access.groups.values()]
        expect(access.mask === undefined).toBe(given.length === 0)
        for (const granted of given) expect(granted & (access.mask ?? 0)).toBe(granted)
      }),
    )
  })

  test('modified twice with the same entries is as modified once', () => {
    fc.assert(
      fc.property(acls, someNamed, (acl, entries) => {
        const once = modifyEntries(acl, entries)
        expect(modifyEntries(once, entries)).toEqual(once)
      }),
    )
  })

  test('modified has the entries given, and keeps all others', () => {
    fc.assert(
      fc.property(acls, someNamed, (acl, entries) => {
        const after = new Map(parseEntries(formatAcl(modifyEntries(acl, entries))).map((e) => [keyOf(e), e]))
        for (const entry of entries) expect(after.get(keyOf(entry))).toEqual(entry)
        const touched = new Set(entries.map(keyOf))
        for (const entry of parseEntries(formatAcl(acl))) {
          if (entry.kind === 'mask' || touched.has(keyOf(entry))) continue
          expect(after.get(keyOf(entry))).toEqual(entry)
        }
      }),
    )
  })

  test('with entries removed has none of them, and removing what is not there changes nothing', () => {
    fc.assert(
      fc.property(acls, someNamed, (acl, entries) => {
        const removed = removeEntries(acl, withoutRights(entries))
        const keys = parseEntries(formatAcl(removed)).map(keyOf)
        for (const entry of entries) expect(keys).not.toContain(keyOf(entry))
        expect(removeEntries(removed, withoutRights(entries))).toEqual(removed)
      }),
    )
  })

  test('never has more entries than the service keeps', () => {
    const tooMany = Array.from({ length: 29 }, (_, index) => ({
      scope: 'access' as const,
      kind: 'user' as const,
      id: `bbbbbbbb-0000-0000-0000-${String(index).padStart(12, '0')}`,
      permissions: 4,
    }))
    const full = modifyEntries(rootAcl, tooMany.slice(1))
    expect(namedCount(full) + 4).toBe(maximumEntries)
    expect(() => modifyEntries(full, tooMany)).toThrow('The access control list value is invalid.')
  })
})
