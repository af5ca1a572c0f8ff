import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import { dev, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

const factory = factoryFolder()
factory.addProject('001')
factory.addProject('002')
afterAll(() => factory.remove())

const assignments = `/subscriptions/${dev.subscriptionId}/providers/Microsoft.Authorization/roleAssignments`
const version = '2022-04-01'

let here: OnSandbox
let before: number
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  await run('reserve')
  const resources = await openResources(here.session)
  const roles = (await resources.list(assignments, version)).filter(
    ({ id, properties }) => id.startsWith(assignments) && properties['principalId'] === dev.objectId,
  )
  const hand = await byHand(here.sandbox)
  await hand.put(`${assignments}/77777777-0000-0000-0000-000000000001`, version, {
    properties: {
      roleDefinitionId: `/subscriptions/${dev.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      principalId: dev.objectId,
      principalType: 'ServicePrincipal',
    },
  })
  for (const { id } of roles) await hand.remove(id, version)
  before = here.sandbox.requestCount()
})
afterEach(() => here.sandbox.close())

const run = (mode: string, inputs: Readonly<Record<string, string>> = {}) =>
  ipCalc(here.sandbox, factory, { mode, project: '001', ...inputs })
const written = () =>
  here.sandbox
    .requests(before)
    .filter(({ method, status }) => /PUT|DELETE|PATCH/.test(method) && status < 300)

describe('With the role Reader alone', () => {
  test.each([
    ['plan', {}],
    ['plan', { project: '002' }],
    ['plan-release', {}],
    ['capacity', { project: '' }],
    ['reserve', {}],
  ])('%s %j works, when nothing is missing', async (mode, inputs) => {
    expect(annotations(await run(mode, inputs), 'error')).toEqual([])
    expect(written()).toEqual([])
  })

  test('reserve names all missing permissions with their places before it writes anything', async () => {
    const [error = ''] = annotations(await run('reserve', { project: '002' }), 'error')
    expect(error).toMatch(/Microsoft\.Network\/networkSecurityGroups\/write on \/subscriptions\//)
    expect(error).toMatch(/Microsoft\.Network\/virtualNetworks\/subnets\/write on \/subscriptions\//)
    const asked = here.sandbox.requests(before).filter(({ method }) => /PUT|DELETE|PATCH/.test(method))
    expect(asked).toEqual([])
  })

  test('release names all missing permissions with their places before it deletes anything', async () => {
    const [error = ''] = annotations(await run('release'), 'error')
    expect(error).toMatch(/Microsoft\.Network\/virtualNetworks\/subnets\/delete on \/subscriptions\//)
    expect(error).toMatch(/Microsoft\.Network\/networkSecurityGroups\/delete on \/subscriptions\//)
    const asked = here.sandbox.requests(before).filter(({ method }) => /PUT|DELETE|PATCH/.test(method))
    expect(asked).toEqual([])
  })
})
