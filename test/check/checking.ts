import path from 'node:path'
import { afterAll } from '@jest/globals'
import { readInputs } from '../../actions/provision-project/inputs.ts'
import { type Sandbox, type SandboxOptions, startSandbox, trust } from '../../sandbox/start.ts'
import type { Finding } from '../../src/operations/check/finding.ts'
import { provisionProject } from '../../src/operations/modes/provision-project.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { type BootstrapRepository, bootstrapRepository } from '../e2e/support/repository.ts'
import { writesIn } from '../e2e/support/transcript.ts'
import { type Transcript, transcribingHost } from '../runtime/transcribing-host.ts'

/** What a check reported. */
export interface Checked extends Transcript {
  readonly succeeded: boolean
  readonly findings: readonly (Finding & { readonly subject: string })[]
}

/** A factory whose common area is there, in which deliveries are checked in this process. */
export interface Checking {
  readonly sandbox: Sandbox
  readonly repository: BootstrapRepository
  readonly hand: ByHand
  /** Checks a delivery to dev. @throws Error when the check changed anything */
  readonly check: (
    project: string,
    inputs?: Readonly<Record<string, string>>,
    /** The GitHub environment of the job. */
    job?: string,
  ) => Promise<Checked>
}

const opened: { readonly close: () => Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()))
})

/** Opens one; it is closed when the tests of the file have ended. */
export async function openChecking(options: SandboxOptions = {}): Promise<Checking> {
  const sandbox = await startSandbox({ durationScale: 0, ...options })
  trust(sandbox.ca)
  const repository = bootstrapRepository()
  opened.push({
    close: async () => {
      await sandbox.close()
      repository.remove()
    },
  })
  const check: Checking['check'] = async (project, inputs = {}, job = 'dev') => {
    const since = sandbox.requestCount()
    const checked = await run(sandbox, repository, { project, ...inputs }, job)
    const writes = writesIn(sandbox.requests(since)).filter(({ path: asked }) => !questions.test(asked))
    if (writes.length > 0) throw new Error(`The check changed something: ${JSON.stringify(writes)}`)
    return checked
  }
  return { sandbox, repository, hand: await byHand(sandbox), check }
}

/** POSTs that only ask. */
const questions = /\/oauth2\/|\/_sandbox\//i

async function run(
  sandbox: Sandbox,
  { folder }: BootstrapRepository,
  inputs: Readonly<Record<string, string>>,
  job: string,
): Promise<Checked> {
  const variables = { ...sandbox.env, ...sandbox.jobEnvironment({ environment: job }) }
  const given: Readonly<Record<string, string>> = {
    mode: 'check',
    environment: 'dev',
    'azure-cloud': sandbox.url,
    'factory-file': path.join(folder, 'aifactory', 'factory.yml'),
    ...inputs,
  }
  const { host, transcript } = transcribingHost(given, {
    environment: { ...variables, RUNNER_TEMP: folder },
    idToken: idToken(variables),
  })
  const succeeded = await runAction('provision-project', readInputs, provisionProject, host)
  return { ...transcript, succeeded, findings: JSON.parse(transcript.outputs['findings'] ?? '[]') }
}

/** The findings of one subject, as `severity: what`. */
export const foundAbout = ({ findings }: Checked, subject: string): readonly string[] =>
  findings.filter((one) => one.subject === subject).map(({ severity, what }) => `${severity}: ${what}`)
