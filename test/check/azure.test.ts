/** What Azure has, offers and keeps, as the check finds it before the first write of a delivery. */
import { describe, expect, test } from '@jest/globals'
import { dev, ids } from '../azure/on-sandbox.ts'
import { devGroupOf, prodSubscription } from '../e2e/support/places.ts'
import { type Checking, foundAbout, openChecking } from './checking.ts'
import { subscription } from './delivering-identity.ts'

const vaultName = 'kv-p002-sdc-dev-a1b2c01'
const vault = (place = devGroupOf('002')) => `${place}/providers/Microsoft.KeyVault/vaults/${vaultName}`
const vaultBody = {
  location: 'swedencentral',
  properties: {
    sku: { family: 'A', name: 'standard' },
    tenantId: dev.tenantId,
    enableRbacAuthorization: true,
  },
}

/** A vault that was there, in a group. */
async function deletedVault({ hand }: Checking, group = devGroupOf('002'), more: object = {}): Promise<void> {
  await hand.put(group, '2024-11-01', { location: 'swedencentral' })
  await hand.put(vault(group), '2024-11-01', {
    ...vaultBody,
    properties: { ...vaultBody.properties, ...more },
  })
  await hand.remove(vault(group), '2024-11-01')
}

describe('names', () => {
  test('that another customer has are found, before anything is reserved', async () => {
    const { hand, check } = await openChecking()
    const group = `${prodSubscription}/resourceGroups/somebody-else`
    await hand.put(group, '2024-11-01', { location: 'swedencentral' })
    await hand.put(
      `${group}/providers/Microsoft.Storage/storageAccounts/saprj002sdca1b2c1001dev`,
      '2024-01-01',
      { location: 'swedencentral', sku: { name: 'Standard_LRS' }, kind: 'StorageV2' },
    )
    const checked = await check('002')
    expect(checked.succeeded).toBe(false)
    expect(foundAbout(checked, 'Names')).toEqual([
      expect.stringMatching(
        /^fault: The name of Microsoft\.Storage\/storageAccounts 'saprj002sdca1b2c1001dev' is not free: /,
      ),
    ])
  })

  test('of what is softly deleted in the same place: it will be recovered, and nothing stops', async () => {
    const checking = await openChecking()
    await deletedVault(checking)
    const checked = await checking.check('002')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Names')).toEqual([
      expect.stringMatching(
        /^warning: Microsoft\.KeyVault\/vaults 'kv-p002.*' is softly deleted, until \d{4}-\d\d-\d\d\. It is recovered, with what was in it\.$/,
      ),
    ])
  })

  test('of a vault are not given up, also where purging is allowed: no delivery purges a vault', async () => {
    const checking = await openChecking()
    await deletedVault(checking)
    expect(foundAbout(await checking.check('002', { allow: 'purge' }), 'Names')).toEqual([
      expect.stringMatching(/^warning: .* is softly deleted.*\. It is recovered, with what was in it\.$/),
    ])
  })

  test("of what is softly deleted elsewhere stop the delivery: it was not the project's to purge", async () => {
    const checking = await openChecking()
    await deletedVault(checking, `${subscription}/resourceGroups/elsewhere`)
    for (const allow of ['', 'purge']) {
      const { findings } = await checking.check('002', { allow })
      expect(
        findings.filter(({ severity }) => severity === 'fault').map(({ what, fix }) => [what, fix]),
      ).toEqual([
        [
          expect.stringMatching(/is softly deleted in another place, group 'elsewhere' in swedencentral/),
          "Let whoever deleted it in group 'elsewhere' purge it, or change 'salt' in factory.yml if no project has been delivered yet.",
        ],
      ])
    }
  })

  test('of what is softly deleted elsewhere and protected are free on a day that is named', async () => {
    const checking = await openChecking()
    await deletedVault(checking, `${subscription}/resourceGroups/elsewhere`, { enablePurgeProtection: true })
    const { findings } = await checking.check('002')
    expect(findings.filter(({ subject }) => subject === 'Names').map(({ fix }) => fix)).toEqual([
      expect.stringMatching(/^Wait until \d{4}-\d\d-\d\d, or change 'salt' /),
    ])
  })

  test('of a Foundry account that is softly deleted', async () => {
    const checking = await openChecking()
    const { hand } = checking
    const account = `${devGroupOf('002')}/providers/Microsoft.CognitiveServices/accounts/aif2a1b2c002001dev`
    await hand.put(devGroupOf('002'), '2024-11-01', { location: 'swedencentral' })
    await hand.put(account, '2025-06-01', {
      location: 'swedencentral',
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
      properties: { customSubDomainName: 'aif2a1b2c002001dev', allowProjectManagement: true },
    })
    await hand.remove(account, '2025-06-01')
    expect(foundAbout(await checking.check('002'), 'Names')).toEqual([
      expect.stringMatching(
        /^warning: Microsoft\.CognitiveServices\/accounts 'aif2a1b2c002001dev' is softly deleted.* It is recovered/,
      ),
    ])
    expect(foundAbout(await checking.check('002', { allow: 'purge' }), 'Names')).toEqual([
      expect.stringMatching(
        /^warning: .* is softly deleted.* It is purged: what was in it is lost for ever\.$/,
      ),
    ])
  })

  test('of a workspace, of which Azure lists no deleted ones, are asked by letting it validate the delivery', async () => {
    const { sandbox, check } = await openChecking()
    expect(foundAbout(await check('001'), 'Names')).toEqual([expect.stringMatching(/^good: /)])
    const refused = {
      code: 'BadRequest',
      message: 'Soft-deleted workspace exists. Please purge or recover it.',
    }
    const validation = { method: 'POST', path: '/deployments/[^/]+/validate' }
    const body = {
      error: { code: 'InvalidTemplateDeployment', message: 'See inner errors.', details: [refused] },
    }
    sandbox.faults.add({ ...validation, times: 2, status: 400, body })
    expect(foundAbout(await check('001'), 'Names')).toEqual([
      expect.stringMatching(
        /^fault: A deleted Microsoft\.MachineLearningServices\/workspaces '.*' is kept softly/,
      ),
    ])
    expect(foundAbout(await check('001', { allow: 'purge' }), 'Names')).toEqual([
      expect.stringMatching(/^warning: A deleted .* is kept softly\. It is purged: what was in it is lost/),
    ])
    const error = { code: 'AuthorizationFailed', message: 'No.' }
    sandbox.faults.add({ ...validation, times: 9, status: 403, body: { error } })
    expect(foundAbout(await check('001'), 'Names')).toEqual([
      expect.stringMatching(/^unchecked: Whether a deleted .*workspaces '.*' is kept softly: not known/),
    ])
  })
})

