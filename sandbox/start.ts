import path from 'node:path'
import { type AreaOptions, type Assembly, assemble } from './assemble.ts'
import type { Clock, Identifiers } from './contracts.ts'
import type { BegunJob, JobRequest } from './github/index.ts'
import { readSeed, threeEnvironmentsFile } from './seeds/index.ts'
import { createFaults, type FaultRule, type Faults } from './server/faults.ts'
import type { LoggedRequest } from './server/request-log.ts'
import { randomIdentifiers, systemClock } from './server/runtime.ts'
import { startServer } from './server/server.ts'
import { readJsonFile } from './server/state-file.ts'
import { openState, parseSnapshot, type SandboxSnapshot, type SandboxState } from './state.ts'

export { trust } from './server/trust.ts'

/** How to start a sandbox. All is optional. */
export interface SandboxOptions extends Partial<Omit<AreaOptions, 'clock' | 'identifiers'>> {
  /** Default 0: any free port. */
  readonly port?: number
  /**
   * What the tenant holds at the first start: a snapshot, or a file, either a seed (YAML) or a saved state (`.json`).
   * Default: the common area of a factory in three environments.
   */
  readonly seed?: SandboxSnapshot | string
  /** Keeps the state between runs. When the file is there, it is read and the seed is not. */
  readonly stateFile?: string
  /** Ways to misbehave from the start; more can be added to `faults` while it runs. */
  readonly faults?: readonly FaultRule[]
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Default: random. */
  readonly identifiers?: Identifiers
}

/** A running sandbox. */
export interface Sandbox {
  /** `https://localhost:N`, without a trailing slash. */
  readonly url: string
  /** Root certificate, PEM text; `trust` makes this process accept it. */
  readonly ca: string
  /** File that holds `ca`. */
  readonly caFile: string
  /**
   * Environment variables that make any client process work on this sandbox. When its GitHub has a repository, they
   * are also those of a job in that repository's environment `dev`.
   */
  readonly env: Readonly<Record<string, string>>
  readonly state: SandboxState
  readonly faults: Faults
  /** Requests answered so far, oldest first; those after `since`, a sequence number, when it is given. */
  requests(since?: number): readonly LoggedRequest[]
  /** How many requests were answered so far, those included that the log has forgotten. */
  requestCount(): number
  /** Begins a job, by default in the first repository. @throws Error when there is no such repository */
  beginJob(request?: Partial<JobRequest>): BegunJob
  /** The environment variables of a job that `beginJob` would begin. */
  jobEnvironment(request?: Partial<JobRequest>): Readonly<Record<string, string>>
  /** A token as a person has it after `gh auth login`. @throws Error when nobody has this login */
  personToken(login: string): string
  /** Stops serving, ends open connections, saves the state. */
  close(): Promise<void>
}

/**
 * Starts a local Azure and GitHub on a loopback port.
 * @throws Error when a file cannot be read or is malformed, or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, identifiers = randomIdentifiers, port = 0, stateFile } = options
  const faults = createFaults(options.faults)
  const snapshot = await firstSnapshot(options)
  let parts: Assembly | undefined
  const server = await startServer({
    port,
    clock,
    identifiers,
    faults,
    ...(stateFile !== undefined && { stateFile }),
    assemble: async (context) => {
      parts = await assemble(openState(snapshot, context.base()), context, { ...options, clock, identifiers })
      return parts
    },
  })
  if (!parts) throw new Error('The server did not assemble its parts.')
  const { github, state } = parts
  const beginJob = (request: Partial<JobRequest> = {}): BegunJob => {
    const [first] = state.github.repositories
    const repository = request.repository ?? (first ? `${first.owner}/${first.name}` : undefined)
    if (repository === undefined) throw new Error("The sandbox's GitHub has no repository.")
    return github.createJob({ ...request, repository })
  }
  return {
    url: server.url,
    ca: server.ca,
    caFile: server.caFile,
    env: {
      ...clientEnvironment(server.url, server.caFile, state.directory.tenantId),
      ...(state.github.repositories.length > 0 && beginJob({ environment: 'dev' }).env),
    },
    state,
    faults,
    requests: server.requests,
    requestCount: () => server.requests().at(-1)?.sequence ?? 0,
    beginJob,
    jobEnvironment: (request) => beginJob(request).env,
    personToken: github.personToken,
    close: server.close,
  }
}

let commonArea: Promise<SandboxSnapshot> | undefined

async function firstSnapshot({ seed, stateFile }: SandboxOptions): Promise<SandboxSnapshot> {
  const saved = stateFile === undefined ? undefined : await readJsonFile(stateFile)
  if (stateFile !== undefined && saved !== undefined) return parseSnapshot(saved, stateFile)
  // It is the same at each start, and copied there.
  if (seed === undefined) {
    commonArea ??= readSeed(threeEnvironmentsFile)
    return commonArea
  }
  if (typeof seed !== 'string') return seed
  if (!seed.endsWith('.json')) return readSeed(seed)
  const content = await readJsonFile(seed)
  if (content === undefined) throw new Error(`The seed file '${path.resolve(seed)}' does not exist.`)
  return parseSnapshot(content, seed)
}

/** What Node, Python and the actions read to find the sandbox and to trust it. */
function clientEnvironment(url: string, caFile: string, tenantId: string): Readonly<Record<string, string>> {
  return {
    NODE_EXTRA_CA_CERTS: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    AZURE_AUTHORITY_HOST: url,
    AZURE_TENANT_ID: tenantId,
    'INPUT_AZURE-CLOUD': url,
  }
}
