import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Acl,
  type AclEntry,
  AclSyntaxError,
  formatAcl,
  fromBits,
  inOrder,
  parseAcl,
  type Rights,
} from './acl.ts'
import { fromControlItems, toControlItems } from './control-items.ts'

const rights = (): fc.Arbitrary<Rights> => fc.nat(7).map(fromBits)

const list = (): fc.Arbitrary<readonly AclEntry[]> =>
  fc
    .record({
      base: fc.tuple(rights(), rights(), rights(), rights()),
      named: fc.uniqueArray(
        fc.record({ type: fc.constantFrom('user', 'group'), id: fc.uuid(), rights: rights() }),
        { maxLength: 28, selector: ({ type, id }) => `${type}:${id}` },
      ),
    })
    .map(({ base: [user, group, mask, other], named }) =>
      inOrder([
        { type: 'user', rights: user },
        { type: 'group', rights: group },
        { type: 'other', rights: other },
        ...(named.length > 0 ? [{ type: 'mask', rights: mask } as const] : []),
        ...named,
      ]),
    )

const acl = (): fc.Arbitrary<Acl> =>
  fc.record({ access: list(), defaults: fc.oneof(fc.constant([]), list()) })

describe('the text form of access control lists', () => {
  test('is read back as it was written', () => {
    fc.assert(fc.property(acl(), (each) => expect(parseAcl(formatAcl(each))).toEqual(each)))
  })

  test('has one way to write a list', () => {
    const text =
      'other::---,default:user::rwx,group:BBBBBBBB-0000-4000-8000-000000000000:r-x,mask::r-x,default:group::r-x,user::rwx,default:other::---,group::r--'
    expect(formatAcl(parseAcl(text))).toBe(
      'user::rwx,group::r--,group:bbbbbbbb-0000-4000-8000-000000000000:r-x,mask::r-x,other::---,default:user::rwx,default:group::r-x,default:other::---',
    )
  })

  test.each([
    ['nothing', ''],
    ['an incomplete list', 'user::rwx,group::r-x'],
    ['an incomplete default list', 'user::rwx,group::r-x,other::---,default:user::rwx'],
    [
      'names without a mask',
      'user::rwx,group::r-x,other::---,group:00000000-0000-4000-8000-000000000001:r-x',
    ],
    ['an entry twice', 'user::rwx,user::r--,group::r-x,other::---'],
    ['rights in another order', 'user::xwr,group::r-x,other::---'],
    ['rights as a number', 'user::7,group::r-x,other::---'],
    ['a mask with a name', 'user::rwx,group::r-x,other::---,mask:00000000-0000-4000-8000-000000000001:r-x'],
    ['a person by name', 'user::rwx,group::r-x,other::---,mask::rwx,user:anna@contoso.example:r-x'],
    ['spaces', 'user::rwx, group::r-x,other::---'],
  ])('is refused: %s', (_case, text) => {
    expect(() => parseAcl(text)).toThrow(AclSyntaxError)
  })
})

test("the shape of Microsoft's client says the same", () => {
  fc.assert(fc.property(acl(), (each) => expect(fromControlItems(toControlItems(each))).toEqual(each)))
})
