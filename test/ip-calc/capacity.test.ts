import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { openResources } from '../../src/azure/resources.ts'
import { mostNamedEntries } from '../../src/lake/acl.ts'
import { type CountedLimitKey, type LimitKey, limits } from '../../src/network/capacity/limits.ts'
import type { ProjectType, SubnetProfile } from '../../src/vocabulary.ts'
import { dev, ids, onSandbox } from '../azure/on-sandbox.ts'
import { openFactory } from '../e2e/support/factory.ts'
import { defineOwnRoles } from '../e2e/support/own-roles.ts'
import { manifestOf } from '../e2e/support/repository.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc } from './factory.ts'

interface Capacity {
  readonly version: number
  readonly environment: string
  readonly vnet: { readonly id: string; readonly name: string }
  readonly profile: string
  readonly projects: readonly {
    readonly type: ProjectType
    readonly profile: SubnetProfile
    readonly more: number
    readonly atMost: boolean
    readonly first: LimitKey
    readonly next: LimitKey
    readonly moreByLimit: Readonly<Partial<Record<LimitKey, number>>>
    readonly takes: Readonly<Record<CountedLimitKey, number>>
  }[]
  readonly limits: readonly {
    readonly limit: LimitKey
    readonly used: number | null
    readonly max: number
    readonly left: number | null
    readonly reason?: string
  }[]
}

const capacityOf = ({ outputs }: Transcript): Capacity => JSON.parse(outputs['capacity'] ?? '')

const used = (capacity: Capacity): Readonly<Record<string, number | null>> =>
  Object.fromEntries(capacity.limits.map(({ limit, used }) => [limit, used]))

/** Asks how many more projects fit dev. */
const askIn = (sandbox: Sandbox, folder: FactoryFolder, inputs: Readonly<Record<string, string>> = {}) =>
  ipCalc(sandbox, folder, { mode: 'capacity', project: '', ...inputs })

const oneType = (type: string, capacity: Capacity, profile: SubnetProfile = 'standard') => {
  const found = capacity.projects.find((each) => each.type === type && each.profile === profile)
  if (found === undefined) throw new Error(`Nothing is said of ${type}.`)
  return found
}

const refused = {
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
  times: 'always',
} as const

describe('How many projects of type all fit by their role assignments', () => {
  const of = async (roles: 'custom' | 'builtin', isSetUp: boolean) => {
    const sandbox = await startSandbox({ durationScale: 0 })
    trust(sandbox.ca)
    const folder = factoryFolder((text) => text.replace('tags:', `roles: ${roles}\ntags:`))
    try {
      if (isSetUp) await defineOwnRoles(sandbox, folder.file)
      const run = await askIn(sandbox, folder)
      const { takes, moreByLimit } = oneType('all', capacityOf(run))
      return { warnings: annotations(run, 'warning'), takes, more: moreByLimit.roleAssignments ?? 0 }
    } finally {
      await sandbox.close()
      folder.remove()
    }
  }

  test("is 190 and more with the factory's own roles", async () => {
    const { warnings, takes, more } = await of('custom', true)
    expect(warnings).toEqual([])
    expect(takes.roleAssignments).toBeLessThanOrEqual(21)
    expect(more).toBeGreaterThanOrEqual(190)
  })

  test("is counted with Azure's roles, and says so, until set-up has defined them", async () => {
    const { warnings, takes, more } = await of('custom', false)
    expect(warnings).toEqual([expect.stringMatching(/do not exist in dev.*npm run setup/)])
    expect(warnings[0]).toContain(`takes ${takes.roleAssignments} role assignments`)
    expect(more).toBeLessThan(60)
  })

  test("is counted with Azure's roles where factory.yml says so, which is no reason to warn", async () => {
    const { warnings, more } = await of('builtin', true)
    expect(warnings).toEqual([])
    expect(more).toBeLessThan(60)
  })
})

