import { expect, test } from '@jest/globals'
import { failureOfLeft } from './destroy-guards.ts'

const of = 'project 003 in dev'
const left = (kind: string, name: string, reason: string) =>
  ({ why: 'failed', kind, name, reason, fix: 'Run again.' }) as const

test('every different reason is a fault of its own, though all have the same fix', () => {
  const failure = failureOfLeft(of, [
    left('resource group', 'rg-1', "Deleting 'resourceGroups/rg-1' failed. Azure answered 500."),
    left('folder', 'projects/project003', "Emptying 'project003' failed: the lake refused it."),
    left('group', 'prj003_lead', "Deleting 'groups/prj003_lead' took longer than 10 minutes."),
  ])
  const whats = failure?.parts.faults?.map(({ what }) => what) ?? []
  expect(whats).toHaveLength(3)
  for (const reason of ['Azure answered 500', 'the lake refused it', 'longer than 10 minutes'])
    expect(failure?.message).toContain(reason)
})

test('one reason that keeps several things is one fault', () => {
  const refused = (name: string) =>
    left(
      'role assignment',
      name,
      `Deleting 'roleAssignments/${name}' failed. The client may not perform 'roleAssignments/delete' over '/subscriptions/s/resourceGroups/${name}'.`,
    )
  const failure = failureOfLeft(of, [refused('one'), refused('two'), refused('three')])
  expect(failure?.message).toContain("role assignment 'one' and 2 more: ")
  expect(failure?.parts.faults).toBeUndefined()
})
