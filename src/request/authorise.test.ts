import { describe, expect, test } from '@jest/globals'
import { authorise, hashRequest, type Permission, permissionOf, permissions } from './authorise.ts'

describe('who may request a project', () => {
  test.each(
    permissions.flatMap((mine) => permissions.map((minimum): [Permission, Permission] => [mine, minimum])),
  )('%s where %s is needed', (mine, minimum) => {
    const expected = permissions.indexOf(mine) >= permissions.indexOf(minimum)
    expect(authorise(mine, { minimum }).allowed).toBe(expected)
  })

  test.each([
    [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
    [{ permission: 'read', role_name: 'triage' }, 'triage'],
    [{ permission: 'write', role_name: 'our-own-role' }, 'write'],
    [{ permission: 'admin' }, 'admin'],
    [{ permission: 'emperor' }, 'none'],
  ])('%j is understood as %s', (answer, expected) => {
    expect(permissionOf(answer)).toBe(expected)
  })
})

describe('the fingerprint of a request', () => {
  test('does not change with line endings or blank space around', () => {
    expect(hashRequest('### A\r\n\r\nb\r\n')).toBe(hashRequest('### A\n\nb'))
  })

  test('changes with everything else', () => {
    const hashes = ['### A\n\nb', '### A\n\nc', '### A\n\nb\u200b', '### A\n\n b'].map(hashRequest)
    expect(new Set(hashes).size).toBe(4)
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
  })
})
