import { expect, test } from '@jest/globals'
import { setUpBy } from './support/administrator.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { delivered, type Factory, openFactory, type Run } from './support/factory.ts'
import { devGroupOf } from './support/places.ts'
import { readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const factoryFile = 'aifactory/factory.yml'
const project001 = delivered('001')
const authorization = 'providers/Microsoft.Authorization'

const changesOf = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind }) => (change === 'keep' ? [] : [`${change} ${kind}`]))

/** Lets the team leads be eligible, as factory.yml says it. */
const letBeEligible = ({ repository }: Factory, eligible = '{ duration: P90D }'): void =>
  repository.write(
    factoryFile,
    `${repository.read(factoryFile)}\npersonas: { lead: { eligible: ${eligible} } }\n`,
  )

const takeBack = ({ repository }: Factory): void =>
  repository.write(factoryFile, repository.read(factoryFile).replace(/^personas: .*$/m, ''))

const leadOf = ({ sandbox }: Factory): string =>
  sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith('_prj001_dev_team_lead'))
    ?.id ?? ''

/** What the group of the leads has in the project's resource group: all the time, and when they activate it. */
function heldBy(factory: Factory): { readonly active: number; readonly eligible: number } {
  const count = (kind: string): number =>
    Object.values(factory.sandbox.state.arm.resources).filter(
      ({ id, properties }) =>
        id.toLowerCase().startsWith(`${devGroupOf('001')}/${authorization}/${kind}/`.toLowerCase()) &&
        properties?.['principalId'] === leadOf(factory),
    ).length
  return { active: count('roleAssignments'), eligible: count('roleEligibilitySchedules') }
}

/** A project with the factory's own roles. */
async function withOwnRoles(): Promise<Factory> {
  const factory = await project001()
  await setUpBy(factory)
  expect((await factory.deliver('001', 'dev')).filter(({ exitCode }) => exitCode !== 0)).toEqual([])
  return factory
}

test('a persona becomes eligible, stays so, and has its role all the time again, never without both', async () => {
  const factory = await withOwnRoles()
  letBeEligible(factory)
  const before = azureState(factory.sandbox)
  const refused = await factory.run('add-member', '001', 'dev')
  expect(errorOf(refused)).toMatch(
    /^::error::Nothing was changed\. The identity that is signed in may not do what this run takes: Microsoft\.Authorization\/roleEligibilityScheduleRequests\/write on /,
  )
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

  const { text } = await setUpBy(factory)
  expect(text).toContain('may make any group or person eligible for any role in the subscription of dev')
  const planned = await factory.run('add-member', '001', 'dev', { mode: 'plan' })
  expect(changesOf(planned)).toEqual(['delete role assignment', 'create eligible role assignment'])
  const made = await factory.run('add-member', '001', 'dev')
  expect(made.writes.map(({ method, path }) => `${method} ${path.split('/').at(-2)}`)).toEqual([
    'PUT roleEligibilityScheduleRequests',
    'DELETE roleAssignments',
  ])
  expect(heldBy(factory)).toEqual({ active: 0, eligible: 1 })
  expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])

  takeBack(factory)
  factory.sandbox.faults.add({
    method: 'PUT',
    path: 'roleEligibilityScheduleRequests',
    status: 400,
    body: { error: { code: 'ActiveDurationTooShort', message: 'The Active duration is too short.' } },
  })
  const back = await factory.run('add-member', '001', 'dev')
  expect(back.exitCode).toBe(0)
  expect(back.transcript).toContain('it is not five minutes old. Retrying')
  expect(heldBy(factory)).toEqual({ active: 1, eligible: 0 })
  expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
})

test('the core team can be eligible too, for what it may do in the common area', async () => {
  const factory = await openFactory()
  const { repository, sandbox } = factory
  repository.edit(factoryFile, 'coreTeam:', 'personas: { itAdmin: { eligible: {} } }\ncoreTeam:')
  await setUpBy(factory)
  const run = await factory.run('add-member', '', 'dev', { mode: 'core' })
  expect(run.exitCode).toBe(0)
  const group = sandbox.state.directory.groups.find(({ mailNickname }) =>
    mailNickname.endsWith('_coreteam_dev_it_admin'),
  )
  const held = Object.values(sandbox.state.arm.resources).flatMap(({ id, properties }) =>
    properties?.['principalId'] === group?.id ? [id.split('/').at(-2)] : [],
  )
  expect(held).toContain('roleEligibilitySchedules')
  expect(held).not.toContain('roleAssignments')
  expect((await factory.run('add-member', '', 'dev', { mode: 'core' })).writes).toEqual([])
})

test('a condition that others have put on it goes, and later runs change nothing', async () => {
  const factory = await withOwnRoles()
  letBeEligible(factory)
  await setUpBy(factory)
  expect((await factory.run('add-member', '001', 'dev')).exitCode).toBe(0)
  const schedule = () =>
    Object.values(factory.sandbox.state.arm.resources).find(
      ({ id, properties }) =>
        id.includes('/roleEligibilitySchedules/') && properties?.['principalId'] === leadOf(factory),
    )
  Object.assign(schedule()?.properties ?? {}, {
    condition: "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'one'",
    conditionVersion: '2.0',
  })
  const run = await factory.run('add-member', '001', 'dev')
  expect(run.exitCode).toBe(0)
  expect(changesOf(run)).toEqual(['modify eligible role assignment'])
  expect(schedule()?.properties).not.toHaveProperty('condition')
  expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
})

test.each([
  [
    'the tenant has no licence',
    '{}',
    { path: 'roleEligibilitySchedules', times: 'always' as const },
    'AadPremiumLicenseRequired',
    / is to be eligible for roles.* The tenant has no licence for that\..*Microsoft Entra ID P2/s,
  ],
])('where %s nothing is changed, and one message says so', async (_, eligible, fault, code, message) => {
  const factory = await project001()
  letBeEligible(factory, eligible)
  await setUpBy(factory)
  factory.sandbox.faults.add({ ...fault, status: 400, body: { error: { code, message: 'Refused.' } } })
  const before = azureState(factory.sandbox)
  const run = await factory.run('add-member', '001', 'dev')
  expect(errorOf(run)).toMatch(message)
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
})

test('where the settings of the role refuse so long a time, the role stays, and the message says what to shorten', async () => {
  const factory = await project001()
  letBeEligible(factory, '{ duration: P2Y }')
  await setUpBy(factory)
  const run = await factory.run('add-member', '001', 'dev')
  expect(errorOf(run)).toMatch(/ExpirationRule.*Shorten 'eligible: \{ duration \}'/s)
  expect(heldBy(factory)).toMatchObject({ eligible: 0 })
  expect(heldBy(factory).active).toBeGreaterThan(0)
})
