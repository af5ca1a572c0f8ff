/** What a destroy takes, and what it leaves because others made it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { assignmentName } from '../../src/access/role-assignment.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { devCommonArea, devGroupOf, devNetwork, devSubscription } from '../e2e/support/places.ts'
import { writesIn } from '../e2e/support/transcript.ts'
import { type InProcess, openDelivered, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
let hand: ByHand
beforeEach(async () => {
  ;({ sandbox, here } = await openDelivered())
  hand = await byHand(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const group = devGroupOf('003')
const others = `${devSubscription}/resourceGroups/rg-others`
const location = 'swedencentral'
const disk = `${group}/providers/Microsoft.Compute/disks/theirs`
const putDisk = () =>
  hand.put(disk, '2024-03-02', {
    location,
    properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 4 },
  })
const isThere = (id: string): boolean =>
  Object.keys(sandbox.state.arm.resources).some((one) => one.toLowerCase() === id.toLowerCase())

interface Left {
  readonly why: string
  readonly kind: string
  readonly name: string
  readonly reason: string
  readonly fix: string
}
const leftOf = ({ outputs }: Report): readonly Left[] => JSON.parse(outputs['left'] ?? '[]')

const warningsOf = (report: Report): string => planOf(report).warnings.join('\n')
const rowOf = (report: Report, kind: string, name: string) =>
  planOf(report).changes.find((row) => row.kind === kind && row.name === name)

/** Changes a line of factory.yml. */
const editFactory = (from: string, to: string): void => {
  const text = readFileSync(here.factory.file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(here.factory.file, text.replace(from, to))
}

test('with another salt than the project was delivered with nothing is destroyed', async () => {
  editFactory('salt: a1b2c', 'salt: zzzzz')
  const requests = sandbox.requests().length
  for (const destroying of [here.planDestroy, () => here.destroy(['deletion', 'purge'])])
    await expect(destroying()).rejects.toThrow(
      /factory\.yml:\d+:\d+: Project 003 in dev was delivered with another salt than 'zzzzz': .*Set 'salt' in factory.yml back/,
    )
  const asked = sandbox.requests().slice(requests)
  expect(writesIn(asked.filter(({ caller }) => caller !== undefined))).toEqual([])
})

test.each([
  ['instance', 'instance: "001"', 'instance: "002"'],
  ['locationCode', 'locationCode: sdc', 'locationCode: swc'],
])('a project that was delivered with another %s is named, not passed over', async (_, from, to) => {
  editFactory(from, to)
  const stack = 'mrvel-esml-project003-sdc-dev-001'
  const report = await here.planDestroy()
  const planned = leftOf(report)
  expect(planned.map(({ kind, name }) => `${kind} ${name}`)).toEqual([`deployment stack ${stack}`])
  expect(warningsOf(report)).toContain(`There is deployment stack '${stack}', which this does not destroy.`)
  // Who confirmed it does not take it for destroyed.
  await expect(here.destroy(['deletion', 'purge'])).rejects.toMatchObject({ report: { outcome: 'failed' } })
  expect(planned[0]?.fix).toContain('set name, instance and locationCode in factory.yml back')
})

test.each([
  ['name was changed', 'name: mrvel', 'name: marvel'],
  ['name, salt and number another factory has', 'name: mrvel', 'name: other'],
])('a destroy by a factory whose %s takes no role of the living project', async (_, from, to) => {
  const network = `vnetId: ${devNetwork}\n      bringYourOwn: [${devNetwork}]`
  editFactory(from, to)
  if (to === 'name: other') editFactory('addressSpace: [172.16.0.0/16]', network)
  const held = () => Object.keys(sandbox.state.arm.resources).filter((id) => /\/roleassignments\//i.test(id))
  const before = held()
  expect(planOf(await here.planDestroy()).changes.filter(({ change }) => change === 'delete')).toEqual([])
  await here.destroy(['deletion', 'purge']).catch(() => undefined)
  expect(held()).toEqual(before)
})

test('an environment that has left factory.yml is destroyed from a branch that still has it', async () => {
  editFactory('  dev:\n', '  # dev:\n')
  const text = readFileSync(here.factory.file, 'utf8')
  writeFileSync(here.factory.file, text.replace(/ {2}# dev:\n(?: {4}.*\n)+/, ''))
  await expect(here.planDestroy()).rejects.toThrow(
    /has no environment dev, so nothing says where the project is\..* Put dev back under 'environments', as it was, by a pull request/,
  )
})

test('a folder in another container of the lake than factory.yml names is no reason to deploy anything', async () => {
  editFactory('container: lake3', 'container: lake9')
  expect(warningsOf(await here.planDestroy())).toMatch(
    /has no container 'lake9', so the folder 'projects\/project003' .* Set 'lake.container' in factory.yml back/,
  )
})

test('a role that a living identity of another factory has under the same name stays', async () => {
  await hand.put(others, '2024-11-01', { location })
  const account = `${others}/providers/Microsoft.CognitiveServices/accounts/aif2-theirs`
  const version = '2025-12-01'
  const identity = { type: 'SystemAssigned' }
  await hand.put(account, version, {
    location,
    identity,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'aif2-theirs', allowProjectManagement: true },
  })
  const project = `${account}/projects/aif2-p003001dev`
  await hand.put(project, version, { location, identity, properties: {} })
  const found = Object.values(sandbox.state.arm.resources).find(({ id }) => id === project)
  const principalId = String((found?.['identity'] as { principalId?: string } | undefined)?.principalId)
  const role = roles['AcrPull'].id
  const description = 'AcrPull for aif2-p003001dev, by the AI factory'
  const assignment = `${others}/providers/Microsoft.Authorization/roleAssignments/${assignmentName({ scope: others, principalId, roleDefinitionId: role })}`
  const roleDefinitionId = `${devSubscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`
  await hand.put(assignment, '2022-04-01', {
    properties: { principalId, principalType: 'ServicePrincipal', roleDefinitionId, description },
  })
  const isAssigned = () =>
    JSON.stringify(sandbox.state)
      .toLowerCase()
      .includes(assignment.split('/').at(-1) ?? '')
  await here.destroy(['deletion', 'purge'])
  expect(isAssigned()).toBe(true)

  // Once nobody has that identity any more, it is what a run that was cut off has left.
  await hand.remove(project, version)
  await here.destroy(['deletion', 'purge'])
  expect(isAssigned()).toBe(false)
})

test('what others have deleted of theirs in the group is not purged', async () => {
  const theirs = `${group}/providers/Microsoft.CognitiveServices/accounts/theirs-speech`
  await hand.put(theirs, '2025-12-01', {
    location,
    kind: 'SpeechServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'theirs-speech' },
  })
  await hand.remove(theirs, '2025-12-01')
  const kept = () => sandbox.state.arm.softDeleted.map(({ id }) => id.split('/').at(-1))
  expect(kept()).toEqual(['theirs-speech'])
  await here.provision('apply', ['deletion', 'purge'])
  expect(kept()).toEqual(['theirs-speech'])
  const report = await here.destroy(['deletion', 'purge'])
  expect(kept()).toContain('theirs-speech')
  expect(leftOf(report).find(({ name }) => name === 'theirs-speech')?.why).toBe('others')
})

test('what Azure made beside the project goes, also when the group of others stays', async () => {
  await putDisk()
  const besides = [
    [`${group}/providers/Microsoft.Insights/actionGroups/Application Insights Smart Detection`, '2023-01-01'],
  ] as const
  for (const [id, version] of besides)
    await hand.put(encodeURI(id), version, {
      location: 'Global',
      properties: { groupShortName: 'SmartDetect', enabled: true },
    })
  const report = await here.destroy(['deletion', 'purge'])
  expect([isThere(disk), ...besides.map(([id]) => isThere(id))]).toEqual([true, false])
  expect(leftOf(report).map(({ why, kind }) => `${why}: ${kind}`)).toContain(
    'others: Microsoft.Compute/disks',
  )
})

test('rules of others in a security group of the project are named before they go with it', async () => {
  const nsg = 'genai-nsg-prj003-sdc-dev'
  await hand.put(
    `${devCommonArea}/Microsoft.Network/networkSecurityGroups/${nsg}/securityRules/Scanner`,
    '2025-05-01',
    {
      properties: {
        priority: 310,
        direction: 'Inbound',
        access: 'Allow',
        protocol: '*',
        sourceAddressPrefix: '10.9.0.0/16',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: '*',
      },
    },
  )
  const warnings = warningsOf(await here.planDestroy())
  expect(warnings).toContain(`'${nsg}' goes, and with it rules that others put into it: 'Scanner'.`)
  expect(warnings).not.toContain("'aca2-nsg-prj003")
})

test('interfaces of private endpoints are no data', async () => {
  const nics = planOf(await here.planDestroy()).changes.filter(({ kind }) =>
    kind.endsWith('/networkInterfaces'),
  )
  expect(nics.map(({ change, reason }) => [change, reason])).toEqual(nics.map(() => ['delete', undefined]))
  expect(nics).not.toEqual([])
})

test('interfaces of others stay, whatever they are called, and the group with them', async () => {
  const endpoint = Object.values(sandbox.state.arm.resources).find(({ type }) =>
    /\/privateEndpoints$/i.test(type),
  )
  const names = ['default-nic', 'project-nic1', `${endpoint?.name}-nic-2`]
  const nics = names.map((name) => `${group}/providers/Microsoft.Network/networkInterfaces/${name}`)
  await hand.put(`${devNetwork}/subnets/theirs`, '2025-05-01', {
    properties: { addressPrefix: '172.16.250.0/24' },
  })
  for (const nic of nics)
    await hand.put(nic, '2025-05-01', {
      location,
      properties: {
        ipConfigurations: [{ name: 'one', properties: { subnet: { id: `${devNetwork}/subnets/theirs` } } }],
      },
    })
  const kept = planOf(await here.planDestroy()).changes.filter(({ change }) => change === 'keep')
  expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  await here.destroy(['deletion', 'purge'])
  expect(
    Object.values(sandbox.state.arm.resources)
      .filter(({ type }) => /networkInterfaces$/i.test(type))
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(names.toSorted())
})

test('a private endpoint of others in a subnet of the project keeps it, and no time would help', async () => {
  await hand.put(`${group}/providers/Microsoft.Network/privateEndpoints/pe-theirs`, '2025-05-01', {
    location,
    properties: {
      subnet: { id: `${devNetwork}/subnets/snt-prj003-genai` },
      privateLinkServiceConnections: [
        {
          name: 'c',
          properties: {
            privateLinkServiceId: `${devCommonArea}/Microsoft.KeyVault/vaults/kv-cmndev-a1b2c-001`,
            groupIds: ['vault'],
          },
        },
      ],
    },
  })
  const planned = await here.planDestroy()
  const report = await here.destroy(['deletion', 'purge'])
  const subnet = leftOf(report).find(({ kind }) => kind === 'subnet')
  expect([subnet?.why, subnet?.reason]).toEqual([
    'others',
    "In use by private endpoint 'pe-theirs', which others made.",
  ])
  for (const shown of [planned, report])
    expect(rowOf(shown, 'subnet', 'snt-prj003-genai')?.change).toBe('keep')

  const again = await here.destroy(['deletion', 'purge'])
  expect(planOf(again).changes.filter(({ change }) => change !== 'keep')).toEqual([])
  expect(leftOf(again).map(({ why, kind }) => `${why}: ${kind}`)).toEqual(
    expect.arrayContaining(['others: resource group', 'others: subnet']),
  )
})

test('in a group that nothing shows to be the project, what has its names is neither deleted nor counted', async () => {
  await here.destroy(['deletion', 'purge'])
  await hand.put(group, '2024-11-01', { location, tags: { owner: 'somebody' } })
  const account = `${group}/providers/Microsoft.CognitiveServices/accounts/aif2a1b2c003001dev`
  await hand.put(account, '2025-12-01', {
    location,
    kind: 'AIServices',
    sku: { name: 'S0' },
    properties: { customSubDomainName: 'aif2a1b2c003001dev' },
  })
  const report = await here.destroy(['deletion', 'purge'])
  expect(planOf(report).changes.filter(({ change }) => change !== 'keep')).toEqual([])
  expect(isThere(account)).toBe(true)
  expect(leftOf(report).map(({ why, kind }) => `${why}: ${kind}`)).toEqual(
    expect.arrayContaining(['others: resource group', 'others: Microsoft.CognitiveServices/accounts']),
  )
})

test('what could not be read makes a run fail that finds nothing else', async () => {
  await here.destroy(['deletion', 'purge'])
  sandbox.faults.add({
    method: 'GET',
    path: '/roleAssignments\\?',
    status: 403,
    times: 'always',
    body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
  })
  await expect(here.destroy(['deletion', 'purge'])).rejects.toMatchObject({
    report: { outcome: 'failed' },
  })
})

test('who may not list stacks is told so, and gets the rest of the report', async () => {
  await here.destroy(['deletion', 'purge'])
  sandbox.faults.add({
    method: 'GET',
    path: '/deploymentStacks\\?',
    status: 403,
    times: 'always',
    body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
  })
  const report = await here.planDestroy()
  expect(report.notice).toContain('nothing to destroy')
  expect(report.summary).toContain('Nothing to destroy.')
  expect(report.summary).not.toContain('Everything is as the manifests say')
  expect(leftOf(report).map(({ why, kind }) => `${why}: ${kind}`)).toContain('failed: deployment stacks')
  expect(warningsOf(report)).toMatch(/Listing 'Microsoft.Resources\/deploymentStacks' failed/)
})

test('roles that a run has left are found by the next one, also of an identity that Entra still knows', async () => {
  const left = () =>
    /\w+ for (?:aif2-p003001dev|[\w-]*prj003[\w-]*), by the AI factory/.exec(
      JSON.stringify(sandbox.state.arm),
    )
  expect(left()).not.toBeNull()
  sandbox.faults.add({
    method: 'GET',
    path: '/roleAssignments\\?',
    status: 403,
    times: 'always',
    body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
  })
  await expect(here.destroy(['deletion', 'purge'])).rejects.toThrow()
  sandbox.faults.clear()
  await here.destroy(['deletion', 'purge'])
  expect(left()).toBeNull()
})

test('a security group that a subnet of others has is kept and named, by the next run too', async () => {
  const nsg = 'genai-nsg-prj003-sdc-dev'
  await hand.put(`${devNetwork}/subnets/snet-others`, '2025-05-01', {
    properties: {
      addressPrefix: '172.16.200.0/24',
      networkSecurityGroup: { id: `${devCommonArea}/Microsoft.Network/networkSecurityGroups/${nsg}` },
    },
  })
  expect(rowOf(await here.planDestroy(), 'network security group', nsg)?.change).toBe('keep')
  for (const report of [
    await here.destroy(['deletion', 'purge']),
    await here.destroy(['deletion', 'purge']),
  ]) {
    const left = leftOf(report).find(({ name }) => name === nsg)
    expect([left?.why, left?.reason]).toEqual(['others', "It is also used by subnet 'snet-others'."])
  }
})

test('a subnet and a security group that nothing shows to be the project’s are named as left', async () => {
  const nsg = 'genai-nsg-prj003-sdc-dev'
  await hand.put(`${devCommonArea}/Microsoft.Network/networkSecurityGroups/${nsg}`, '2025-05-01', {
    location,
    properties: { securityRules: [] },
  })
  for (const report of [
    await here.destroy(['deletion', 'purge']),
    await here.destroy(['deletion', 'purge']),
  ]) {
    expect(leftOf(report).filter(({ kind }) => !kind.startsWith('softly'))).toEqual(
      [
        ['subnet', 'snt-prj003-genai', 'No tag shows that this factory created it.'],
        ['network security group', nsg, 'Its tags do not show that it belongs to the project.'],
      ].map(([kind, name, reason]) => expect.objectContaining({ why: 'others', kind, name, reason })),
    )
    expect(warningsOf(report)).not.toContain("input 'subnets'")
  }
})

test('the security group of a subnet that stays is named with it', async () => {
  await hand.put(`${devCommonArea}/Microsoft.Network/networkInterfaces/theirs`, '2025-05-01', {
    location,
    properties: {
      ipConfigurations: [
        { name: 'one', properties: { subnet: { id: `${devNetwork}/subnets/snt-prj003-genai` } } },
      ],
    },
  })
  const left = leftOf(await here.destroy(['deletion', 'purge']))
  expect(left.find(({ name }) => name === 'genai-nsg-prj003-sdc-dev')).toMatchObject({
    why: 'others',
    reason: "Subnet 'snt-prj003-genai' still uses it.",
  })
})

test('a lock on the common area keeps roles and subnets there, is in the plan, and nothing is tried against it', async () => {
  await hand.put(
    `${devCommonArea.replace(/\/providers$/, '')}/providers/Microsoft.Authorization/locks/common`,
    '2020-05-01',
    { properties: { level: 'CanNotDelete' } },
  )
  const planned = await here.planDestroy()
  const assignments = planOf(planned).changes.filter(({ kind }) => kind === 'role assignment')
  expect(assignments.map(({ change }) => change)).toEqual(assignments.map(() => 'keep'))
  expect(assignments).not.toEqual([])
  expect(planOf(planned).warnings.filter((text) => text.includes("Lock 'common'"))).toHaveLength(1)
  const report = await here.destroy(['deletion', 'purge'])
  expect(leftOf(report).filter(({ why }) => why === 'failed')).toEqual([])
  expect(leftOf(report).filter(({ kind }) => kind === 'role assignment')).toHaveLength(assignments.length)
})

/** Takes away the right to assign roles, and so to take them back. */
async function withoutAssigning(): Promise<void> {
  const assigns = Object.values(sandbox.state.arm.resources).find(
    ({ id, properties }) =>
      id.startsWith(`${devSubscription}/providers/Microsoft.Authorization/roleAssignments/`) &&
      JSON.stringify(properties).includes('f58310d9-a9f6-439a-9e8d-f62e7b41a168'),
  )
  await hand.remove(assigns?.id ?? '', '2022-04-01')
}

const destroyFailure = async (): Promise<FailureWithReport> => {
  const failure: unknown = await here.destroy(['deletion', 'purge']).catch((error: unknown) => error)
  if (!(failure instanceof FailureWithReport)) throw failure
  return failure
}

test('as long as the identity lacks a right that it takes nothing goes, and each is named', async () => {
  await withoutAssigning()
  const warnings = warningsOf(await here.planDestroy())
  expect(warnings).toContain("may not do on 'acrcommona1b2csdc001dev' what this destroy takes")
  expect(warnings).toContain('Microsoft.Authorization/roleAssignments/delete')

  const sent = sandbox.requests().length
  expect(String((await destroyFailure()).cause)).toMatch(
    /it lacks .*Microsoft\.Authorization\/roleAssignments\/delete on \/subscriptions\/.*Nothing was changed/,
  )
  const asked = sandbox.requests().slice(sent)
  expect(writesIn(asked.filter(({ caller }) => caller !== undefined))).toEqual([])
})

test('what Azure refuses although the roles allow it is one fault for all', async () => {
  await withoutAssigning()
  withRights({ status: 200, body: { value: [{ actions: ['*'] }] } })
  const failure = await destroyFailure()
  const text = String(failure.cause)
  expect(text).toMatch(/role assignment '[^']*' and \d+ more: /)
  expect(text.split('AuthorizationFailed')).toHaveLength(2)
  // What is gone is said to be gone, though the run failed.
  expect(failure.report.summary).toMatch(/Apply failed\. Until then: 0 added, 0 changed, \d+ destroyed/)
})

/** Somebody's files in a storage account of the project. */
const putContainer = (): Promise<void> =>
  hand.put(
    `${group}/providers/Microsoft.Storage/storageAccounts/saprj003sdca1b2c1001dev/blobServices/default/containers/their-files`,
    '2025-06-01',
    { properties: {} },
  )
/** Lets Azure say which rights the identity has. */
const withRights = (answer: { status: number; body: object }): void =>
  sandbox.faults.add({
    method: 'GET',
    path: '/Microsoft.Authorization/permissions\\?',
    times: 'always',
    ...answer,
  })

test('the right to delete what is inside a resource that goes is not asked for', async () => {
  await putContainer()
  const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers'
  const projects = 'Microsoft.CognitiveServices/accounts/projects'
  const notActions = [`${containers}/delete`, `${projects}/delete`]
  withRights({ status: 200, body: { value: [{ actions: ['*'], notActions }] } })
  const planned = await here.planDestroy()
  expect(rowOf(planned, containers, 'their-files')?.change).toBe('delete')
  // The projects of an account are deleted before it.
  expect(warningsOf(planned)).toContain(`what this destroy takes: ${projects}/delete.`)
})

test('an identity that may not see its own rights is told that they are not known', async () => {
  const body = { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } }
  withRights({ status: 403, body })
  const known = planOf(await here.planDestroy()).warnings.filter((text) => text.includes('its own rights on'))
  expect(known).toHaveLength(1)
  expect(known.join()).toContain("'mrvel-esml-project003-sdc-dev-001-rg'")
})

/** What a failed run says is gone, and is not. */
const wronglyGone = (report: Report) =>
  planOf(report).changes.filter(
    ({ change, kind, scope = '' }) => change === 'delete' && kind.includes('/') && isThere(scope),
  )

const failureOf = async (destroying: Promise<Report>): Promise<FailureWithReport> => {
  const failure: unknown = await destroying.catch((error: unknown) => error)
  if (failure instanceof FailureWithReport) return failure
  throw new Error('It did not fail.')
}

test('what a stack holds that Azure does not delete is not said to be gone', async () => {
  await putContainer()
  const [stack] = Object.values(sandbox.state.deployments.stacks)
  if (stack === undefined) throw new Error('There is no stack.')
  stack.outOfSync = true
  const failure = await failureOf(here.destroy(['deletion', 'purge']))
  expect(wronglyGone(failure.report)).toEqual([])
  expect(leftOf(failure.report).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['deployment stack', 'resource group', 'Microsoft.KeyVault/vaults']),
  )
  expect(String(failure.cause)).toContain("deployment stack 'mrvel-esml-project003-sdc-dev-001': ")
  expect(String(failure.cause)).toContain('out-of-sync')
})

test('what is in a group that Azure does not delete is not said to be gone, and what went before is', async () => {
  await putContainer()
  const stack = 'mrvel-esml-project003-sdc-dev-001'
  await hand.remove(
    `${devSubscription}/providers/Microsoft.Resources/deploymentStacks/${stack}`,
    '2024-03-01',
  )
  sandbox.faults.add({
    method: 'DELETE',
    path: `${group}\\?`,
    status: 409,
    body: { error: { code: 'ResourceGroupDeletionBlocked', message: 'Deletion is blocked.' } },
  })
  const { report } = await failureOf(here.destroy(['deletion']))
  expect(wronglyGone(report)).toEqual([])
  const project = 'Microsoft.CognitiveServices/accounts/projects'
  expect(planOf(report).changes.find(({ kind }) => kind === project)?.change).toBe('delete')
  expect(rowOf(report, 'Microsoft.Storage/storageAccounts', 'saprj003sdca1b2c1001dev')?.change).toBe('keep')
})

test('a lock on the VNet is in the plan, and nothing is tried against it', async () => {
  await hand.put(`${devNetwork}/providers/Microsoft.Authorization/locks/net`, '2020-05-01', {
    properties: { level: 'CanNotDelete' },
  })
  const planned = await here.planDestroy()
  expect(warningsOf(planned)).toContain("Lock 'net' (CanNotDelete) on")
  expect(rowOf(planned, 'subnet', 'snt-prj003-genai')?.change).toBe('keep')
  const report = await here.destroy(['deletion', 'purge'])
  expect(leftOf(report).map(({ why, name }) => `${why}: ${name}`)).toContain('others: snt-prj003-genai')
})

/** A lock that the team has set on a resource. */
const putLock = (scope: string, level = 'CanNotDelete') =>
  hand.put(`${scope}/providers/Microsoft.Authorization/locks/theirs`, '2020-05-01', { properties: { level } })

const idOf = (ending: RegExp): string =>
  Object.values(sandbox.state.arm.resources).find(({ id }) => id.startsWith(group) && ending.test(id))?.id ??
  ''

test.each([
  ['a resource', /\/userAssignedIdentities\/mi-prj003-[^/]+$/],
  ['a part of a resource', /\/accounts\/[^/]+\/projects\/aif2-p003[^/]+$/],
])(
  'a lock on %s keeps it with its stack and its group, as the plan says, and is no failure',
  async (_, id) => {
    const locked = idOf(id)
    const inside = locked.replace(/\/projects\/.*$/, '')
    await putLock(locked)
    const planned = planOf(await here.planDestroy()).changes
    const keeps = (kind: string) => planned.filter((row) => row.kind === kind).map(({ change }) => change)
    const rows = planned.filter(({ kind }) => kind !== 'role assignment')
    expect(rows.filter(({ scope }) => scope === inside || scope === locked)).toEqual(
      [...new Set([inside, locked])].map((scope) => expect.objectContaining({ change: 'keep', scope })),
    )
    expect([...keeps('deployment stack'), ...keeps('resource group')]).toEqual(['keep', 'keep'])

    for (const run of ['first', 'again']) {
      const left = leftOf(await here.destroy(['deletion', 'purge']))
      expect([run, left.filter(({ why }) => why === 'failed')]).toEqual([run, []])
      const byLock = left.filter(({ reason }) => reason.startsWith("Lock 'theirs' (CanNotDelete) on"))
      expect(byLock.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['deployment stack', 'resource group']),
      )
      expect([inside, locked, group].map(isThere)).toEqual([true, true, true])
      expect(idOf(/\/Microsoft\.KeyVault\/vaults\/[^/]+$/)).toBe('')
    }
    await hand.remove(`${locked}/providers/Microsoft.Authorization/locks/theirs`, '2020-05-01')
    const left = leftOf(await here.destroy(['deletion', 'purge']))
    expect(left.filter(({ why }) => why !== 'azure')).toEqual([])
    expect(isThere(group)).toBe(false)
  },
)

test('without the right to delete the stack nothing is destroyed: groups and roles would go, and the rest stay', async () => {
  const permission = { actions: ['*'], notActions: ['Microsoft.Resources/deploymentStacks/delete'] }
  withRights({ status: 200, body: { value: [permission] } })
  const sent = sandbox.requests().length
  expect(String((await destroyFailure()).cause)).toMatch(
    /it lacks Microsoft\.Resources\/deploymentStacks\/delete on \/subscriptions\/\S+\. Nothing was changed/,
  )
  const asked = sandbox.requests().slice(sent)
  expect(writesIn(asked.filter(({ caller }) => caller !== undefined))).toEqual([])
})

test.each([
  ['network security group', /\/genai-nsg-prj003-[^/]+$/],
  ['subnet', /\/subnets\/snt-prj003-genai$/],
])('a lock on one %s is in the plan, and nothing is tried against it', async (kind, ending) => {
  const network = await here.planDestroy()
  const row = planOf(network).changes.find((one) => one.kind === kind && ending.test(one.scope ?? ''))
  expect(row?.change).not.toBe('keep')
  await putLock(row?.scope ?? '')
  const planned = rowOf(await here.planDestroy(), kind, row?.name ?? '')
  expect([planned?.change, planned?.reason]).toEqual(['keep', expect.stringMatching(/^Lock 'theirs'/)])
  const left = leftOf(await here.destroy(['deletion', 'purge']))
  expect(left.filter(({ why }) => why === 'failed')).toEqual([])
  expect(left.map(({ kind: of, name }) => `${of}: ${name}`)).toContain(`${kind}: ${row?.name}`)
})
