import { expect, test } from '@jest/globals'
import { holdsFor } from './policy-rule.ts'

const subject = {
  id: '/subscriptions/s/resourceGroups/g',
  type: 'Microsoft.Resources/subscriptions/resourceGroups',
  name: 'g',
  body: { location: 'swedencentral', tags: { costCentre: 'FinanceDept' } },
}

test.each([
  ['location', 'Sweden Central', true],
  ["tags['costCentre']", 'financedept', true],
  ["tags['costCentre']", 'Finance Dept', false],
])('a blank counts everywhere but in places: %s is %j: %s', (field, equals, holds) => {
  expect(holdsFor({ field, equals }, subject, {})).toBe(holds)
  expect(holdsFor({ field, notIn: [equals] }, subject, {})).toBe(!holds)
})
