/** The identity that plans, as set-up makes it, may look at everything that a delivery compares, before it and after. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import {
  type CommonProvision,
  type ProjectProvision,
  provisionProject,
} from '../../src/operations/modes/provision-project.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { planOf } from '../provision-project/in-process.ts'
import { openSettingUp, type SettingUp } from './setting-up.ts'
import { factoryIn } from './signing-in.ts'

const project = '003'
let here: SettingUp
let original: string
beforeAll(async () => {
  here = await openSettingUp()
  await here.run()
  original = here.read()
  const manifest = {
    version: 1,
    project,
    name: 'quality-lab',
    type: 'all',
    owner: 'anna@contoso.example',
    team: { lead: ['anna@contoso.example'] },
  }
  const folder = path.join(path.dirname(here.file), 'projects')
  mkdirSync(folder)
  writeFileSync(path.join(folder, `prj${project}.yml`), JSON.stringify(manifest))
}, 200_000)

/** A job of a GitHub environment. */
const context = (github: string, action = 'provision-project'): OperationContext => {
  const job = here.sandbox.jobEnvironment({ environment: github })
  return {
    action,
    userAgent: 'test',
    environment: { ...here.sandbox.env, ...job },
    info: () => undefined,
    idToken: idToken(job),
  }
}

/** In the job of the identity that plans, which the input `client-id` names. */
const planner = () => factoryIn(here.read(), 'dev').identities.plan?.clientId

const options = (clientId?: string) => ({
  factoryFile: here.file,
  environment: 'dev' as const,
  azureCloud: here.sandbox.url,
  clientId,
  githubToken: undefined,
  allowed: [] as readonly Allowance[],
  confirm: undefined,
})

type Mode = 'check' | 'plan' | 'apply'
type Run = (mode: Mode) => Promise<Report>

const signingIn = (mode: Mode) =>
  mode === 'apply'
    ? { ...options(), context: context('dev') }
    : { ...options(planner()), context: context('plan-dev') }

const common: Run = (mode) => {
  const { context: job, ...rest } = signingIn(mode)
  const asked: CommonProvision = { target: 'common', ...rest, mode }
  return provisionProject(asked, job)
}

const resources: Run = (mode) => {
  const { context: job, ...rest } = signingIn(mode)
  const asked: ProjectProvision = {
    target: 'project',
    ...{ ...rest, project, mode },
    ...{ subnets: undefined, waitMinutes: 0 },
  }
  return provisionProject(asked, job)
}

const reserve = () =>
  manageSubnets(
    {
      kind: 'live',
      mode: 'reserve',
      target: { ...options(), project },
      ...{ vnetId: undefined, specs: undefined, allocation: 'planner', reserved: [] },
    },
    context('dev', 'ip-calc'),
  )

interface Finding {
  readonly severity: string
  readonly subject: string
  readonly what: string
}

/** What a check finds, whether it refuses or not. */
async function findingsOf(checked: Promise<Report>): Promise<readonly Finding[]> {
  const report = await checked.catch((error: unknown) => {
    if (error instanceof FailureWithReport) return error.report
    throw error
  })
  return JSON.parse(report.outputs['findings'] ?? '[]')
}

/** That there is no fault, and that it is known what the delivering identity may do. */
async function expectWell(checked: Promise<Report>): Promise<void> {
  const findings = await findingsOf(checked)
  expect(findings.filter(({ severity }) => severity === 'fault')).toEqual([])
  expect(findings).toContainEqual({
    severity: 'good',
    subject: 'Rights',
    what: expect.stringMatching(/^The delivering identity has all \d+ rights/),
  })
}

test('it checks and plans a common area that is to come', async () => {
  await expectWell(common('check'))
  expect(hasChanges(planOf(await common('plan')))).toBe(true)
}, 100_000)

test('it plans what is there: first of the common area, then of a project with its subnets', async () => {
  await common('apply')
  expect(hasChanges(planOf(await common('plan')))).toBe(false)
  here.edit((text) => `${text}\ncommon: { natGateway: true }\n`)
  const { changes } = planOf(await common('plan'))
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'Microsoft.Network/natGateways', change: 'create' }),
  )
  await expectWell(common('check'))
  here.edit(() => original)

  expect(hasChanges(planOf(await resources('plan')))).toBe(true)
  await reserve()
  await expectWell(resources('check'))
  const before = planOf(await resources('plan'))
  // Azure is asked about everything: nothing is left to be validated when it is deployed.
  expect(before.changes.filter(({ uncertainty }) => uncertainty?.is === 'unknown')).toEqual([])
  await resources('apply')
  expect(hasChanges(planOf(await resources('plan')))).toBe(false)
}, 200_000)
