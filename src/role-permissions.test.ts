import { describe, expect, test } from '@jest/globals'
import { noPermissions, permissionDifference, samePermissions } from './role-permissions.ts'
import { describeChange } from './setup/setup-texts.ts'

const reading = { ...noPermissions, actions: ['*/read'] }

describe('the difference of two roles', () => {
  test('is not in what one of them excepts and the other one never allows', () => {
    const searching = {
      ...noPermissions,
      actions: ['*/read', 'Microsoft.Search/searchServices/*'],
      notActions: ['Microsoft.Search/searchServices/delete'],
    }
    expect(permissionDifference(reading, searching)).toEqual({
      missing: [],
      beyond: ['Microsoft.Search/searchServices/*'],
    })
    expect(permissionDifference(searching, reading)).toEqual({
      missing: ['Microsoft.Search/searchServices/*'],
      beyond: [],
    })
  })

  test('is in what one of them excepts and the other one allows', () => {
    const all = { ...noPermissions, actions: ['a/*'] }
    const most = { ...all, notActions: ['a/delete'] }
    expect(permissionDifference(all, most)).toEqual({ missing: ['a/delete'], beyond: [] })
    expect(permissionDifference(most, all)).toEqual({ missing: [], beyond: ['a/delete'] })
    expect([samePermissions(all, most), samePermissions(most, most)]).toEqual([false, true])
  })
})

test('a role that somebody made endless is shown bounded, and without what a terminal obeys', () => {
  const actions = Array.from({ length: 3000 }, (_, index) => `Microsoft.Fake\u001b[2J/things${index}/delete`)
  const text = describeChange({
    kind: 'roleDefinition',
    before: { ...noPermissions, actions },
    definition: {
      ...{ environment: 'dev', id: 'id', name: 'AI Factory lead (x)', description: 'All.', scope: '/s' },
      permissions: reading,
    },
  })
  expect(text.length).toBeLessThan(3000)
  expect(text).not.toContain('\u001b')
  expect(text).toMatch(/gains \*\/read and loses .* more/)
})