describe('what Azure refuses when it validates the delivery', () => {
  const refuse = ({ sandbox }: Checking, status: number, ...details: readonly object[]) =>
    sandbox.faults.add({
      method: 'POST',
      path: '/deployments/[^/]+/validate',
      times: 9,
      status,
      body: { error: { code: 'InvalidTemplateDeployment', message: 'See inner errors.', details } },
    })
  const unknownNames = [
    expect.stringMatching(/^unchecked: Whether a deleted .*workspaces '.*' is kept softly: not known/),
  ]

  test('is a fault, and says nothing of the names that it did not get to', async () => {
    const checking = await openChecking()
    refuse(checking, 400, { code: 'SkuNotAvailable', message: "The SKU 'x' is not available.", target: 'sa' })
    const checked = await checking.check('001')
    expect(checked.succeeded).toBe(false)
    expect(foundAbout(checked, 'Template')).toEqual([
      expect.stringMatching(/^fault: SkuNotAvailable: The SKU 'x' is not available\./),
    ])
    expect(foundAbout(checked, 'Names')).toEqual(unknownNames)
  })

  test('because of a subnet may be so only until the subnet is there', async () => {
    const checking = await openChecking()
    refuse(checking, 400, { code: 'InvalidSubnet', message: 'The subnet is not valid.' })
    const checked = await checking.check('001')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Template')).toEqual([
      'unchecked: Azure refuses it, perhaps only because the subnets are still to come: InvalidSubnet: The subnet is not valid.',
    ])
    expect(foundAbout(checked, 'Names')).toEqual(unknownNames)
  })

  test('by a policy that no other finding names is a fault', async () => {
    const checking = await openChecking()
    const message = "Resource 'kv-x' was disallowed by policy. Policy identifiers: '[]'."
    refuse(checking, 403, { code: 'RequestDisallowedByPolicy', message, target: 'kv-x' })
    const checked = await checking.check('001')
    expect(checked.succeeded).toBe(false)
    expect(foundAbout(checked, 'Policies')).toEqual([
      expect.stringMatching(/^fault: RequestDisallowedByPolicy: Resource 'kv-x' was disallowed by policy\./),
    ])
    expect(foundAbout(checked, 'Names')).toEqual(unknownNames)
  })

  test('is not known when it does not answer', async () => {
    const checking = await openChecking()
    refuse(checking, 501)
    const checked = await checking.check('001')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Template')).toEqual([
      'unchecked: Whether Azure accepts the template of the delivery.',
    ])
    expect(foundAbout(checked, 'Names')).toEqual(unknownNames)
  })
})

