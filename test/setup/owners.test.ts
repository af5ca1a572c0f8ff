/** Whoever owns the application of an identity can add a secret to it, and sign in as it. */
import { expect, test } from '@jest/globals'
import { asOps, graphAsOps } from './as-ops.ts'
import { giveRoles } from './platform-team.ts'
import { beforeSetup, openSettingUp, type SettingUp } from './setting-up.ts'
import { factoryIn } from './signing-in.ts'

const ops = '44444444-4444-4444-4444-444444444404'
const dana = '44444444-4444-4444-4444-444444444405'
const asDana = { as: 'dana@contoso.example' }

/** Makes Dana a colleague of Ops, with the same rights. */
async function asColleague({ sandbox }: SettingUp): Promise<void> {
  giveRoles(sandbox, dana, ['Privileged Role Administrator', 'Application Administrator'])
  const send = await asOps(sandbox)
  for (const last of [1, 2, 3]) {
    const scope = `/subscriptions/22222222-2222-2222-2222-22222222220${last}`
    await send(
      'PUT',
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
      '2022-04-01',
      {
        properties: {
          roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`,
          principalId: dana,
          principalType: 'User',
        },
      },
    )
  }
}

/** Takes everybody from the owners, as the commands of set-up do. */
const withoutOwners = ({ sandbox }: SettingUp): void => {
  const { applications, servicePrincipals } = sandbox.state.directory
  for (const one of [...applications, ...servicePrincipals]) Object.assign(one, { owners: [] })
}

const rolesIn = ({ sandbox }: SettingUp): number =>
  Object.values(sandbox.state.arm.resources).filter(({ properties }) =>
    sandbox.state.directory.servicePrincipals.some(({ id }) => id === properties?.['principalId']),
  ).length

test('what somebody without rights has registered gets no rights before it is taken from them', async () => {
  const here = await openSettingUp()
  await here.run(asDana)
  const { exitCode, text } = await here.run()
  const clientId = factoryIn(here.read(), 'prod').clientId ?? ''
  expect(exitCode).toBe(1)
  expect(text).toMatch(/^Fault: 'dana@contoso\.example' owns 'aif001sdc_mrvela1b2c_prod_deliver'/m)
  expect(text).toContain(`az ad app owner remove --id ${clientId} --owner-object-id ${dana}`)
  expect(text).toMatch(
    /- Assign the role 'Contributor' .*\n {6}it belongs to dana@contoso\.example, who could sign in as it/,
  )
  expect(rolesIn(here)).toBe(0)
  withoutOwners(here)
  giveRoles(here.sandbox, ops, ['Application Administrator'])
  expect((await here.run()).exitCode).toBe(0)
  expect(rolesIn(here)).toBeGreaterThan(0)
})

test('who registered them stays an owner, and reads how to give that up', async () => {
  const here = await openSettingUp()
  const { text } = await here.run()
  const { clientId = '' } = factoryIn(here.read(), 'prod')
  expect(text).toMatch(
    new RegExp(
      `You own 9 of the applications.*\\n {2}for id in .*${clientId}.* --owner-object-id ${ops}; done`,
    ),
  )
  withoutOwners(here)
  const { exitCode, text: later } = await here.run()
  expect([exitCode, later.includes('You own')]).toEqual([0, false])
})

test('a colleague completes what broke off after the applications were registered', async () => {
  const here = await openSettingUp()
  await asColleague(here)
  // The ids of those for people are complete only with their service principals.
  here.sandbox.faults.add({
    ...{ method: 'POST', path: '/servicePrincipals$', status: 400 },
    body: { error: { code: 'Request_BadRequest', message: 'No.' } },
  })
  expect((await here.run()).exitCode).toBe(1)
  const registered = here.sandbox.state.directory.applications.length
  expect(factoryIn(here.read(), 'prod').clientId).toBeDefined()
  expect(here.read()).not.toBe(beforeSetup)
  const { text } = await here.run(asDana)
  const [, names = ''] = /There are already applications of these names: (.*)/.exec(text) ?? []
  expect(names.match(/'aif001sdc_mrvela1b2c_\w+_people'/g)).toHaveLength(3)
  expect(names).not.toContain('_deliver')
  expect(text).toContain('environments.prod.identities.people.clientId')
  expect((await here.run()).exitCode).toBe(0)
  expect(here.sandbox.state.directory.applications).toHaveLength(registered)
  withoutOwners(here)
  expect((await here.run(asDana)).exitCode).toBe(0)
})

test.each([
  ['application', 'prod', 'deliver', 'Fault', 1],
  ['servicePrincipal', 'prod', 'deliver', 'Fault', 1],
  ['servicePrincipal', 'dev', 'deliver', 'Warning', 0],
] as const)(
  'a secret of the %s of %s, with which somebody signs in without GitHub, is shown',
  async (of, environment, kind, severity, code) => {
    const here = await openSettingUp()
    await here.run()
    const name = `aif001sdc_mrvela1b2c_${environment}_${kind}`
    const { applications, servicePrincipals } = here.sandbox.state.directory
    const one = (of === 'application' ? applications : servicePrincipals).find(
      ({ displayName }) => displayName === name,
    )
    const graph = await graphAsOps(here.sandbox)
    await graph('POST', `/${of}s/${one?.id}/addPassword`, { passwordCredential: { displayName: 'mine' } })
    const [{ keyId } = { keyId: undefined }] = one?.passwords ?? []
    const { exitCode, text } = await here.run({ flags: ['--check'] })
    expect(text).toMatch(
      new RegExp(
        `^${severity}: '${name}' .* has a secret or certificate, .* without GitHub\\.\\n.* delete --id \\S+ --key-id ${keyId}$`,
        'm',
      ),
    )
    expect(exitCode).toBe(code)
  },
)
