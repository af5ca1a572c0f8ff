import { describe, expect, test } from '@jest/globals'
import type { SandboxSnapshot } from '../../sandbox/state.ts'
import { azureState, difference, nothing, resourceIds } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { allLeft, allOf002, destroy, leftOf, ofProject, vaultIsKept } from './support/destroy.ts'
import { delivered, type Factory, openFactory, type Run } from './support/factory.ts'
import { killedAfter } from './support/killed-after.ts'
import { devGroupOf, devLake, devNetwork, devSubscription } from './support/places.ts'
import { readPlan } from './support/repository.ts'
import { errorOf, log } from './support/transcript.ts'

const withProject002 = delivered('002')

const account = `${devGroupOf('002')}/providers/Microsoft.CognitiveServices/accounts/aif2a1b2c002001dev`
const agents = `${devNetwork}/subnets/snt-prj002-aca-002`

/** The addresses that a run deleted, in their order, without what differs from run to run. */
const deletions = ({ writes }: Run): readonly string[] =>
  writes.filter(({ method }) => method === 'DELETE').map(({ path }) => path.replace(/\?.*/, ''))

describe('agents', () => {
  test('leave in the order that lets their subnet go: hosts of the project, of the account, then both', async () => {
    const factory = await withProject002()
    const hand = await byHand(factory.sandbox)
    const hosts = [
      `${account}/capabilityHosts/agents`,
      `${account}/projects/aif2-p002001dev/capabilityHosts/agents`,
    ]
    await hand.put(hosts[0] ?? '', '2025-12-01', { properties: { capabilityHostKind: 'Agents' } })
    await hand.put(hosts[1] ?? '', '2025-12-01', { properties: {} })
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, leftOf(run)]).toEqual([0, [vaultIsKept]])
    expect(deletions(run).slice(0, 5)).toEqual([
      hosts[1],
      hosts[0],
      `${account}/projects/aif2-p002001dev`,
      account,
      `${devSubscription}/providers/Microsoft.CognitiveServices/locations/swedencentral/resourceGroups/mrvel-esml-project002-sdc-dev-001-rg/deletedAccounts/aif2a1b2c002001dev`,
    ])
  })

  test('that Azure keeps in their subnet keep nothing else, and the next run finds the subnet free', async () => {
    const factory = await withProject002({ keepsAgentLinks: { secondsAfterPurge: 6 } })
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, leftOf(run)]).toEqual([
      0,
      [
        'azure: subnet snt-prj002-aca-002',
        'azure: network security group aca2-nsg-prj002-sdc-dev',
        vaultIsKept,
      ],
    ])
    const subnet = allLeft(run).find(({ kind }) => kind === 'subnet')
    expect(subnet?.reason).toContain('some minutes after the purge, in some cases only after two days')
    expect(resourceIds(factory.sandbox, devGroupOf('002'))).toEqual([])
    expect(
      factory.sandbox.state.directory.groups.filter(({ displayName }) => displayName.includes('prj002')),
    ).toEqual([])

    const waiting = await destroy(factory, { ...allOf002, 'wait-minutes': '5' })
    expect([waiting.exitCode, leftOf(waiting)]).toEqual([0, [vaultIsKept]])
    expect(ofProject(factory)).toEqual([])
  })

  test('whose account is not purged keep their subnet until it is, and nobody waits for that', async () => {
    const factory = await withProject002({ keepsAgentLinks: true })
    const run = await destroy(factory, { ...allOf002, allow: 'deletion', 'wait-minutes': '20' })
    expect([run.exitCode, leftOf(run)]).toEqual([
      0,
      [
        'azure: subnet snt-prj002-aca-002',
        'azure: network security group aca2-nsg-prj002-sdc-dev',
        vaultIsKept,
        'azure: softly deleted Microsoft.CognitiveServices/accounts aif2a1b2c002001dev',
      ],
    ])
    expect(allLeft(run)[0]?.reason).toMatch(/'aif2a1b2c002001dev' keeps it until it is purged, or until 20/)
    expect(log(run).join('\n')).not.toContain('Still waiting')

    const purged = await destroy(factory, allOf002)
    expect([purged.exitCode, leftOf(purged)]).toEqual([0, [vaultIsKept]])
    expect(deletions(purged).some((path) => path.includes('/deletedAccounts/'))).toBe(true)
    expect(ofProject(factory)).toEqual([])
  })

  test('a virtual machine that others put into a subnet of the project keeps it', async () => {
    const factory = await withProject002()
    const hand = await byHand(factory.sandbox)
    const nic = `${devSubscription}/resourceGroups/mrvel-esml-common-sdc-dev-001/providers/Microsoft.Network/networkInterfaces/theirs`
    await hand.put(nic, '2025-05-01', {
      location: 'swedencentral',
      properties: {
        ipConfigurations: [
          { name: 'one', properties: { subnet: { id: agents.replace('aca-002', 'genai') } } },
        ],
      },
    })
    const run = await destroy(factory, { ...allOf002, 'wait-minutes': '20' })
    expect([run.exitCode, leftOf(run)]).toEqual([
      0,
      [
        'others: subnet snt-prj002-genai',
        'others: network security group genai-nsg-prj002-sdc-dev',
        vaultIsKept,
      ],
    ])
    expect(allLeft(run)[0]?.reason).toBe("In use by network interface 'theirs', which others made.")
  })
})