describe('resource providers', () => {
  test('that are not registered are named, with the command', async () => {
    const { sandbox, check } = await openChecking()
    const own = sandbox.state.arm.subscriptions[dev.subscriptionId]
    if (own === undefined) throw new Error('The seed has no subscription for dev.')
    const others = [
      'microsoft.authorization',
      'microsoft.resources',
      'microsoft.network',
      'microsoft.storage',
    ]
    own.registered.splice(0, own.registered.length, ...others)
    const checked = await check('002')
    const found = checked.findings.filter(
      ({ subject, severity }) => subject === 'Resource providers' && severity === 'fault',
    )
    expect(found.map(({ what }) => what)).toContain(
      'The resource provider Microsoft.KeyVault is not registered with the subscription.',
    )
    expect(found.flatMap(({ commands }) => commands)).toContain(
      'az provider register --namespace Microsoft.KeyVault --wait',
    )
    expect(found.map(({ what }) => what).join()).not.toMatch(/Microsoft\.(Network|Storage) is/)
  })
})

describe('models', () => {
  test('that the region does not offer, with what it offers instead, at the line of the manifest', async () => {
    const { repository, check } = await openChecking()
    repository.edit(
      'aifactory/projects/prj002.yml',
      'services: { cosmosDb: true, aiSearch: true }',
      'services:\n  cosmosDb: true\n  aiSearch: true\n  aiFoundry:\n    models:\n      - { name: chat, model: gpt-4o, version: "1999-01-01", format: OpenAI, sku: GlobalStandard, capacity: 1 }\n      - { name: none, model: gpt-nonsense, version: "1", format: OpenAI, sku: GlobalStandard, capacity: 1 }',
    )
    const checked = await check('002')
    const found = checked.findings.filter(({ subject }) => subject === 'Models')
    expect(
      found.map(({ severity, what, where }) => [severity, what, where?.file.endsWith('prj002.yml')]),
    ).toEqual([
      ['fault', 'swedencentral does not offer the version gpt-4o 1999-01-01 (OpenAI).', true],
      ['fault', 'swedencentral does not offer the model gpt-nonsense 1 (OpenAI).', true],
    ])
  })

  test('that need more quota than is left', async () => {
    const { repository, check } = await openChecking()
    repository.edit(
      'aifactory/projects/prj002.yml',
      'services: { cosmosDb: true, aiSearch: true }',
      'services:\n  cosmosDb: true\n  aiSearch: true\n  aiFoundry:\n    models:\n      - { name: chat, model: gpt-4o, version: "2024-11-20", format: OpenAI, sku: DataZoneStandard, capacity: 5000 }',
    )
    expect(foundAbout(await check('002'), 'Models')).toEqual([
      expect.stringMatching(
        /^fault: The quota OpenAI\.DataZoneStandard\.gpt-4o in swedencentral is too small for '.*\/chat': 5000 more are needed, 1000 of 1000 are left\.$/,
      ),
    ])
  })
})

test('search services of a SKU of which the subscription has all that it may have', async () => {
  const { hand, check } = await openChecking()
  const group = `${subscription}/resourceGroups/full`
  await hand.put(group, '2024-11-01', { location: 'swedencentral' })
  for (let number = 0; number < 16; number += 1) {
    await hand.put(`${group}/providers/Microsoft.Search/searchServices/srch-full-${number}`, '2025-05-01', {
      location: 'swedencentral',
      sku: { name: 'basic' },
      properties: {},
    })
  }
  expect(foundAbout(await check('002'), 'Quotas')).toEqual([
    'fault: 1 more search services (basic) do not fit swedencentral: 0 of 16 are left.',
  ])
})

