import { describe, expect, test } from '@jest/globals'
import { byHand } from './support/by-hand.ts'
import { openFactory } from './support/factory.ts'
import { devCommonArea, devGroupOf, prodSubscription } from './support/places.ts'
import { manifestOf } from './support/repository.ts'
import { errorOf, log } from './support/transcript.ts'

const vault = (tenantId: string) => ({
  location: 'swedencentral',
  properties: {
    sku: { family: 'A', name: 'standard' },
    tenantId,
    enableRbacAuthorization: true,
    softDeleteRetentionInDays: 7,
  },
})

describe('a template is refused before anything is deployed', () => {
  test('because another customer has the name of a storage account', async () => {
    const factory = await openFactory()
    const hand = await byHand(factory.sandbox)
    const group = `${prodSubscription}/resourceGroups/somebody-else`
    await hand.put(group, '2024-11-01', { location: 'swedencentral' })
    await hand.put(
      `${group}/providers/Microsoft.Storage/storageAccounts/saprj001sdca1b2c1001dev`,
      '2024-01-01',
      {
        location: 'swedencentral',
        sku: { name: 'Standard_LRS' },
        kind: 'StorageV2',
      },
    )
    await factory.run('ip-calc', '001', 'dev')
    const run = await factory.run('provision-project', '001', 'dev')
    expect(run.exitCode).toBe(1)
    expect(run.writes).toEqual([])
    const error = errorOf(run)
    expect(error).toMatch(
      /^::error::StorageAccountAlreadyTaken: The storage account named saprj001sdca1b2c1001dev is already taken\..* Validating 'mrvel-esml-project001-sdc-dev-001' failed because of that\./,
    )
    expect(Object.keys(run.outputs)).toEqual(['template-file'])
    expect(error).toContain(
      "Another storage account has this name. Names are unique across all of Azure. Change 'salt' in factory.yml before the first deployment.",
    )
  })

  test('by a policy, whose name lies three layers deep and escaped', async () => {
    const factory = await openFactory()
    const policy = {
      code: 'RequestDisallowedByPolicy',
      target: 'kv-p001-sdc-dev-a1b2c01',
      message: "Resource 'kv-p001-sdc-dev-a1b2c01' was disallowed by policy 'Vaults need purge protection'.",
    }
    factory.sandbox.faults.add({
      method: 'POST',
      path: '/validate\\?',
      status: 400,
      body: {
        error: {
          code: 'InvalidTemplateDeployment',
          message: 'The template deployment failed. See inner errors for details.',
          details: [
            {
              code: 'DeploymentFailed',
              message: 'At least one resource operation failed.',
              details: [{ code: 'Forbidden', message: JSON.stringify({ error: policy }) }],
            },
          ],
        },
      },
    })
    await factory.run('ip-calc', '001', 'dev')
    const run = await factory.run('provision-project', '001', 'dev')
    expect(run.exitCode).toBe(1)
    expect(run.writes).toEqual([])
    expect(errorOf(run)).toMatch(
      /^::error::RequestDisallowedByPolicy: Resource 'kv-p001-sdc-dev-a1b2c01' was disallowed by policy 'Vaults need purge protection'\. \(kv-p001-sdc-dev-a1b2c01\) Validating 'mrvel-esml-project001-sdc-dev-001' failed because of that\. Azure answered 400\. The Azure Policy assignment that the message names forbids it\. Comply with it in factory\.yml or the manifest \(.*\), or ask the owner/,
    )
  })
})

test('a deleted key vault that still holds the name is recovered with the deployment, and the log says so', async () => {
  const factory = await openFactory()
  const hand = await byHand(factory.sandbox)
  const id = `${devGroupOf('001')}/providers/Microsoft.KeyVault/vaults/kv-p001-sdc-dev-a1b2c01`
  await hand.put(devGroupOf('001'), '2024-11-01', { location: 'swedencentral' })
  await hand.put(id, '2024-11-01', vault(factory.sandbox.state.directory.tenantId))
  await hand.remove(id, '2024-11-01')
  await factory.run('ip-calc', '001', 'dev')
  const run = await factory.run('provision-project', '001', 'dev')
  expect(run.exitCode).toBe(0)
  expect(log(run).join('\n')).toMatch(
    /Azure keeps the deleted Microsoft\.KeyVault\/vaults 'kv-p001-sdc-dev-a1b2c01' until \d{4}-\d\d-\d\d: it is recovered/,
  )
  expect(factory.sandbox.state.arm.softDeleted).toEqual([])
  expect((await factory.run('provision-project', '001', 'dev')).writes).toEqual([])
})

test('what fails during the deployment is reported with its cause, and finished by the next run', async () => {
  const factory = await openFactory()
  factory.repository.edit(manifestOf('002'), 'aca2: { prefixLength: 26 }', 'genai: { prefixLength: 27 }')
  const { outputs } = await factory.run('ip-calc', '002', 'dev')
  const { genai } = JSON.parse(outputs['subnets'] ?? '')
  const hand = await byHand(factory.sandbox)
  const endpoints = Array.from(
    { length: 16 },
    (_, index) => `${devCommonArea}/Microsoft.Network/privateEndpoints/others-${index}`,
  )
  const connection = {
    name: 'others',
    properties: {
      privateLinkServiceId: `${devCommonArea}/Microsoft.KeyVault/vaults/kv-cmndev-a1b2c-001`,
      groupIds: ['vault'],
    },
  }
  for (const id of endpoints) {
    await hand.put(id, '2024-05-01', {
      location: 'swedencentral',
      properties: { subnet: { id: genai.id }, privateLinkServiceConnections: [connection] },
    })
  }

  const failed = await factory.run('provision-project', '002', 'dev')
  expect(failed.exitCode).toBe(1)
  const error = errorOf(failed)
  expect(error).toMatch(
    /^::error::SubnetIsFull: Subnet snt-prj002-genai with address prefix \S+ does not have enough capacity for \d IP addresses\. \(Microsoft\.Network\/privateEndpoints '[^']+' in resource group 'mrvel-esml-project002-sdc-dev-001-rg'\).* Deploying 'mrvel-esml-project002-sdc-dev-001' failed because of that\./,
  )
  expect(error).toContain('The subnet has no free address left for what the project needs.')
  expect(error).toMatch(/Azure correlation id: <guid>$/)

  for (const id of endpoints) await hand.remove(id, '2024-05-01')
  const repeated = await factory.run('provision-project', '002', 'dev')
  expect(repeated.exitCode).toBe(0)
  expect(log(repeated).at(-1)).toMatch(
    /^::notice::Project 002 in dev: resources: N added, N changed, 0 destroyed\.$/,
  )
  const third = await factory.run('provision-project', '002', 'dev')
  expect(third.writes).toEqual([])
})
