import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Caller, ResourceBody, ResourceEngine, StoredResource } from '../contracts.ts'
import { createLake, emptyLake } from '../lake/index.ts'
import { systemClock } from '../server/runtime.ts'
import { startSandbox, trust } from '../start.ts'
import {
  deploySeed,
  emptySubscriptionsFile,
  loadSeed,
  readSeed,
  stateOfSeed,
  threeEnvironmentsFile,
} from './index.ts'

const text = readFileSync(threeEnvironmentsFile, 'utf8')
const seed = loadSeed(text)

interface Put {
  readonly id: string
  readonly body: ResourceBody
  readonly caller: Caller
}

/** A name as a seed writes it. */
const placeholder = (name: string): string => `$\{${name}}`

/** An engine that writes down what it is asked for, and makes the lakes as Azure Resource Manager does. */
const recordingEngine = (lake = emptyLake()) => {
  const puts: Put[] = []
  const refuse = () => {
    throw new Error('A seed only puts.')
  }
  const { accounts } = createLake(lake, {
    authorization: { allows: refuse, allowsData: refuse },
    directory: {
      find: refuse,
      groupsOf: refuse,
      createManagedIdentity: refuse,
      removeManagedIdentity: refuse,
    },
    clock: systemClock,
    tenantId: '',
  })
  const put = async (id: string, _: string, body: ResourceBody, caller: Caller): Promise<StoredResource> => {
    puts.push({ id, body, caller })
    const [, account, container] = /storageAccounts\/([^/]+)(?:\/.*\/containers\/(.+))?$/.exec(id) ?? []
    if (account !== undefined && container === undefined) accounts.createAccount(account, id)
    if (account !== undefined && container !== undefined) accounts.createContainer(account, container)
    return { id, name: '', type: '' }
  }
  const engine: ResourceEngine = { get: refuse, within: refuse, startPreview: refuse, remove: refuse, put }
  return { engine, lake, puts }
}