test('a quota that Azure does not list is not checked, and never enough', async () => {
  const { sandbox, check } = await openChecking()
  for (const path of [
    '/Microsoft\\.Search/locations/[^/]+/usages',
    '/Microsoft\\.Storage/locations/[^/]+/usages',
  ]) {
    sandbox.faults.add({ method: 'GET', path, times: 9, status: 200, body: { value: [] } })
  }
  expect(foundAbout(await check('002'), 'Quotas')).toEqual([
    'unchecked: Whether the quota basic in swedencentral is enough for 1 more search services.',
    'unchecked: Whether the quota StorageAccounts in swedencentral is enough for 2 more storage accounts.',
  ])
})

describe('locks', () => {
  const lock = ({ hand }: Checking, scope: string, level: string) =>
    hand.put(`${scope}/providers/Microsoft.Authorization/locks/guard`, '2020-05-01', {
      properties: { level },
    })

  test('that refuse what the delivery writes: ReadOnly on the group of the VNet', async () => {
    const checking = await openChecking()
    await lock(checking, ids.common, 'ReadOnly')
    const checked = await checking.check('002')
    expect(foundAbout(checked, 'Locks')).toEqual([
      expect.stringMatching(
        /^fault: The lock 'guard' \(ReadOnly\) on 'mrvel-esml-common-sdc-dev-001' refuses what the delivery writes there: .*Microsoft\.Network\/virtualNetworks\/subnets\/write/,
      ),
    ])
    expect(checked.findings.flatMap(({ commands = [] }) => commands)).toEqual([
      `az lock delete --ids '${ids.common}/providers/Microsoft.Authorization/locks/guard'`,
    ])
    expect(checked.summary.split("The lock 'guard'")).toHaveLength(2)
    expect(checked.summary).not.toContain('assign roles')
  })

  test('that refuse only what a later delivery removes: CanNotDelete on the subscription', async () => {
    const checking = await openChecking()
    await lock(checking, subscription, 'CanNotDelete')
    const checked = await checking.check('002')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Locks')).toEqual([
      expect.stringMatching(
        /^warning: The lock 'guard' \(CanNotDelete\) on '.*', the subscription, lets the delivery create, and refuses what it would remove/,
      ),
    ])
  })

  test('that refuse changes of a part of it: ReadOnly on one subnet', async () => {
    const checking = await openChecking()
    const subnet = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnt-esmlcmn-sdc-dev-001/subnets/snet-esml-cmn-001`
    await lock(checking, subnet, 'ReadOnly')
    const checked = await checking.check('002')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Locks')).toEqual([
      expect.stringMatching(
        /^warning: The lock 'guard' \(ReadOnly\) on 'snet-esml-cmn-001' refuses every change there\./,
      ),
    ])
  })

  test('of the group of a VNet that is elsewhere are not checked when they may not be read; the others are', async () => {
    const checking = await openChecking()
    const platform = `${prodSubscription}/resourceGroups/platform`
    const network = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
    checking.repository.edit('aifactory/factory.yml', 'addressSpace: [172.16.0.0/16]', `vnetId: ${network}`)
    await checking.hand.put(platform, '2024-11-01', { location: 'swedencentral' })
    await lock(checking, subscription, 'CanNotDelete')
    expect(foundAbout(await checking.check('002'), 'Locks')).toEqual([
      expect.stringMatching(/^warning: The lock 'guard' \(CanNotDelete\)/),
      `unchecked: Whether a lock stands on ${platform}.`,
    ])
  })

  test('elsewhere are none of its business', async () => {
    const checking = await openChecking()
    const group = `${subscription}/resourceGroups/elsewhere`
    await checking.hand.put(group, '2024-11-01', { location: 'swedencentral' })
    await lock(checking, group, 'ReadOnly')
    expect(foundAbout(await checking.check('002'), 'Locks')).toEqual([
      'good: No lock stands where the delivery writes.',
    ])
  })
})

describe('the data lake', () => {
  const account = ({ sandbox }: Checking) => {
    const found = sandbox.state.arm.resources[ids.lake.toLowerCase()]
    if (found === undefined) throw new Error('The seed has no lake for dev.')
    return found
  }

  test('that is missing', async () => {
    const { sandbox, check } = await openChecking()
    delete sandbox.state.arm.resources[ids.lake.toLowerCase()]
    const checked = await check('002')
    expect(foundAbout(checked, 'Data lake')).toEqual([
      "fault: The data lake 'mrvela1b2cesml001dev' does not exist.",
    ])
  })

  test('without hierarchical namespace', async () => {
    const checking = await openChecking()
    Object.assign(account(checking).properties ?? {}, { isHnsEnabled: false })
    expect(foundAbout(await checking.check('002'), 'Data lake')).toEqual([
      expect.stringMatching(
        /^fault: The storage account 'mrvela1b2cesml001dev' has no hierarchical namespace/,
      ),
    ])
  })

  test('without its container', async () => {
    const { repository, check } = await openChecking()
    repository.edit('aifactory/factory.yml', 'container: lake3', 'container: lake9')
    expect(foundAbout(await check('002'), 'Data lake')).toEqual([
      "fault: The data lake has no container 'lake9'.",
    ])
  })

  test.each([
    [
      'does not resolve',
      `https://${'x'.repeat(64)}.example/`,
      /^fault: The name x+\.example of the data lake does not resolve on this runner \(E/,
    ],
    [
      'resolves to a public address',
      'https://203.0.113.7/',
      /^fault: The name 203\.0\.113\.7 of the data lake resolves to a public address on this runner \(203\.0\.113\.7\), and the lake's public network is closed\.$/,
    ],
  ])('whose name %s on this runner', async (_what, dfs, expected) => {
    const checking = await openChecking()
    const { sandbox, check } = checking
    const readsAccount = new RegExp(`/storageAccounts/${dev.lake}\\?`).source
    const { properties, ...rest } = account(checking)
    sandbox.faults.add({
      method: 'GET',
      path: readsAccount,
      times: 5,
      status: 200,
      body: { ...rest, properties: { ...properties, primaryEndpoints: { dfs } } },
    })
    const checked = await check('002')
    expect(foundAbout(checked, 'Data lake')).toEqual([expect.stringMatching(expected)])
    // The private zone is that of the cloud whose name the lake has.
    const [, ...domain] = new URL(dfs).hostname.split('.')
    expect(checked.findings.find(({ subject }) => subject === 'Data lake')?.fix).toContain(
      `zone privatelink.${domain.join('.')} to the VNet`,
    )
  })

  test.each([
    [
      'AuthorizationFailure',
      /^fault: The firewall of the data lake 'mrvela1b2cesml001dev' refuses this runner\.$/,
    ],
    ['AuthorizationPermissionMismatch', /^fault: The delivering identity may not read the data lake/],
  ])('that answers %s', async (code, expected) => {
    const { sandbox, check } = await openChecking()
    sandbox.faults.add({
      method: 'HEAD',
      path: '/storage/',
      times: 9,
      status: 403,
      headers: { 'x-ms-error-code': code },
      body: {},
    })
    expect(foundAbout(await check('002'), 'Data lake')).toEqual([expect.stringMatching(expected)])
  })
})