describe('How many more projects fit an environment', () => {
  let sandbox: Sandbox
  let folder: FactoryFolder
  beforeAll(async () => {
    sandbox = await startSandbox({ durationScale: 0 })
    trust(sandbox.ca)
    folder = factoryFolder((text) => text.replace('tags:', 'roles: builtin\ntags:'))
  })
  afterAll(async () => {
    await sandbox.close()
    folder.remove()
  })
  const ask = (inputs?: Readonly<Record<string, string>>) => askIn(sandbox, folder, inputs)

  test('is reported in one sentence, and for every type and profile with the limit that is reached first', async () => {
    const run = await ask()
    const capacity = capacityOf(run)
    expect(run.lines.filter((line) => !line.startsWith('::'))).toEqual([])
    expect(annotations(run, 'notice')).toEqual([
      expect.stringMatching(
        /^dev, VNet vnt-\S+: \d+ more projects of type all \(standard\) fit, then role assignments run out\.$/,
      ),
    ])
    expect(capacity).toMatchObject({
      version: 1,
      environment: 'dev',
      vnet: { id: ids.network },
      profile: 'standard',
    })
    expect(capacity.projects.map(({ type, profile }) => `${type} ${profile}`)).toEqual([
      'esml standard',
      'esml compact',
      'genai-1 standard',
      'genai-1 compact',
      'all standard',
      'all compact',
    ])
    for (const { more, first, next, moreByLimit } of capacity.projects) {
      expect(Math.min(...Object.values(moreByLimit))).toBe(more)
      expect(moreByLimit[first]).toBe(more)
      expect(moreByLimit[next]).toBeGreaterThanOrEqual(more)
    }
  })

  test('is counted from what there is', async () => {
    expect(used(capacityOf(await ask()))).toEqual({
      addresses: 192,
      privateEndpoints: 0,
      subnets: 3,
      // Those of the environment's own identity.
      roleAssignments: 4,
      deploymentStacks: 0,
      resourceGroups: 1,
      lakeEntries: 0,
      // The manifests 001, 002 and 003.
      projectNumbers: 3,
    })
  })

  test('changes nothing, and hands over a plan without changes and a map', async () => {
    const before = sandbox.requestCount()
    const { outputs } = await ask()
    expect(outputs['changed']).toBe('false')
    expect(JSON.parse(readFileSync(outputs['plan-file'] ?? '', 'utf8'))).toMatchObject({ changes: [] })
    expect(readFileSync(outputs['map-file'] ?? '', 'utf8')).toMatch(/^<svg /)
    expect(Object.keys(outputs).sort()).toEqual(['capacity', 'changed', 'map-file', 'plan-file'])
    const methods = new Set(
      sandbox.requests(before).flatMap(({ method, caller }) => (caller === undefined ? [] : [method])),
    )
    expect([...methods].filter((method) => method !== 'GET' && method !== 'HEAD')).toEqual([])
  })

  test('is reported in a summary of a page: the sentence, the forecast, the limits, what would help, the map', async () => {
    const { summary } = await ask()
    expect(summary).toMatch(/^## Capacity of dev, VNet/)
    expect(summary).toContain('| Type | Profile | More projects | First limit | Next limit |')
    expect(summary).toContain('| role assignments per subscription | 4 | 4,000 | 3,996 | esml ')
    expect(summary).toContain('### What would help\n\n- ')
    expect(summary).toContain('172.16.0.0/16: 65,344 of 65,536 addresses free')
    expect(summary.split('\n').length).toBeLessThan(80)
    expect((await ask({ summary: 'false' })).summary).toBe('')
  })

  test('warns when fewer fit than are asked for', async () => {
    expect(annotations(await ask({ 'warn-below': '5' }), 'warning')).toEqual([])
    const few = await ask({ 'warn-below': '500' })
    const [warning] = annotations(few, 'warning')
    expect(few.summary).toMatch(/^⚠️ \*\*\d+ more projects .* run out\.\*\* Fewer than 500 /m)
    expect(warning).toMatch(
      /^dev, VNet \S+: \d+ more projects of type all .* Fewer than 500 \('warn-below'\)\. \S/,
    )
  })

  test('leaves out of the warning the types that no project of the factory has', async () => {
    const esmlOnly = factoryFolder()
    esmlOnly.addProject('002', (text) => text.replace(/type: \S+/, 'type: esml'))
    esmlOnly.addProject('003', (text) => text.replace(/type: \S+/, 'type: esml'))
    expect(annotations(await askIn(sandbox, esmlOnly), 'notice')[0]).toContain('more projects of type esml')
    esmlOnly.remove()
  })

  test('counts reserved ranges as not free, and reports what another prefix would add', async () => {
    const run = await ask({ reserved: '172.16.0.0/17, 172.16.128.0/18, 172.16.192.0/19' })
    const { more, first } = oneType('all', capacityOf(run))
    expect([first, more < 15]).toEqual(['addresses', true])
    expect(run.summary).toMatch(
      /- Another \/1\d in the VNet would fit \d+ more, then role assignments run out\./,
    )
    expect(run.summary).toMatch(/The profile compact for new projects would fit \d+ more/)
  })

  test('counts every page of the role assignments', async () => {
    const before = used(capacityOf(await ask()))['roleAssignments'] ?? 0
    const scope = `/subscriptions/${dev.subscriptionId}`
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`
    const one = {
      id: `${path}/77777777-0000-0000-0000-000000000001`,
      name: '77777777-0000-0000-0000-000000000001',
      type: 'Microsoft.Authorization/roleAssignments',
      properties: { scope, principalId: dev.objectId, roleDefinitionId: `${path}/x` },
    }
    const above = {
      ...one,
      properties: { ...one.properties, scope: '/providers/Microsoft.Management/managementGroups/root' },
    }
    sandbox.faults.add({
      method: 'GET',
      path: '/roleAssignments\\?',
      status: 200,
      body: { value: [one, above], nextLink: `${sandbox.url}${path}?api-version=2022-04-01&page=2` },
    })
    const { roleAssignments } = used(capacityOf(await ask()))
    sandbox.faults.clear()
    expect(roleAssignments).toBe(before + 1)
  })

  test('is an upper bound when role assignments may not be read', async () => {
    sandbox.faults.add({ method: 'GET', path: '/roleAssignments\\?', ...refused })
    const run = await ask()
    sandbox.faults.clear()
    const capacity = capacityOf(run)
    expect(annotations(run, 'error')).toEqual([])
    expect(annotations(run, 'notice')[0]).toMatch(/: At most \d+ more projects of type all/)
    expect(annotations(run, 'warning')).toEqual([
      expect.stringMatching(/^The number of role assignments in use is not known, so fewer projects may fit/),
    ])
    expect(capacity.projects.every(({ atMost }) => atMost)).toBe(true)
    expect(capacity.limits.find(({ limit }) => limit === 'roleAssignments')).toMatchObject({
      used: null,
      left: null,
      max: 4_000,
      reason: expect.stringContaining('AuthorizationFailed'),
    })
    expect(run.summary).toContain('| role assignments per subscription | not known')
  })

  test('does not need the data lake, to which no project comes nearer', async () => {
    sandbox.faults.add({ method: 'GET', path: `/storageAccounts/${dev.lake}\\?`, ...refused })
    const run = await ask()
    sandbox.faults.clear()
    expect(annotations(run, 'warning')).toEqual([])
    expect(oneType('all', capacityOf(run)).atMost).toBe(false)
    expect(used(capacityOf(run))['lakeEntries']).toBeNull()
    expect(run.summary).toMatch(/root \| not known/)
  })

  test('ends with one error when the VNet cannot be read', async () => {
    sandbox.faults.add({ method: 'GET', path: '/virtualNetworks/', ...refused })
    const run = await ask()
    sandbox.faults.clear()
    expect(annotations(run, 'error')).toHaveLength(1)
    expect(run.outputs).toEqual({})
  })

  test('needs an environment that the factory has', async () => {
    const [error] = annotations(await ask({ environment: 'moon' }), 'error')
    expect(error).toContain("'environment'")
  })
})

test.each<ProjectType>(['genai-1', 'esml'])(
  'A project of type %s that is delivered takes exactly what the forecast says that one takes',
  async (type) => {
    const factory = await openFactory()
    factory.repository.write(
      manifestOf('004'),
      `version: 1\nproject: "004"\nname: typical\ntype: ${type}\nowner: anna@contoso.example\nenvironments: { dev: {} }\n`,
    )
    const folder: FactoryFolder = {
      folder: factory.repository.folder,
      file: path.join(factory.repository.folder, 'aifactory', 'factory.yml'),
      addProject: () => undefined,
      remove: () => undefined,
    }
    trust(factory.sandbox.ca)
    const before = capacityOf(await askIn(factory.sandbox, folder))
    const runs = await factory.deliver('004', 'dev')
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0))
    const after = capacityOf(await askIn(factory.sandbox, folder))
    const { takes } = oneType(type, before)
    const grown = Object.fromEntries(
      Object.entries(used(after)).map(([limit, count]) => [limit, (count ?? 0) - (used(before)[limit] ?? 0)]),
    )
    expect(grown).toMatchObject({
      privateEndpoints: takes.privateEndpoints,
      subnets: takes.subnets,
      roleAssignments: takes.roleAssignments,
      deploymentStacks: 1,
      resourceGroups: 1,
      // One entry for all projects, which the first one brings.
      lakeEntries: 1,
      // Its manifest was there before.
      projectNumbers: 0,
    })
    const first = oneType(type, before)
    expect(oneType(type, after).moreByLimit.roleAssignments).toBe(
      (first.moreByLimit.roleAssignments ?? 0) - 1,
    )
  },
)

test('A VNet that was upgraded to High Scale Private Endpoints fits five thousand of them', async () => {
  const { sandbox, session } = await onSandbox({ durationScale: 0 })
  const folder = factoryFolder()
  const resources = await openResources(session)
  const apiVersion = '2024-05-01'
  const network = await resources.read(ids.network, apiVersion)
  const properties = { ...network?.properties, privateEndpointVNetPolicies: 'Basic' }
  await resources.put(ids.network, apiVersion, { location: 'swedencentral', properties })
  const { limits: counted, projects } = capacityOf(await askIn(sandbox, folder))
  expect(counted.find(({ limit }) => limit === 'privateEndpoints')).toMatchObject({ max: 5_000, left: 5_000 })
  const [first] = projects
  expect(first?.moreByLimit.privateEndpoints).toBe(Math.floor(5_000 / (first?.takes.privateEndpoints ?? 1)))
  await sandbox.close()
  folder.remove()
})

test('The entries of the lake are those that the lake knows', () => {
  expect(limits.lakeEntries.max).toBe(mostNamedEntries)
})
