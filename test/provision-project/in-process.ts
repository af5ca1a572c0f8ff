import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { assignAccess } from '../../src/operations/access/assign-access.ts'
import { type ProjectProvision, provisionProject } from '../../src/operations/modes/provision-project.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import type { Plan } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { onceOnly, snapshotOf } from '../e2e/support/snapshot.ts'
import { type FactoryFolder, factoryFolder } from '../ip-calc/factory.ts'

/** The operations on one project in dev, in this process: as fast as the sandbox is. */
export interface InProcess {
  readonly factory: FactoryFolder
  /** Replaces the project's manifest. JSON is YAML. */
  readonly write: (manifest: object) => void
  /** Runs ip-calc. */
  readonly network: (mode: 'plan' | 'reserve' | 'release-unneeded') => Promise<Report>
  /** Runs provision-project. */
  readonly provision: (mode: 'check' | 'plan' | 'apply', allowed?: readonly Allowance[]) => Promise<Report>
  /** Runs add-member by the manifest. */
  readonly people: (mode: 'plan' | 'apply') => Promise<Report>
  /** Destroys the project. */
  readonly destroy: (allowed: readonly Allowance[]) => Promise<Report>
  /** Shows what destroying it would do. */
  readonly planDestroy: () => Promise<Report>
  /** What was logged, oldest first. */
  readonly logged: string[]
}

/** Opens a factory with one project, whose manifest has to be written first. */
export function inProcess(sandbox: Sandbox, number: string): InProcess {
  trust(sandbox.ca)
  const factory = factoryFolder()
  const logged: string[] = []
  const target = {
    factoryFile: factory.file,
    environment: 'dev',
    azureCloud: sandbox.url,
    project: number,
    githubToken: undefined,
  } as const
  const context = (action: string): OperationContext => ({
    action,
    userAgent: 'test',
    environment: { ...sandbox.env, ...sandbox.jobEnvironment({ environment: 'dev' }) },
    info: (line) => logged.push(line),
    idToken: idToken(sandbox.jobEnvironment({ environment: 'dev' })),
  })
  const options = (mode: 'check' | 'plan' | 'apply', allowed: readonly Allowance[]): ProjectProvision => ({
    target: 'project',
    ...target,
    mode,
    allowed,
    subnets: undefined,
    confirm: undefined,
    waitMinutes: 0,
    clientId: undefined,
  })
  return {
    factory,
    logged,
    write: (manifest) =>
      writeFileSync(
        path.join(path.dirname(factory.file), 'projects', `prj${number}.yml`),
        JSON.stringify({ version: 1, project: number, ...manifest }),
      ),
    network: (mode) => {
      const subject = { ...target, allowed: [] }
      return manageSubnets(
        mode === 'release-unneeded'
          ? { kind: 'release', mode, target: subject, vnetId: undefined, names: undefined, reserved: [] }
          : {
              kind: 'live',
              mode,
              target: subject,
              vnetId: undefined,
              specs: undefined,
              allocation: 'planner',
              reserved: [],
            },
        context('ip-calc'),
      )
    },
    provision: (mode, allowed = ['deletion']) =>
      provisionProject(options(mode, allowed), context('provision-project')),
    people: (mode) =>
      assignAccess({ ...target, mode, allowed: [], change: undefined }, context('add-member')),
    destroy: (allowed) =>
      provisionProject(
        { ...options('apply', allowed), mode: 'destroy', confirm: number },
        context('provision-project'),
      ),
    planDestroy: () =>
      provisionProject({ ...options('apply', []), mode: 'destroy' }, context('provision-project')),
  }
}

/** A project with one person, to be delivered as it is or with differences. */
export const labManifest = {
  name: 'quality-lab',
  type: 'genai-1',
  owner: 'anna@contoso.example',
  team: { lead: ['anna@contoso.example'] },
}

/** The plan of a report that has one. @throws Error when it has none */
export function planOf({ plan }: Report): Plan {
  if (plan === undefined) throw new Error('There is no plan.')
  return plan
}

/** What is in Azure once the project was delivered; it is delivered once for a file of tests. */
const delivered = onceOnly(async () => {
  const sandbox = await startSandbox({ durationScale: 0 })
  const here = inProcess(sandbox, '003')
  here.write(labManifest)
  await here.network('reserve')
  await here.provision('apply')
  here.factory.remove()
  await sandbox.close()
  return snapshotOf(sandbox)
})

/** A sandbox of its own in which the project `labManifest`, 003, has been delivered, and the operations on it. */
export async function openDelivered(): Promise<{ readonly sandbox: Sandbox; readonly here: InProcess }> {
  const sandbox = await startSandbox({ durationScale: 0, seed: await delivered() })
  const here = inProcess(sandbox, '003')
  here.write(labManifest)
  return { sandbox, here }
}
