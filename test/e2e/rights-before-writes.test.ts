/** Every run that changes something asks first whether its identity may, and names each action with its scope. */
import { expect, test } from '@jest/globals'
import { ids } from '../azure/on-sandbox.ts'
import { assign, withoutRoles } from '../check/delivering-identity.ts'
import { type ByHand, byHand } from './support/by-hand.ts'
import { type ChainAction, type Factory, makingSteps, openFactory, type Run } from './support/factory.ts'

const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const dataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
const project = '002'

/** A factory in which all that comes before an action was done, and a pair of hands that may do anything. */
async function before(action: ChainAction): Promise<readonly [Factory, ByHand]> {
  const factory = await openFactory()
  for (const step of makingSteps.slice(
    0,
    makingSteps.findIndex((one) => one.action === action),
  )) {
    expect(await factory.run(step.action, project, 'dev')).toMatchObject({ exitCode: 0 })
  }
  const hand = await byHand(factory.sandbox)
  await withoutRoles(factory.sandbox, hand)
  return [factory, hand]
}

const errorOf = ({ lines }: Run): string =>
  lines.flatMap((line) => (line.kind === 'error' ? [line.text] : [])).join('\n')

test.each<[ChainAction, readonly (readonly [role: string, scope?: string])[], RegExp]>([
  [
    'ip-calc',
    [[reader]],
    /Microsoft\.Network\/virtualNetworks\/subnets\/write on \/subscriptions\/.*\/virtualNetworks\/vnt-esmlcmn-sdc-dev-001/,
  ],
  [
    'provision-project',
    [[contributor]],
    /Microsoft\.Authorization\/roleAssignments\/write on \/subscriptions\//,
  ],
  ['add-member', [[contributor]], /Microsoft\.Authorization\/roleAssignments\/write on \/subscriptions\//],
  [
    'datalake-acl',
    [[contributor], [dataReader, ids.lake]],
    /containers\/blobs\/modifyPermissions\/action on \/subscriptions\/.*\/storageAccounts\/mrvela1b2cesml001dev/,
  ],
])('%s, without a right that it needs, changes nothing at all', async (action, roles, named) => {
  const [factory, hand] = await before(action)
  for (const [role, scope] of roles) await assign(hand, role, scope)
  const run = await factory.run(action, project, 'dev')
  expect(run.exitCode).toBe(1)
  expect(errorOf(run)).toMatch(
    /^Nothing was changed\. The identity that is signed in may not do what this run takes: /,
  )
  expect(errorOf(run)).toMatch(named)
  expect(run.writes).toEqual([])
})

test('a run that finds nothing to change does not ask', async () => {
  const factory = await openFactory()
  for (const { action } of makingSteps) await factory.run(action, project, 'dev')
  for (const { action } of makingSteps) {
    const { requests, exitCode } = await factory.run(action, project, 'dev')
    expect(exitCode).toBe(0)
    expect(requests.filter(({ path }) => path.includes('Microsoft.Authorization/permissions'))).toEqual([])
  }
})
