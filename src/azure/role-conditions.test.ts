import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AssignmentRequest, fulfils } from './role-conditions.ts'

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const write = 'Microsoft.Authorization/roleAssignments/write'
const request = (differences: Partial<AssignmentRequest> = {}): AssignmentRequest => ({
  action: write,
  roleDefinitionId: reader,
  principalType: 'Group',
  principalId: undefined,
  ...differences,
})
const attribute = (name: string): string => `@Request[Microsoft.Authorization/roleAssignments:${name}]`
const recommended =
  `((!(ActionMatches{'${write}'})) OR (${attribute('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${reader}, ${reader.replace('a', 'b')}}` +
  ` AND ${attribute('PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {'Group', 'ServicePrincipal'}))`

describe('a condition on roles and types of principals', () => {
  test.each([
    ['allows what it names', {}, true],
    ['ignores case', { principalType: 'group', roleDefinitionId: reader.toUpperCase() }, true],
    ['refuses another role', { roleDefinitionId: owner }, false],
    ['refuses another type', { principalType: 'User' }, false],
    [
      'is about no other action',
      { action: 'Microsoft.Authorization/roleAssignments/read', roleDefinitionId: owner },
      true,
    ],
  ] as const)('%s', (_what, differences, expected) => {
    expect(fulfils(recommended, request(differences))).toBe(expected)
  })

  test.each([
    [`${attribute('RoleDefinitionId')} ForAnyOfAllValues:GuidNotEquals {${owner}, ${reader}}`, false],
    [`${attribute('RoleDefinitionId')} ForAnyOfAllValues:GuidNotEquals {${owner}}`, true],
    [`${attribute('PrincipalType')} StringEquals 'Group'`, true],
    [`NOT ${attribute('PrincipalType')} StringEquals 'Group' && ActionMatches{'${write}'}`, false],
  ])('%s is %s', (condition, expected) => {
    expect(fulfils(condition, request())).toBe(expected)
  })
})

describe('what is not known is neither allowed nor refused', () => {
  test.each([
    [`${attribute('PrincipalId')} ForAnyOfAnyValues:GuidEquals {${owner}}`],
    ["@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:a_b] StringEquals 'x'"],
    [`${attribute('RoleDefinitionId')} DateTimeEquals '2026-01-01'`],
    ["SubOperationMatches{'Blob.List'}"],
    [`(${attribute('PrincipalType')} StringEquals 'Group'`],
    ['and so on'],
    [''],
  ])('%s', (condition) => {
    expect(fulfils(condition, request())).toBeUndefined()
  })

  test('unless the rest decides', () => {
    const unknown = `${attribute('PrincipalId')} GuidEquals '${owner}'`
    expect(fulfils(`${unknown} OR ${recommended}`, request())).toBe(true)
    expect(fulfils(`${unknown} AND ${recommended}`, request({ principalType: 'User' }))).toBe(false)
  })
})

test('any text is read to its end', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect([true, false, undefined]).toContain(fulfils(text, request()))
    }),
  )
})
