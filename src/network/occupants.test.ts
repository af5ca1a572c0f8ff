import { expect, test } from '@jest/globals'
import { describeOccupant, describeOccupants } from './occupants.ts'

const group = '/subscriptions/s/resourceGroups/g/providers'

test.each([
  [
    'private endpoint',
    `${group}/Microsoft.Network/privateEndpoints/kv-p001-vault-pend`,
    "private endpoint 'kv-p001-vault-pend' (Azure Key Vault)",
  ],
  ['private endpoint', `${group}/Microsoft.Network/privateEndpoints/other`, "private endpoint 'other'"],
  ['network interface', `${group}/Microsoft.Network/networkInterfaces/vm-nic`, "network interface 'vm-nic'"],
  [
    'service',
    `${group}/Microsoft.CognitiveServices/accounts/aif2`,
    "Foundry account 'aif2', which keeps its subnet until it is deleted and purged",
  ],
  [
    'service',
    'Microsoft.App/environments',
    'Microsoft.App/environments: agents of a Foundry account, which keeps its subnet until it is deleted and purged, or a Container Apps environment',
  ],
  ['service', `${group}/Microsoft.Odd/things/x`, "Microsoft.Odd/things 'x'"],
  ['service', 'Microsoft.Odd/things', 'Microsoft.Odd/things'],
  ['service', 'a service that does not say its name', 'a service that does not say its name'],
] as const)('A %s %s is described', (kind, id, words) => {
  expect(describeOccupant({ kind, id })).toBe(words)
})

test('Of many the first five are described', () => {
  const many = Array.from({ length: 7 }, (_, index) => ({
    kind: 'network interface' as const,
    id: `/x/${index}`,
  }))
  expect(describeOccupants(many)).toMatch(/^network interface '0'; .*'4'; and 2 more$/)
})