describe('the seed of three environments', () => {
  test('everybody in it has an id of their own', () => {
    const { directory } = stateOfSeed(seed)
    const ids = [...directory.users, ...directory.applications, ...directory.servicePrincipals].map(
      ({ id }) => id,
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(directory.users.map(({ userPrincipalName }) => userPrincipalName)).toContain(
      'eve_partner.example#EXT#@contoso.example',
    )
  })

  test('each environment’s identity trusts its GitHub environment, in both forms of the subject', () => {
    const { directory } = stateOfSeed(seed)
    const subjects = directory.applications.map(({ appId, federatedCredentials = [] }) => [
      appId.slice(-3),
      federatedCredentials.map(({ subject }) => subject),
    ])
    expect(subjects).toEqual([
      ['300', []],
      ...['dev', 'stage', 'prod'].map((name, index) => [
        `30${index + 1}`,
        [
          `repo:contoso/ai-factory:environment:${name}`,
          `repo:contoso@77/ai-factory@4242:environment:${name}`,
        ],
      ]),
    ])
  })

  test('its operator owns three subscriptions, and nobody else has a role before the first put', () => {
    const { arm } = stateOfSeed(seed)
    expect(Object.values(arm.subscriptions).map(({ displayName }) => displayName)).toEqual([
      'aif-dev',
      'aif-stage',
      'aif-prod',
    ])
    const holders = Object.values(arm.resources).map(({ properties }) => properties?.['principalId'])
    const operator = seed.operator?.objectId
    expect(operator).toBeDefined()
    expect(holders).toEqual([operator, operator, operator])
  })

  test('the same common area is put into each, under its own names and addresses, by the operator', async () => {
    const { engine, lake, puts } = recordingEngine()
    await deploySeed(seed, { engine, lake })
    const networks = puts.filter(({ id }) => /virtualNetworks\/[^/]+$/.test(id))
    expect(
      networks.map(({ id, body }) => [id.split('/').at(-1), Object(body)['properties'].addressSpace]),
    ).toEqual([
      ['vnt-esmlcmn-sdc-dev-001', { addressPrefixes: ['172.16.0.0/16'] }],
      ['vnt-esmlcmn-sdc-test-001', { addressPrefixes: ['172.18.0.0/16'] }],
      ['vnt-esmlcmn-sdc-prod-001', { addressPrefixes: ['172.19.0.0/16'] }],
    ])
    expect(new Set(puts.map(({ id }) => id.toLowerCase())).size).toBe(puts.length)
    expect(new Set(puts.map(({ caller }) => caller.objectId))).toEqual(new Set([seed.operator?.objectId]))
    expect(JSON.stringify(puts)).not.toContain(placeholder('').slice(0, 2))
    const roots = [...lake.accounts.values()].map(({ name, containers }) => [
      name,
      [...(containers.get('lake3')?.root.children.from('') ?? [])].map((node) => node.name),
    ])
    expect(roots).toEqual(
      ['dev', 'test', 'prod'].map((code) => [
        `mrvela1b2cesml001${code}`,
        ['active', 'logging', 'master', 'projects'],
      ]),
    )
  })
})

test('Azure Resource Manager accepts all of it, and the result is a state to start from', async () => {
  const { arm, lake } = await readSeed(threeEnvironmentsFile)
  const count = (type: string): number =>
    Object.values(arm?.resources ?? {}).filter((resource) => resource.type === type).length
  expect({
    networks: count('Microsoft.Network/virtualNetworks'),
    subnets: count('Microsoft.Network/virtualNetworks/subnets'),
    zones: count('Microsoft.Network/privateDnsZones'),
    links: count('Microsoft.Network/privateDnsZones/virtualNetworkLinks'),
    assignments: count('Microsoft.Authorization/roleAssignments'),
  }).toEqual({ networks: 3, subnets: 9, zones: 93, links: 93, assignments: 12 })
  expect(lake?.accounts.map(({ containers }) => containers.map(({ paths }) => paths.length))).toEqual([
    [5],
    [5],
    [5],
  ])
})

describe('the seed of empty subscriptions', () => {
  const empty = loadSeed(readFileSync(emptySubscriptionsFile, 'utf8'))

  test('has three subscriptions with their owner, and nothing else: no identity, no group, no resource', async () => {
    const { arm, directory, lake } = await readSeed(emptySubscriptionsFile)
    const ops = directory.users.find(({ displayName }) => displayName === 'Ops Olsson')
    expect(Object.values(arm?.subscriptions ?? {}).map(({ displayName }) => displayName)).toEqual([
      'aif-dev',
      'aif-stage',
      'aif-prod',
    ])
    expect(
      Object.values(arm?.resources ?? {}).map(({ type, properties }) => [type, properties?.['principalId']]),
    ).toEqual(Array(3).fill(['Microsoft.Authorization/roleAssignments', ops?.id]))
    expect([directory.groups, directory.applications, lake?.accounts]).toEqual([[], [], []])
    // Which every tenant has.
    expect(directory.servicePrincipals.map(({ displayName }) => displayName)).toEqual(['Microsoft Graph'])
  })

  test('its owner administers roles of the directory, and nobody else has one', () => {
    const { directory } = stateOfSeed(empty)
    expect(
      directory.roleAssignments?.map(({ principalId, directoryScopeId }) => [principalId, directoryScopeId]),
    ).toEqual([[empty.people.find(({ owner }) => owner)?.id, '/']])
  })

  test('its owner signs in as a person, and sees the subscriptions', async () => {
    const sandbox = await startSandbox({ seed: emptySubscriptionsFile })
    try {
      trust(sandbox.ca)
      const form = new URLSearchParams({
        grant_type: 'password',
        client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        scope: `${sandbox.url}/.default`,
        username: 'ops@contoso.example',
        password: 'sandbox-only-not-a-secret',
      })
      const signedIn = await fetch(`${sandbox.url}/${empty.tenant.id}/oauth2/v2.0/token`, {
        method: 'POST',
        body: form,
      })
      const { access_token: token } = Object(await signedIn.json())
      const answer = await fetch(`${sandbox.url}/subscriptions?api-version=2022-12-01`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(Object(await answer.json())['value']).toHaveLength(3)
    } finally {
      await sandbox.close()
    }
  })

  test('a directory role that there is not is refused', () => {
    const wrong = readFileSync(emptySubscriptionsFile, 'utf8').replace(
      '[Privileged Role Administrator]',
      '[King]',
    )
    expect(() => loadSeed(wrong)).toThrow(/directoryRoles/)
  })
})

test('a seed that is not there is refused by its path', async () => {
  await expect(readSeed('/nowhere/seed.yml')).rejects.toThrow('/nowhere/seed.yml')
})

test.each([
  ['an unknown key', text.replace('version: 1', 'version: 1\ncolour: red'), /colour/],
  ['a wrong id', text.replaceAll('44444444-4444-4444-4444-444444444401', 'anna'), /people\[0\]\.id/],
])('a seed with %s is refused, and the message says where', (_, wrong, where) => {
  expect(() => loadSeed(wrong)).toThrow(where)
})

test('a placeholder that stands for nothing is refused', async () => {
  const { engine, lake } = recordingEngine()
  const wrong = loadSeed(text.replaceAll(`${placeholder('network')}.61.0/26`, placeholder('nothing')))
  await expect(deploySeed(wrong, { engine, lake })).rejects.toThrow(
    `no value for '${placeholder('nothing')}'`,
  )
})
