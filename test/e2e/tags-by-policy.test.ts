import { expect, test } from '@jest/globals'
import { byHand } from './support/by-hand.ts'
import { openFactory } from './support/factory.ts'

const subscription = '/subscriptions/22222222-2222-2222-2222-222222222201'

test('tags that a policy adds to everything stay, and a second delivery changes nothing', async () => {
  const factory = await openFactory()
  const { put } = await byHand(factory.sandbox)
  const definition = `${subscription}/providers/Microsoft.Authorization/policyDefinitions/governed`
  const details = {
    roleDefinitionIds: [
      '/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c',
    ],
    operations: [{ operation: 'addOrReplace', field: "tags['governed']", value: 'yes' }],
  }
  const policyRule = Object.fromEntries([
    ['if', { field: "tags['governed']", notEquals: 'yes' }],
    ['then', { effect: 'modify', details }],
  ])
  await put(definition, '2024-05-01', { properties: { mode: 'Indexed', policyRule } })
  await put(`${subscription}/providers/Microsoft.Authorization/policyAssignments/governed`, '2024-04-01', {
    location: 'swedencentral',
    identity: { type: 'SystemAssigned' },
    properties: { policyDefinitionId: definition },
  })
  const first = await factory.deliver('001', 'dev')
  expect(first.map(({ exitCode, transcript }) => (exitCode === 0 ? 'done' : transcript))).toEqual(
    first.map(() => 'done'),
  )
  const second = await factory.deliver('001', 'dev')
  expect(second.flatMap(({ writes }) => writes)).toEqual([])
  const tagged = Object.values(factory.sandbox.state.arm.resources).filter(
    ({ type, tags }) => type === 'Microsoft.KeyVault/vaults' && tags?.['governed'] === 'yes',
  )
  expect(tagged).toHaveLength(1)
})
