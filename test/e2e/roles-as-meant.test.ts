import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { byHand } from './support/by-hand.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { graphByHand, reference, securityGroup } from './support/graph-by-hand.ts'
import { devGroupOf, devSubscription } from './support/places.ts'
import { readPlan } from './support/repository.ts'

const withProject001 = delivered('001')
const roleAssignments = 'providers/Microsoft.Authorization/roleAssignments'

const changesOf = (run: Run) => readPlan(run).changes.filter(({ change }) => change !== 'keep')

const groupOf = ({ sandbox }: Factory, end: string) => {
  const group = sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))
  if (group === undefined) throw new Error(`There is no group …${end}.`)
  return group
}

const assignmentSchema = z.looseObject({
  id: z.string(),
  properties: z.looseObject({ roleDefinitionId: z.string(), condition: z.string().nullish() }),
})
type Assignment = z.infer<typeof assignmentSchema>

/** What a principal is assigned directly on a scope. */
const assignedTo = ({ sandbox }: Factory, principalId: string, scope: string): readonly Assignment[] =>
  Object.values(sandbox.state.arm.resources).flatMap((resource) => {
    const { id, properties } = resource
    const isIt =
      id.toLowerCase().startsWith(`${scope}/${roleAssignments}/`.toLowerCase()) &&
      properties?.['principalId'] === principalId
    return isIt ? [assignmentSchema.parse(resource)] : []
  })

const only = ([first, ...others]: readonly Assignment[]): Assignment => {
  if (first === undefined || others.length > 0) throw new Error('There should be one assignment.')
  return first
}

test('a role that somebody narrowed by a condition is shown, and given back in full without being taken away', async () => {
  const factory = await withProject001()
  const group = groupOf(factory, '_prj001_dev_team_lead')
  const scope = devGroupOf('001')
  const before = only(assignedTo(factory, group.id, scope))
  const read = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
  const condition = `((!(ActionMatches{'${read}'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'a'))`
  const hand = await byHand(factory.sandbox)
  await hand.put(before.id, '2022-04-01', {
    properties: { ...before.properties, condition, conditionVersion: '2.0' },
  })

  const planned = await factory.run('add-member', '001', 'dev', { mode: 'plan' })
  expect(changesOf(planned)).toEqual([
    expect.objectContaining({
      change: 'modify',
      kind: 'role assignment',
      properties: [{ path: 'condition', before: condition, after: '' }],
      reason: 'Others have put a condition on it, and the manifests mean all that the role lets do.',
    }),
  ])
  const applied = await factory.run('add-member', '001', 'dev')
  expect(applied.exitCode).toBe(0)
  expect(applied.writes.map(({ method, path }) => [method, path.includes(before.id)])).toEqual([
    ['PUT', true],
  ])
  expect(only(assignedTo(factory, group.id, scope)).properties.condition).toBeNull()
  expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
})

test('a role that a group of all developers has on the subscription is not assigned again to a group in it', async () => {
  const factory = await withProject001()
  const group = groupOf(factory, '_prj001_dev_team_lead')
  const scope = devGroupOf('001')
  const own = only(assignedTo(factory, group.id, scope))
  const graph = await graphByHand(factory.sandbox)
  const outer = await graph('POST', '/groups', securityGroup('all-developers'))
  await graph('POST', `/groups/${outer}/members/$ref`, { '@odata.id': reference(factory.sandbox, group.id) })
  const hand = await byHand(factory.sandbox)
  const above = `${devSubscription}/${roleAssignments}/${randomUUID()}`
  await hand.put(above, '2022-04-01', {
    properties: {
      principalId: outer,
      principalType: 'Group',
      roleDefinitionId: own.properties.roleDefinitionId,
    },
  })
  await hand.remove(own.id, '2022-04-01')

  const run = await factory.run('add-member', '001', 'dev')
  expect([run.exitCode, ...run.writes]).toEqual([0])
  expect(readPlan(run).changes).toContainEqual(
    expect.objectContaining({
      change: 'keep',
      reason: expect.stringContaining('by an assignment on the subscription'),
    }),
  )
  await hand.remove(above, '2022-04-01')
  expect((await factory.run('add-member', '001', 'dev')).exitCode).toBe(0)
  expect(assignedTo(factory, group.id, scope)).toHaveLength(1)
})
