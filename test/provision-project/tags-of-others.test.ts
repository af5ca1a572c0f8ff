/** Tags that others put on the project's resources: a deployment replaces all tags, and what it does not name is lost. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
  here.write({ ...labManifest, costCenter: '1' })
  await here.network('reserve')
  await here.provision('apply')
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** The project's resources that have tags, its group among them. */
const tagged = () =>
  Object.values(sandbox.state.arm.resources).filter(
    ({ id, tags }) => /\/resourceGroups\/[^/]*project003/i.test(id) && tags?.['project'] === '003',
  )
function tag(tags: Readonly<Record<string, string>>): void {
  for (const resource of tagged()) Object.assign(resource, { tags: { ...resource.tags, ...tags } })
}
const valuesOf = (tag: string): readonly unknown[] => [...new Set(tagged().map(({ tags }) => tags?.[tag]))]

test('stay when something else is deployed, and are in no plan', async () => {
  tag({ 'finops.team': '[blue]' })
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)

  here.write({ ...labManifest, costCenter: '2' })
  const planned = planOf(await here.provision('plan'))
  const paths = planned.changes.flatMap(({ properties = [] }) => properties.map(({ path }) => path))
  expect(new Set(paths)).toEqual(new Set(['tags.costCenter']))
  expect(planOf(await here.provision('apply')).changes).toEqual(planned.changes)
  expect([valuesOf('costCenter'), valuesOf('finops.team')]).toEqual([['2'], ['[blue]']])
  expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
})

test('give way where the documents say otherwise; what these said and say no more goes', async () => {
  tag({ costCenter: 'by hand' })
  await here.provision('apply')
  expect(valuesOf('costCenter')).toEqual(['1'])

  here.write(labManifest)
  const planned = planOf(await here.provision('plan'))
  await here.provision('apply')
  const said = planned.changes.some(({ properties = [] }) =>
    properties.some(({ path }) => path === 'tags.costCenter'),
  )
  expect([said, valuesOf('costCenter').length]).toEqual([true, 1])
  expect(valuesOf('costCenter')).not.toEqual(['1'])
})
