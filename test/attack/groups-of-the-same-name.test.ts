/** Names of groups are not unique: dev may create one under a name of prod, before prod does. */
import { expect, test } from '@jest/globals'
import { dev, people } from '../azure/on-sandbox.ts'
import { type Factory, openFactory, type Run } from '../e2e/support/factory.ts'
import { reference, securityGroup } from '../e2e/support/graph-by-hand.ts'
import { type Answer, type Attempt, signedIn } from './identity.ts'

const prod = '33333333-3333-3333-3333-3333333333b3'
const name = 'aif001sdc_mrvela1b2c_prj002_prod_team_lead'

const errorOf = ({ lines }: Run): string =>
  lines.flatMap((line) => (line.kind === 'error' ? [line.text] : [])).join('\n')

/** The attacker's group, with somebody in it whom prod does not know. */
async function squatted(factory: Factory): Promise<{
  readonly id: string
  readonly send: (attempt: Attempt) => Promise<Answer>
}> {
  const { sandbox } = factory
  const send = await signedIn(sandbox, 'dev', dev.clientId)
  const body = securityGroup(name, {
    'owners@odata.bind': [reference(sandbox, dev.objectId)],
    'members@odata.bind': [reference(sandbox, people.cleo)],
  })
  const made = await send({ service: 'graph', method: 'POST', path: '/groups', body })
  return { id: (JSON.parse(made.text) as { id: string }).id, send }
}

async function provisioned(): Promise<Factory> {
  const factory = await openFactory()
  for (const action of ['ip-calc', 'provision-project'] as const) {
    expect(await factory.run(action, '002', 'prod')).toMatchObject({ exitCode: 0 })
  }
  return factory
}

test('prod refuses the group of dev, whoever else owns it, and says how to go on', async () => {
  const factory = await provisioned()
  const { id, send } = await squatted(factory)
  for (const owners of [[dev.objectId], [dev.objectId, prod]]) {
    if (owners.length > 1) {
      const body = { '@odata.id': reference(factory.sandbox, prod) }
      await send({ service: 'graph', method: 'POST', path: `/groups/${id}/owners/$ref`, body })
    }
    const run = await factory.run('add-member', '002', 'prod')
    expect(run.writes).toEqual([])
    expect(errorOf(run)).toContain(
      `The group '${name}' in Entra ID belongs to somebody else: ${dev.objectId}.`,
    )
    expect(errorOf(run)).toContain("'npm run setup -- path/to/factory.yml'")
  }
})

test('prod lets nobody in whom dev has put into a group that it gave away', async () => {
  const factory = await provisioned()
  const { id, send } = await squatted(factory)
  const body = { '@odata.id': reference(factory.sandbox, prod) }
  await send({ service: 'graph', method: 'POST', path: `/groups/${id}/owners/$ref`, body })
  await send({ service: 'graph', method: 'DELETE', path: `/groups/${id}/owners/${dev.objectId}/$ref` })
  const run = await factory.run('add-member', '002', 'prod')
  expect(run.exitCode).toBe(0)
  const group = factory.sandbox.state.directory.groups.find((one) => one.id === id)
  expect(group?.members).not.toContain(people.cleo)
  const changes = run.writes.map(({ method, path }) => `${method} ${path}`)
  const removed = changes.findIndex((one) => one.startsWith(`DELETE /graph/v1.0/groups/${id}/members/`))
  const assigned = changes.findIndex((one) => one.includes('/roleAssignments/'))
  expect(removed).toBeGreaterThanOrEqual(0)
  expect(removed).toBeLessThan(assigned)
})
