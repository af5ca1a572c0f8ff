import { readFileSync, writeFileSync } from 'node:fs'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { type CommonProvision, provisionProject } from '../../src/operations/modes/provision-project.ts'
import type { OperationContext } from '../../src/operations/operation.ts'
import type { Report } from '../../src/plan/report.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { onceOnly, snapshotOf } from '../e2e/support/snapshot.ts'
import { type FactoryFolder, factoryFolder } from '../ip-calc/factory.ts'

/** A factory beside the one whose common area the sandbox begins with, so that nothing of it is there. */
const another = (text: string): string =>
  text.replace('instance: "001"', 'instance: "002"').replace('salt: a1b2c', 'salt: d3e4f')

/** The operations on the common area of dev, in this process. */
export interface CommonInProcess {
  readonly factory: FactoryFolder
  /** Changes factory.yml. */
  readonly change: (text: (text: string) => string) => void
  /** Sets the key `common` of factory.yml; JSON is YAML. */
  readonly parts: (common: object) => void
  /** Sets the key `common` of dev. */
  readonly devParts: (common: object) => void
  readonly provision: (mode: 'check' | 'plan' | 'apply', allowed?: readonly Allowance[]) => Promise<Report>
  /** Without a confirmation it only shows what would go. */
  readonly destroy: (confirm?: string, allowed?: readonly Allowance[]) => Promise<Report>
  /** What was logged, oldest first. */
  readonly logged: string[]
}

/** Opens a factory of which nothing is in Azure yet, unless the sandbox was begun with it. */
export function commonInProcess(sandbox: Sandbox): CommonInProcess {
  trust(sandbox.ca)
  const factory = factoryFolder(another)
  const logged: string[] = []
  const original = readFileSync(factory.file, 'utf8')
  const job = () => sandbox.jobEnvironment({ environment: 'dev' })
  const context = (): OperationContext => ({
    action: 'provision-project',
    userAgent: 'test',
    environment: { ...sandbox.env, ...job() },
    info: (line) => logged.push(line),
    idToken: idToken(job()),
  })
  const run = (
    mode: CommonProvision['mode'],
    allowed: readonly Allowance[] = [],
    confirm?: string,
  ): Promise<Report> =>
    provisionProject(
      {
        target: 'common',
        factoryFile: factory.file,
        environment: 'dev',
        azureCloud: sandbox.url,
        clientId: undefined,
        githubToken: undefined,
        mode,
        allowed,
        confirm,
      },
      context(),
    )
  const write = (text: string): void => writeFileSync(factory.file, text)
  return {
    factory,
    logged,
    change: (become) => write(become(readFileSync(factory.file, 'utf8'))),
    parts: (common) => write(`${original}\ncommon: ${JSON.stringify(common)}\n`),
    devParts: (common) =>
      write(original.replace('\n  dev:\n', `\n  dev:\n    common: ${JSON.stringify(common)}\n`)),
    provision: run,
    destroy: (confirm, allowed) => run('destroy', allowed, confirm),
  }
}

/** What is in Azure once the common area was delivered; it is delivered once for a file of tests. */
const delivered = onceOnly(async () => {
  const sandbox = await startSandbox({ durationScale: 0 })
  const here = commonInProcess(sandbox)
  await here.provision('apply')
  here.factory.remove()
  await sandbox.close()
  return snapshotOf(sandbox)
})

/** A sandbox of its own in which the common area of dev has been delivered, and the operations on it. */
export async function openDeliveredCommon(): Promise<{
  readonly sandbox: Sandbox
  readonly here: CommonInProcess
}> {
  const sandbox = await startSandbox({ durationScale: 0, seed: await delivered() })
  return { sandbox, here: commonInProcess(sandbox) }
}

/** What a run asked Azure to change; signing in, validating, comparing and asking for names change nothing. */
export const writesOf = (sandbox: Sandbox, since: number): readonly string[] =>
  sandbox
    .requests(since)
    .filter(
      ({ method, path }) =>
        method !== 'GET' && !/oauth2|validate|whatIf|exportTemplate|checkNameAvailability/i.test(path),
    )
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`)
