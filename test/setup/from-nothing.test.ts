/** Three empty subscriptions, and a person who owns them. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { builtInRoles } from '../../sandbox/arm/rbac/roles.ts'
import { setupRoles } from '../../src/catalog/facts/setup-roles.ts'
import { lastSegment } from '../../src/resource-id.ts'
import { identityKindDefinitions, identityKinds } from '../../src/setup/identity-kinds.ts'
import { environments } from '../../src/vocabulary.ts'
import { beforeSetup, openSettingUp, type SettingUp, type SetupRun } from './setting-up.ts'
import { factoryIn, signInAs } from './signing-in.ts'

let here: SettingUp
let first: SetupRun
beforeAll(async () => {
  here = await openSettingUp()
  first = await here.run()
}, 100_000)

/** The service principal of an identity as the tenant has it. */
const principalOf = (clientId: string | undefined) =>
  here.sandbox.state.directory.servicePrincipals.find(({ appId }) => appId === clientId)

const all = environments.flatMap((environment) =>
  identityKinds.map((kind) => ({
    environment,
    kind,
    github: identityKindDefinitions[kind].githubEnvironment(environment),
  })),
)

const clientIdOf = ({ environment, kind }: Pick<(typeof all)[number], 'environment' | 'kind'>) => {
  const { clientId, identities } = factoryIn(here.read(), environment)
  return kind === 'deliver' ? clientId : identities[kind]?.clientId
}

test('everything is shown before it is done, and all of it is done', () => {
  const [shown = '', done = ''] = first.text.split(/(?=\n {2}done: )/s, 2)
  expect(first.exitCode).toBe(0)
  for (const [, line = ''] of done.matchAll(/^ {2}done: (.*)$/gm)) {
    if (!line.startsWith('Write into factory.yml')) expect(shown).toContain(`- ${line}\n`)
  }
  expect(done).not.toContain('refused:')
})

test('a second run changes nothing, and says so', async () => {
  const { exitCode, text, writes } = await here.run()
  expect(writes).toEqual([])
  expect(exitCode).toBe(0)
  expect(text).toContain('as they should be. Nothing was changed.')
})

test('a check before it shows the same and changes nothing', async () => {
  const { run, read } = await openSettingUp()
  const { exitCode, text, writes } = await run({ flags: ['--check'] })
  expect([exitCode, writes, read()]).toEqual([1, [], beforeSetup])
  expect(text).toContain("- Create resource group 'mrvel-esml-common-sdc-dev-001' in swedencentral")
  expect(text).toMatch(/\d+ changes to make\. Nothing was changed\.\n$/)
})

test('without a terminal and without --yes nothing is done', async () => {
  const { run, read } = await openSettingUp()
  const { exitCode, text, writes } = await run({ flags: [] })
  expect([exitCode, writes, read()]).toEqual([1, [], beforeSetup])
  expect(text).toContain('run set-up with --yes')
})

test('factory.yml names all identities, and nothing else in it has changed', () => {
  const added = here
    .read()
    .split('\n')
    .filter((line) => !beforeSetup.split('\n').includes(line))
  expect(
    here
      .read()
      .split('\n')
      .filter((line) => !added.includes(line)),
  ).toEqual(beforeSetup.split('\n'))
  const guid = '[0-9a-f-]{36}'
  expect(added.join('\n')).toMatch(
    new RegExp(
      `^(?: {4}clientId: ${guid}\\n {4}identities:\\n {6}plan: { clientId: ${guid} }\\n {6}people: { clientId: ${guid}, objectId: ${guid} }\\n?){3}$`,
    ),
  )
  expect(new Set(all.map(clientIdOf)).size).toBe(9)
})

describe('each identity', () => {
  test.each(all)(
    '$kind of $environment signs in from the GitHub environment $github, and from no other',
    async (identity) => {
      const clientId = clientIdOf(identity)
      expect(await signInAs(here.sandbox, clientId, identity.github)).toBe(clientId)
      for (const { github } of all.filter((other) => other.github !== identity.github)) {
        expect(await signInAs(here.sandbox, clientId, github)).toBe('AADSTS700213')
      }
    },
  )

  test.each(all)(
    '$kind of $environment has exactly its permissions in the directory',
    ({ environment, kind }) => {
      const { appRoleAssignments = [] } = principalOf(clientIdOf({ environment, kind })) ?? {}
      const roles = here.sandbox.state.directory.servicePrincipals.find(
        ({ appId }) => appId === '00000003-0000-0000-c000-000000000000',
      )
      expect(appRoleAssignments.every(({ resourceId }) => resourceId === roles?.id)).toBe(true)
      expect(appRoleAssignments).toHaveLength(identityKindDefinitions[kind].graphPermissions.length)
    },
  )

  test.each(all)('$kind of $environment has roles in its own subscription only', ({ environment, kind }) => {
    const { subscriptionId } = factoryIn(here.read(), environment)
    const principalId = principalOf(clientIdOf({ environment, kind }))?.id
    const scopes = Object.values(here.sandbox.state.arm.resources)
      .filter(
        ({ type, properties }) =>
          /roleAssignments$/i.test(type) && properties?.['principalId'] === principalId,
      )
      .map(({ properties }) => String(properties?.['scope']))
    expect(scopes.filter((scope) => !scope.startsWith(`/subscriptions/${subscriptionId}`))).toEqual([])
    expect(scopes.length > 0).toBe(kind !== 'people')
  })
})

test.each(environments)(
  'the identity that plans %s, which any branch can be, reads no data',
  (environment) => {
    const principalId = principalOf(clientIdOf({ environment, kind: 'plan' }))?.id
    const held = Object.values(here.sandbox.state.arm.resources)
      .filter(({ properties }) => properties?.['principalId'] === principalId)
      .map(({ properties }) => lastSegment(String(properties?.['roleDefinitionId'])))
    const withData = builtInRoles.filter(
      ({ id, dataActions = [] }) => held.includes(id) && dataActions.length > 0,
    )
    expect(held).toContain(setupRoles.Reader)
    expect(withData.map(({ name }) => name)).toEqual([])
  },
)

test('the identity that delivers assigns roles only under a condition', () => {
  const unlimited = Object.values(here.sandbox.state.arm.resources).filter(
    ({ properties }) =>
      String(properties?.['roleDefinitionId']).endsWith(
        setupRoles['Role Based Access Control Administrator'],
      ) && !String(properties?.['condition'] ?? '').includes('RoleDefinitionId'),
  )
  expect(unlimited).toEqual([])
})

test.each([
  ['salt', /^salt: .*$/m, 'salt: zzzzz'],
  ['instance', /^instance: .*$/m, 'instance: "009"'],
])('after %s was changed, set-up says that what it made has other names', async (_key, found, now) => {
  const before = here.read()
  here.edit((text) => text.replace(found, now))
  const { exitCode, text } = await here.run({ flags: ['--check'] })
  here.edit(() => before)
  expect(exitCode).toBe(1)
  expect(text).toMatch(
    /Fault: The factory was set up under other names: the application 'aif001sdc_mrvela1b2c_dev_deliver' would be 'aif\w+_dev_deliver' now, and 8 more likewise\./,
  )
})
