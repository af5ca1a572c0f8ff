import os from 'node:os'
import path from 'node:path'
import { afterAll } from '@jest/globals'
import { callsOf } from '../../../bench/calls-in-a-row.ts'
import { runStep, type Step, type StepResult } from '../../../sandbox/runner/step.ts'
import { type Sandbox, type SandboxOptions, startSandbox, trust } from '../../../sandbox/start.ts'
import type { SandboxSnapshot } from '../../../sandbox/state.ts'
import type { Environment } from '../../../src/vocabulary.ts'
import { firstCommit } from './commits.ts'
import { actionFolder, type BootstrapRepository, bootstrapRepository } from './repository.ts'
import { runHere } from './run-here.ts'
import { onceOnly, snapshotOf } from './snapshot.ts'
import { type LoggedRequest, transcribe, writesIn } from './transcript.ts'

/** What happens to a project in an environment, in this order. */
export const chain = [
  { action: 'provision-project', mode: 'check' },
  { action: 'ip-calc', mode: 'reserve' },
  { action: 'provision-project', mode: 'apply' },
  { action: 'add-member', mode: 'apply' },
  { action: 'datalake-acl', mode: 'apply' },
  { action: 'ip-calc', mode: 'release-unneeded' },
] as const

/** What each action does in a delivery of something new. */
const makingModes = {
  'ip-calc': 'reserve',
  'provision-project': 'apply',
  'add-member': 'apply',
  'datalake-acl': 'apply',
} as const

/** The steps of a delivery that make something new. */
export const makingSteps = chain.filter(({ action, mode }) => makingModes[action] === mode)

export type ChainAction = (typeof chain)[number]['action']

/** One action that has run. */
export interface Run extends StepResult {
  readonly action: string
  /** What Azure was asked by this environment's identity, sign-in left out, in order. */
  readonly requests: readonly LoggedRequest[]
  /** Those that change something. */
  readonly writes: readonly LoggedRequest[]
  /** What it asked to sign in, each as the end of its path. */
  readonly signIns: readonly string[]
  /** What Azure was asked and what the user saw, compactly. */
  readonly transcript: string
}

/** How to run an action, besides its inputs. */
export interface Circumstances {
  /** Variables of the job that differ, undefined for those that are missing. */
  readonly job?: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal
  /** Cancels the job while the action runs. */
  readonly cancel?: AbortSignal
  /** Who signs in, and in which GitHub environment; by default whoever delivers to the environment, in that of its name. */
  readonly as?: { readonly githubEnvironment: string; readonly clientId: string }
  /** Runs the bundle, in a process of its own. */
  readonly bundle?: boolean
}

/** A customer's repository, and an Azure of its own. */
export interface Factory {
  readonly sandbox: Sandbox
  readonly repository: BootstrapRepository
  /** Runs one action of the chain for a project in an environment, by default as a delivery does. */
  readonly run: (
    action: ChainAction,
    project: string,
    environment: Environment,
    inputs?: Readonly<Record<string, string>>,
    circumstances?: Circumstances,
  ) => Promise<Run>
  /** Runs the chain, one action after the other, until one fails. The inputs are those of every action. */
  readonly deliver: (
    project: string,
    environment: Environment,
    inputs?: Readonly<Record<string, string>>,
  ) => Promise<readonly Run[]>
  /** Turns the text of an issue into a manifest. */
  readonly request: (issueBody: string, inputs?: Readonly<Record<string, string>>) => Promise<Run>
  /** The tenant as it is now, to start another factory from. */
  readonly snapshot: () => SandboxSnapshot
}

/** How to open a factory. */
export interface FactoryOptions extends SandboxOptions {
  /**
   * Runs each action as GitHub does, as a bundle in a process of its own. Without it they run in this process, which is
   * faster, unless they are to be killed or cancelled.
   */
  readonly bundles?: boolean
}

/** The bundles are started some hundred times; what V8 made of them is kept. */
const compileCache = { NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'ai-factory-compile-cache') }

const opened: { readonly close: () => Promise<void> }[] = []

afterAll(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()))
})

/**
 * Opens a factory whose common area is there, with the projects of the documentation: 001 is esml, 002 genai-1, 003 all.
 * It is closed when the tests of the file have ended.
 */
