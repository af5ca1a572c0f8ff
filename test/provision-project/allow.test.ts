import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { z } from 'zod'
import { runStep, type StepResult } from '../../sandbox/runner/step.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { writesIn } from '../e2e/support/transcript.ts'

const root = path.join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(path.join(os.tmpdir(), 'allow-test-'))
const aifactory = path.join(folder, 'aifactory')
const [factoryFile, projectFile] = [
  path.join(aifactory, 'factory.yml'),
  path.join(aifactory, 'projects/prj001.yml'),
]
let here: OnSandbox
let subnets = ''

beforeAll(async () => {
  here = await onSandbox()
  cpSync(path.join(root, 'workflows-templates', 'aifactory'), aifactory, { recursive: true })
  replace(projectFile, 'services:\n', 'services:\n  aiSearch: true\n')
  const claimed = await step('ip-calc', { mode: 'reserve' })
  subnets = claimed.outputs['subnets'] ?? ''
  expect((await provision({ mode: 'apply' })).exitCode).toBe(0)
})
afterAll(async () => {
  await here.sandbox.close()
  rmSync(folder, { recursive: true })
})

let before: readonly string[]
let firstCall = 0
beforeEach(() => {
  before = resources()
  firstCall = here.sandbox.requestCount()
})

function replace(file: string, what: string | RegExp, by: string): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(what)
  writeFileSync(file, text.replace(what, by))
}

const step = (action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
  runStep({
    action: path.join(root, 'actions', action),
    workspace: folder,
    environment: { ...here.sandbox.env, RUNNER_TEMP: folder },
    with: { project: '001', environment: 'dev', 'azure-cloud': here.sandbox.url, ...inputs },
  })
const provision = (inputs: Readonly<Record<string, string>>) =>
  step('provision-project', { subnets, ...inputs })
const errors = ({ lines }: StepResult) => lines.filter(({ kind }) => kind === 'error').map(({ text }) => text)
const warnings = ({ lines }: StepResult) =>
  lines.filter(({ kind }) => kind === 'warning').map(({ text }) => text)

/** Ids of all that is in the sandbox's Azure. */
const resources = (): readonly string[] => Object.keys(here.sandbox.state.arm.resources).sort()

/** What was asked of Azure since the test began that changes something. */
const writes = (): readonly string[] =>
  writesIn(here.sandbox.requests())
    .filter(({ sequence, method }) => sequence > firstCall && method !== 'POST')
    .map(({ method, path: address }) => `${method} ${address}`)

test('a service that is switched off is shown as lost, and refused, before anything is written', async () => {
  replace(projectFile, 'aiSearch: true', 'aiSearch: false')
  const plan = await provision({ mode: 'plan' })
  expect(plan.exitCode).toBe(0)
  expect(warnings(plan)).toEqual([expect.stringMatching(/would lose .*Microsoft\.Search\/searchServices/)])
  expect(plan.summary.indexOf('Lost with it: indexes')).toBeGreaterThan(0)

  const refused = await provision({ mode: 'apply' })
  expect(refused.exitCode).toBe(1)
  expect(errors(refused)).toEqual([expect.stringMatching(/would lose .*searchServices.*allow: deletion/)])
  expect(refused.outputs['changed']).toBe('false')
  expect(JSON.parse(refused.outputs['what-if'] ?? '')).toEqual(expect.any(Array))
  const { changes } = JSON.parse(readFileSync(refused.outputs['plan-file'] ?? '', 'utf8'))
  expect(changes[0]).toMatchObject({ change: 'delete' })
  expect(writes()).toEqual([])
  expect(resources()).toEqual(before)
})

test('with allow: deletion it goes, and nothing else', async () => {
  const { resources: stored } = here.sandbox.state.arm
  const search = before.map((id) => stored[id]).find((one) => one?.type === 'Microsoft.Search/searchServices')
  const { principalId: principal } = z.object({ principalId: z.guid() }).parse(search?.['identity'])
  const itsRoles = before.filter((id) => stored[id]?.properties?.['principalId'] === principal)
  const done = await provision({ mode: 'apply', allow: 'deletion' })
  expect(errors(done)).toEqual([])
  const gone = before.filter((id) => !resources().includes(id))
  expect(gone.length).toBeGreaterThan(itsRoles.length)
  for (const id of gone.filter((each) => !itsRoles.includes(each))) expect(id).toMatch(/search/i)
  expect((await provision({ mode: 'apply' })).outputs['changed']).toBe('false')
})

test('another project under the same number is refused', async () => {
  replace(projectFile, 'name: demand-forecast', 'name: spare-parts')
  const plan = await provision({ mode: 'plan' })
  expect(warnings(plan)).toEqual([expect.stringContaining("belongs to project 'demand-forecast'")])
  const refused = await provision({ mode: 'apply', allow: 'deletion' })
  expect(errors(refused)).toEqual([expect.stringContaining("belongs to project 'demand-forecast'")])
  expect(writes()).toEqual([])
})

test('its people get no access to what the other project has', async () => {
  const plan = await step('add-member', { mode: 'plan' })
  expect(warnings(plan)).toEqual([expect.stringContaining("belongs to project 'demand-forecast'")])
  const refused = await step('add-member', { mode: 'apply' })
  expect(errors(refused)).toEqual([expect.stringContaining("belongs to project 'demand-forecast'")])
  expect(writes()).toEqual([])
})

test('a project that was renamed keeps its number when that is allowed, from then on without asking', async () => {
  const renamed = await provision({ mode: 'apply', allow: 'rename' })
  expect([renamed.outputs['changed'], errors(renamed)]).toEqual(['true', []])
  const again = await provision({ mode: 'apply' })
  expect([again.outputs['changed'], errors(again)]).toEqual(['false', []])
})

test('a changed salt is distinguished from an intended deletion', async () => {
  replace(factoryFile, /^salt: .*$/m, 'salt: zzzzz')
  const alone = await provision({ mode: 'apply' })
  expect(errors(alone)).toEqual([
    expect.stringContaining('check name, instance, locationCode and salt in factory.yml'),
  ])
  expect(resources()).toEqual(before)

  await makeCommonArea('zzzzz')
  const made = resources()
  const refused = await provision({ mode: 'apply' })
  expect(errors(refused)).toEqual([expect.stringContaining('this looks like a changed name, instance, salt')])
  expect(resources()).toEqual(made)
})

test('an allowance that does not exist is refused by its name', async () => {
  expect(errors(await provision({ mode: 'plan', allow: 'everything' }))).toEqual([
    expect.stringContaining('deletion, rename, older, purge, out-of-sync, take-over and no-lead'),
  ])
})

/** What a project refers to of a common area that was delivered with another salt. */
async function makeCommonArea(salt: string): Promise<void> {
  const hand = await byHand(here.sandbox)
  const location = 'swedencentral'
  const of = (type: string, name: string) => `${ids.common}/providers/${type}/${name}`
  await hand.put(of('Microsoft.OperationalInsights/workspaces', `la-cmn-sdc-dev-${salt}-001`), '2023-09-01', {
    location,
    properties: { sku: { name: 'PerGB2018' } },
  })
  await hand.put(of('Microsoft.ContainerRegistry/registries', `acrcommon${salt}sdc001dev`), '2023-07-01', {
    location,
    sku: { name: 'Premium' },
  })
}
