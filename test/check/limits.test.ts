import { expect, test } from '@jest/globals'
import type { Used } from '../../src/network/capacity/forecast.ts'
import { limitFindings } from '../../src/operations/check/limits.ts'

const known = (used: number): Used => ({ kind: 'known', used })
const demands = {
  privateEndpoints: 8,
  subnets: 2,
  roleAssignments: 30,
  deploymentStacks: 1,
  resourceGroups: 1,
}
const empty = {
  privateEndpoints: known(0),
  subnets: known(0),
  roleAssignments: known(0),
  deploymentStacks: known(0),
  resourceGroups: known(0),
}

test.each([
  [
    'private endpoints of the VNet',
    { privateEndpoints: known(993) },
    'The delivery needs 8 more private endpoints, and 7 of 1,000 are left.',
  ],
  [
    'role assignments of the subscription',
    { roleAssignments: known(3_980) },
    'The delivery needs 30 more role assignments, and 20 of 4,000 are left.',
  ],
  [
    'resource groups',
    { resourceGroups: known(980) },
    'The delivery needs 1 more resource groups, and 0 of 980 are left.',
  ],
  [
    'deployment stacks',
    { deploymentStacks: known(800) },
    'The delivery needs 1 more deployment stacks, and 0 of 800 are left.',
  ],
])('one project too many: %s', (_what, used, what) => {
  expect(limitFindings(demands, { ...empty, ...used }, {})).toEqual([
    expect.objectContaining({ severity: 'fault', what, fix: expect.stringContaining(' ') }),
  ])
})

test('what fits exactly is no finding, nor is a limit that was raised', () => {
  const used = { ...empty, privateEndpoints: known(992), roleAssignments: known(3_970) }
  expect(limitFindings(demands, used, {})).toEqual([])
  expect(
    limitFindings(demands, { ...empty, privateEndpoints: known(2_000) }, { privateEndpoints: 5_000 }),
  ).toEqual([])
})

test('what cannot be counted is not checked', () => {
  const used = { ...empty, roleAssignments: { kind: 'unknown', reason: 'Nobody may count them.' } as const }
  expect(limitFindings(demands, used, {})).toEqual([
    expect.objectContaining({ severity: 'unchecked', why: 'Nobody may count them.' }),
  ])
})

test('what is there already takes nothing more', () => {
  const nothing = {
    privateEndpoints: 0,
    subnets: 0,
    roleAssignments: 0,
    deploymentStacks: 0,
    resourceGroups: 0,
  }
  expect(limitFindings(nothing, { ...empty, roleAssignments: known(4_000) }, {})).toEqual([])
})
