import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { assignmentName, tupleOf } from './role-assignment.ts'

const tuples = fc.record({
  scope: fc
    .array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 1, maxLength: 6 })
    .map((parts) => `/${parts.join('/')}`),
  principalId: fc.uuid(),
  roleDefinitionId: fc.uuid(),
})

test('the same assignment has the same name, however Azure writes its ids', () => {
  fc.assert(
    fc.property(tuples, (tuple) => {
      const written = {
        scope: `${tuple.scope.toUpperCase()}/`,
        principalId: tuple.principalId.toUpperCase(),
        roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${tuple.roleDefinitionId}`,
      }
      expect(assignmentName(written)).toBe(assignmentName(tuple))
    }),
  )
})

test('different assignments have different names', () => {
  fc.assert(
    fc.property(tuples, tuples, (a, b) => {
      expect(assignmentName(a) === assignmentName(b)).toBe(tupleOf(a) === tupleOf(b))
    }),
  )
})

test('the name is a UUID', () => {
  fc.assert(
    fc.property(tuples, (tuple) => {
      expect(assignmentName(tuple)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }),
  )
})
