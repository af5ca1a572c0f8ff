/** Private endpoint connections that Azure leaves pending: the project's own are approved, all others are only named. */
import { expect, test } from '@jest/globals'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { readPlan } from './support/repository.ts'
import { log } from './support/transcript.ts'

const withProject = delivered('002')

/** Makes the connection of an endpoint pending, as Azure does when whoever creates it may not approve on the target. */
function leavePending({ sandbox }: Factory, name: RegExp, endpointIn?: (group: string) => string): string {
  const connection = Object.values(sandbox.state.arm.resources).find(
    ({ type, id }) => type.endsWith('/privateEndpointConnections') && name.test(id),
  )
  if (connection?.properties === undefined) throw new Error(`There is no connection ${name}.`)
  Object.assign(connection.properties, {
    privateLinkServiceConnectionState: { status: 'Pending', description: '', actionsRequired: 'None' },
    ...(endpointIn !== undefined && {
      privateEndpoint: { id: endpointIn(connection.id.split('/providers/')[0] ?? '') },
    }),
  })
  return connection.id
}

const statusOf = ({ sandbox }: Factory, id: string): unknown => {
  const stored = Object.values(sandbox.state.arm.resources).find((one) => one.id === id)
  return JSON.stringify(stored?.properties?.['privateLinkServiceConnectionState'])
}
const approvalsIn = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind, name }) =>
    kind === 'private endpoint connection' ? [`${change} ${name}`] : [],
  )

test('between the project’s own endpoints and resources are planned, approved and then left alone', async () => {
  const factory = await withProject()
  const id = leavePending(factory, /searchServices/i)
  const planned = await factory.run('provision-project', '002', 'dev', { mode: 'plan' })
  expect([...planned.writes, ...approvalsIn(planned)]).toEqual([
    expect.stringMatching(/^modify aisearchprj002.*-searchService-pend$/),
  ])
  const applied = await factory.run('provision-project', '002', 'dev')
  expect(applied.exitCode).toBe(0)
  expect(approvalsIn(applied)).toEqual(approvalsIn(planned))
  expect(log(applied)).toContainEqual(expect.stringMatching(/Approve pending private endpoint connections/))
  expect(statusOf(factory, id)).toMatch(/"status":"Approved"/)
  const again = await factory.run('provision-project', '002', 'dev')
  expect([...again.writes, ...approvalsIn(again)]).toEqual([])
})

const link = 'providers/Microsoft.Network/privateEndpoints/aisearch-link'

test.each([
  ['elsewhere', () => `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/theirs/${link}`],
  // Everybody who may write there can have made it.
  ["the project's own resource group", (group: string) => `${group}/${link}`],
])('from others, in %s, are named and left pending', async (_where, endpointIn) => {
  const factory = await withProject()
  let endpoint = ''
  const id = leavePending(factory, /searchServices/i, (group) => {
    endpoint = endpointIn(group)
    return endpoint
  })
  const applied = await factory.run('provision-project', '002', 'dev')
  expect([...applied.writes, ...approvalsIn(applied)]).toEqual([])
  expect(statusOf(factory, id)).toMatch(/"status":"Pending"/)
  expect(log(applied).join('\n')).toContain(
    `::warning::A private endpoint that is not one of the project's template waits for approval on 'aisearchprj002sdcdeva1b2c001': ${endpoint.replace(/\/subscriptions\/[^/]+/, '/subscriptions/<guid>')}. It is left pending.`,
  )
})