test('a VNet in which the subnets do not fit', async () => {
  const { sandbox, check } = await openChecking()
  const network = sandbox.state.arm.resources[ids.network.toLowerCase()]
  Object.assign(network?.properties ?? {}, {
    addressSpace: { addressPrefixes: ['172.16.61.0/25', '172.16.255.192/26'] },
  })
  const checked = await check('002')
  expect(checked.succeeded).toBe(false)
  expect(foundAbout(checked, 'Network')).toEqual([expect.stringMatching(/^fault: /)])
})

test('what is to be attached to subnets and may not be read is not checked', async () => {
  const { repository, check } = await openChecking()
  const routeTableId = `${prodSubscription}/resourceGroups/platform/providers/Microsoft.Network/routeTables/rt`
  repository.edit(
    'aifactory/projects/prj002.yml',
    '  dev: {}',
    `  dev: { network: { subnets: { genai: { routeTableId: ${routeTableId} } } } }`,
  )
  expect(foundAbout(await check('002'), 'Network')).toEqual([
    expect.stringMatching(/^warning: .* is \/26\./),
    `unchecked: Whether the route table ${routeTableId} is there, which subnet 'genai' is to get.`,
    expect.stringMatching(/^good: The \d subnets of the project fit the VNet/),
  ])
})

test('what nobody may read is not checked, and never well', async () => {
  const { sandbox, check } = await openChecking()
  sandbox.faults.add({
    path: '/providers/Microsoft\\.Authorization/locks\\?',
    times: 9,
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
  })
  const checked = await check('002')
  expect(checked.succeeded).toBe(true)
  expect(foundAbout(checked, 'Locks')).toEqual(['unchecked: Locks: not checked.'])
  expect(checked.lines.at(-1)).toMatch(/0 faults, \d warnings?, 1 not checked\.$/)
})