/** A file in the project's folder of the lake, as the team puts it there. */
function withFile(snapshot: SandboxSnapshot): SandboxSnapshot {
  const copy: SandboxSnapshot = JSON.parse(JSON.stringify(snapshot))
  const containers = copy.lake?.accounts.find(({ resourceId }) => resourceId === devLake)?.containers ?? []
  for (const { paths } of containers) {
    const folder = paths.findIndex(({ path }) => path === 'projects/project002/in')
    const found = paths[folder]
    if (found === undefined) continue
    const file = {
      ...found,
      path: 'projects/project002/in/sales.csv',
      kind: 'file' as const,
      content: 'eDsy',
    }
    ;(paths as (typeof file | typeof found)[]).splice(folder + 1, 0, file)
  }
  return copy
}

test('files in the data lake count as data', async () => {
  const factory = await openFactory({ seed: withFile((await withProject002()).snapshot()) })
  const planned = await destroy(factory)
  expect(readPlan(planned).changes.find(({ kind }) => kind === 'folder')?.reason).toContain('1 file of')
  const refused = await destroy(factory, { confirm: '002' })
  expect([refused.exitCode, refused.writes]).toEqual([1, []])
  expect(errorOf(refused)).toContain('the files of project 002 in the data lake')
  expect((await destroy(factory, allOf002)).exitCode).toBe(0)
  expect(ofProject(factory)).toEqual([])
})

describe('a group of the project', () => {
  test('that others have given a role elsewhere stays, and says for what', async () => {
    const factory = await withProject002()
    const { sandbox } = factory
    const hand = await byHand(sandbox)
    const lead = sandbox.state.directory.groups.find(({ displayName }) =>
      displayName.endsWith('prj002_dev_team_lead'),
    )
    const assignment = `${devLake}/providers/Microsoft.Authorization/roleAssignments/99999999-9999-4999-8999-999999999999`
    await hand.put(assignment, '2022-04-01', {
      properties: {
        principalId: lead?.id,
        principalType: 'Group',
        roleDefinitionId: `${devSubscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      },
    })
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, leftOf(run)]).toEqual([0, [`others: group ${lead?.displayName}`, vaultIsKept]])
    expect(allLeft(run)[0]?.reason).toBe(
      "Others use it: they have assigned Reader on 'mrvela1b2cesml001dev' to it.",
    )
    await hand.remove(assignment, '2022-04-01')
    expect(leftOf(await destroy(factory, allOf002))).toEqual([vaultIsKept])
    expect(ofProject(factory)).toEqual([])
  })
})

/** Azure's refusal of what the identity may not do. */
const forbidden = (action: string, scope: string) => ({
  status: 403,
  times: 'always' as const,
  body: {
    error: {
      code: 'AuthorizationFailed',
      message: `The client 'x' does not have authorization to perform action '${action}' over scope '${scope}'.`,
    },
  },
})

describe('a right that is missing', () => {
  const cases: readonly (readonly [string, { readonly method?: string; readonly path: string }, string])[] = [
    [
      'to delete a group',
      { method: 'DELETE', path: '/groups/[^/]+$' },
      'group aif001sdc_mrvela1b2c_prj002_dev_team_lead',
    ],
    ['to delete subnets', { method: 'DELETE', path: '/subnets/' }, 'subnet snt-prj002-genai'],
    [
      'to purge',
      { method: 'DELETE', path: '/deletedAccounts/' },
      'softly deleted Microsoft.CognitiveServices/accounts aif2a1b2c002001dev',
    ],
    ['to read role assignments', { method: 'GET', path: '/roleAssignments\\?' }, 'role assignments dev'],
    ['to reach the data lake', { path: '/storage/' }, 'data lake mrvela1b2cesml001dev'],
  ]
  test.each(cases)(
    '%s is named, keeps nothing else, and once given the next run ends it',
    async (what, rule, name) => {
      const factory: Factory = await withProject002()
      factory.sandbox.faults.add({
        ...forbidden(`Microsoft.Test/${what.replaceAll(' ', '-')}`, 'x'),
        ...rule,
      })
      const run = await destroy(factory, allOf002)
      expect(run.exitCode).toBe(1)
      expect(leftOf(run)).toContain(`failed: ${name}`)
      expect(errorOf(run)).toContain('Not all of project 002 in dev could be destroyed.')
      expect(errorOf(run)).toContain(`Microsoft.Test/${what.replaceAll(' ', '-')}`)
      expect(resourceIds(factory.sandbox, devGroupOf('002'))).toEqual([])

      factory.sandbox.faults.clear()
      const again = await destroy(factory, allOf002)
      expect([again.exitCode, leftOf(again)]).toEqual([0, [vaultIsKept]])
      expect(ofProject(factory)).toEqual([])
    },
  )
})

test('a destroy that is killed is ended by the next one, wherever it was', async () => {
  const undisturbed = await withProject002()
  const { writes } = await destroy(undisturbed, allOf002)
  const after = azureState(undisturbed.sandbox)
  const moments = [1, 2, 4, 0.3, 0.5, 0.7, 0.9].map((at) => (at >= 1 ? at : Math.ceil(at * writes.length)))
  for (const moment of [...moments, writes.length - 1]) {
    const factory = await withProject002()
    const killed = await killedAfter(factory, moment, (signal) => destroy(factory, allOf002, { signal }))
    expect(killed.exitCode).toBe(137)
    const again = await destroy(factory, allOf002)
    expect([again.exitCode, leftOf(again)]).toEqual([0, [vaultIsKept]])
    expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
  }
})
