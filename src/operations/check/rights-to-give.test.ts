import { expect, test } from '@jest/globals'
import { missingBySuggestion } from './rights-to-give.ts'

const subscription = '/subscriptions/one'
const zones = '/subscriptions/hub/resourceGroups/dns'
const right = (scope: string, plane: 'control' | 'data' = 'control') =>
  ({ scope, plane, action: 'Contoso.Own/things/write' }) as const

test('each place without a fitting role gets a role of its own, that can be assigned there', () => {
  const receiver = {
    objectId: 'o',
    subscription,
    group: `${subscription}/resourceGroups/g`,
    hasGroup: true,
    condition: 'limited',
  }
  const missing = [right(zones), right(subscription), right(subscription, 'data')]
  const commands = missingBySuggestion(missing, [], receiver).flatMap((one) => one.commands)
  const definitions = commands.flatMap((command) => {
    const [, json] = /--role-definition '(.*)'$/.exec(command) ?? []
    return json === undefined ? [] : [JSON.parse(json)]
  })
  expect(definitions.map(({ Name, AssignableScopes }) => [Name, AssignableScopes])).toEqual([
    ['AI Factory delivery on one', ['/subscriptions/one']],
    ['AI Factory delivery to data on one', ['/subscriptions/one']],
    ['AI Factory delivery on dns', ['/subscriptions/hub']],
  ])
  for (const { Name } of definitions) expect(commands.join()).toContain(`--role '${Name}' --scope`)
})