export async function openFactory({ bundles = false, ...options }: FactoryOptions = {}): Promise<Factory> {
  const sandbox = await startSandbox({ durationScale: 0, ...options })
  trust(sandbox.ca)
  const repository = bootstrapRepository()
  firstCommit(sandbox, repository)
  opened.push({
    close: async () => {
      await sandbox.close()
      repository.remove()
    },
  })
  const recorded = async (
    action: string,
    environment: Environment,
    inputs: Readonly<Record<string, string>>,
    { job = {}, signal, cancel, as, bundle = false }: Circumstances,
  ): Promise<Run> => {
    const since = sandbox.requestCount()
    const begun = sandbox.beginJob({ environment: as?.githubEnvironment ?? environment })
    const variables = {
      ...sandbox.env,
      ...begun.env,
      ...compileCache,
      // What the actions write goes with the repository when the tests have ended.
      RUNNER_TEMP: path.join(repository.folder, '.runner'),
      ...job,
    }
    const step: Step = {
      action: actionFolder(action),
      workspace: repository.folder,
      with: inputs,
      token: begun.token,
      environment: Object.fromEntries(
        Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      ...(signal && { signal }),
      ...(cancel && { cancel }),
    }
    const isBundle = bundles || bundle || signal !== undefined || cancel !== undefined
    const result = await (isBundle ? runStep(step) : runHere(step))
    const all = sandbox.requests(since)
    const requests = all.filter(({ caller }) => caller?.appId === (as?.clientId ?? clientIds[environment]))
    return {
      ...result,
      action,
      requests,
      writes: writesIn(requests),
      signIns: callsOf(all).flatMap(({ purpose, label }) => (purpose === 'signing in' ? [label] : [])),
      transcript: transcribe(`${action} ${inputs['mode']}`, requests, result),
    }
  }

  const run: Factory['run'] = (action, project, environment, inputs = {}, circumstances = {}) =>
    recorded(
      action,
      environment,
      {
        mode: makingModes[action],
        project,
        environment,
        'azure-cloud': sandbox.url,
        ...inputs,
      },
      circumstances,
    )

  return {
    sandbox,
    repository,
    run,
    deliver: async (project, environment, inputs = {}) => {
      const runs: Run[] = []
      for (const { action, mode } of chain) {
        const subnets = runs[1]?.outputs['subnets'] ?? ''
        const last = await run(action, project, environment, {
          mode,
          ...inputs,
          ...(action === 'provision-project' && mode === 'apply' ? { subnets } : {}),
        })
        runs.push(last)
        if (last.exitCode !== 0) break
      }
      return runs
    },
    request: (issueBody, inputs = {}) =>
      recorded(
        'project-request',
        'dev',
        { mode: 'apply', 'issue-body': issueBody, 'issue-number': '12', 'issue-author': 'anna', ...inputs },
        {},
      ),
    snapshot: () => snapshotOf(sandbox),
  }
}

/**
 * Factories in which a project has been delivered to dev already. It is delivered once for a file of tests; each test
 * gets a repository and an Azure of its own, as they were then.
 * @param edit what is changed in the repository before the delivery
 */
export function delivered(
  project: string,
  edit: (repository: BootstrapRepository) => void = () => undefined,
): (options?: FactoryOptions) => Promise<Factory> {
  const open = async (options?: FactoryOptions): Promise<Factory> => {
    const factory = await openFactory(options)
    edit(factory.repository)
    firstCommit(factory.sandbox, factory.repository)
    return factory
  }
  const deliver = async (): Promise<SandboxSnapshot> => {
    const factory = await open()
    const last = (await factory.deliver(project, 'dev')).at(-1)
    if (last?.action !== chain.at(-1)?.action || last?.exitCode !== 0)
      throw new Error(`Project ${project} was not delivered:\n${last?.transcript}`)
    return factory.snapshot()
  }
  const snapshot = onceOnly(deliver)
  return async (options) => open({ seed: await snapshot(), ...options })
}

/** The federated identities that the seed registers, one for each environment. */
const clientIds: Readonly<Record<Environment, string>> = {
  dev: '33333333-3333-3333-3333-333333333301',
  stage: '33333333-3333-3333-3333-333333333302',
  prod: '33333333-3333-3333-3333-333333333303',
}
