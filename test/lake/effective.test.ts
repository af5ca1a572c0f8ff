import { describe, expect, test } from '@jest/globals'
import { parseAcl } from '../../src/lake/acl.ts'
import {
  allows,
  effectiveAccess,
  type GuardedPath,
  type LakeCaller,
  reach,
} from '../../src/lake/effective.ts'
import { id } from './projects.ts'

const anna = id('a')
const readers = id('b')
const writers = id('c')

const guarded = (text: string, owner = '$superuser', group = '$superuser'): GuardedPath => ({
  access: parseAcl(text).access,
  owner,
  group,
})
const caller = (...groups: string[]): LakeCaller => ({ id: anna, groups: new Set(groups) })

describe('the access check', () => {
  test.each([
    [
      'the owner, whatever the mask',
      guarded(`user::rw-,group::---,mask::---,other::---,user:${anna}:--x`, anna),
      caller(),
      'rw-',
    ],
    [
      'a named person, limited by the mask',
      guarded(`user::rwx,group::---,user:${anna}:rwx,mask::r-x,other::---`),
      caller(),
      'r-x',
    ],
    [
      'a named person, whose groups do not count',
      guarded(`user::rwx,group::---,user:${anna}:---,group:${readers}:r-x,mask::rwx,other::rwx`),
      caller(readers),
      '---',
    ],
    [
      'a member of two groups',
      guarded(`user::rwx,group::---,group:${readers}:r-x,group:${writers}:-wx,mask::rwx,other::---`),
      caller(readers, writers),
      'rwx',
    ],
    [
      'a member of a group, limited by the mask',
      guarded(`user::rwx,group::---,group:${readers}:rwx,mask::--x,other::---`),
      caller(readers),
      '--x',
    ],
    [
      'a member of the owning group',
      guarded(`user::rwx,group::rw-,mask::r--,other::---`, '$superuser', readers),
      caller(readers),
      'r--',
    ],
    ['everybody else', guarded('user::rwx,group::rwx,other::--x'), caller(readers), '--x'],
    [
      'everybody else, limited by the mask',
      guarded('user::rwx,group::rwx,mask::r--,other::r-x'),
      caller(),
      'r--',
    ],
  ])('%s', (_case, path, who, expected) => {
    expect(effectiveAccess(path, who)).toBe(expected)
  })

  test('asks for one group that suffices alone', () => {
    const path = guarded(
      `user::rwx,group::---,group:${readers}:r--,group:${writers}:-w-,mask::rwx,other::---`,
    )
    expect(allows(path, caller(readers, writers), 'r--')).toBe(true)
    expect(allows(path, caller(readers, writers), 'rw-')).toBe(false)
  })
})

test('whoever cannot pass a folder above has nothing below it', () => {
  const tree = new Map([
    ['', guarded('user::rwx,group::---,other::--x')],
    ['projects', guarded('user::rwx,group::---,other::---')],
    ['projects/project001', guarded('user::rwx,group::---,other::rwx')],
  ])
  expect(reach(tree, 'projects/project001', caller())).toEqual({ rights: '---', blockedAt: 'projects' })
})
