import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Caller, Clock, Identifiers } from '../contracts.ts'
import { processCertificates } from './certificates.ts'
import { createDispatcher, type Dispatcher, type NamedArea } from './dispatch.ts'
import type { Faults } from './faults.ts'
import { listen } from './https-server.ts'
import { createInspection } from './inspection.ts'
import { createRequestLog, type LoggedRequest } from './request-log.ts'
import { createStateFile, type StateFile } from './state-file.ts'

/** Longest body of a request: what one append to a data lake file may carry. */
const maximumBody = 100 * 1024 * 1024

/** What every area may use of the server it is part of. */
export interface ServerContext {
  /** `https://localhost:N`, without a trailing slash. Known once the server listens. */
  readonly base: () => string
  /** Asks another area of the same server, e.g. for the keys of a token issuer. */
  readonly ask: Dispatcher['ask']
  readonly faults: Faults
}

/** What a server is made of. */
export interface ServerOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly clock: Clock
  readonly identifiers: Identifiers
  readonly faults: Faults
  /** Where to keep the state. */
  readonly stateFile?: string
  /** Makes all that the server serves. Called when the address is known; requests wait until it is done. */
  readonly assemble: (context: ServerContext) => Promise<Served>
}

/** What a server serves. */
export interface Served {
  /** In the order in which they are tried. */
  readonly areas: readonly NamedArea[]
  /** Who an access token belongs to; `undefined` when it does not verify. */
  readonly verify: (token: string) => Promise<Caller | undefined>
  /** Saved as JSON when it changes, and shown at `/_sandbox/state`. */
  readonly state: unknown
}

/** A running sandbox server. */
export interface SandboxServer {
  readonly url: string
  /** Root certificate, PEM text. */
  readonly ca: string
  /** File that holds `ca`. */
  readonly caFile: string
  /** Requests answered so far, oldest first; those after `since`, a sequence number, when it is given. */
  requests(since?: number): readonly LoggedRequest[]
  /** Stops serving, ends open connections, saves the state. */
  close(): Promise<void>
}

/** Starts serving. @throws Error when the port is taken, or a file cannot be written */
export async function startServer(options: ServerOptions): Promise<SandboxServer> {
  const { clock, faults, identifiers } = options
  const log = createRequestLog()
  const areas: NamedArea[] = []
  let url = ''
  let served: Served | undefined
  let stateFile: StateFile | undefined
  const dispatcher = createDispatcher({
    areas,
    base: () => url,
    verify: async (token) => served?.verify(token),
    clock,
    identifiers,
    log,
    faults,
  })

  const ready = Promise.withResolvers<void>()
  const chain = await processCertificates()
  const running = await listen({
    chain,
    port: options.port,
    maximumBody,
    serve: async (request) => {
      await ready.promise
      const outcome = await dispatcher.serve(request)
      stateFile?.touch()
      return outcome
    },
  })
  url = `https://localhost:${running.port}`

  try {
    const { state, ...rest } = await options.assemble({ base: () => url, ask: dispatcher.ask, faults })
    served = { state, ...rest }
    areas.push({ name: 'sandbox', answer: createInspection({ log, state, faults }) }, ...served.areas)
    if (options.stateFile !== undefined)
      stateFile = createStateFile(options.stateFile, () => portable(state, url))
  } catch (error) {
    await running.close()
    throw error
  }
  const authority = await writeAuthority(chain.ca, options.stateFile)
  ready.resolve()
  return {
    url,
    ca: chain.ca,
    caFile: authority.file,
    requests: (since) => log.list(since),
    close: () => shutDown(running.close, stateFile, authority.remove),
  }
}

/** What stands for the sandbox's own address in a state file or a seed, because the next start has another port. */
export const addressPlaceholder = '{sandbox}'

function portable(state: unknown, url: string): string {
  return `${JSON.stringify(state, null, 2).replaceAll(url, addressPlaceholder)}\n`
}

async function shutDown(
  stop: () => Promise<void>,
  stateFile: StateFile | undefined,
  removeAuthority: () => Promise<void>,
): Promise<void> {
  await stop()
  await stateFile?.flush()
  await removeAuthority()
}

/** Beside the state file when there is one, so that its path is the same at each start; else in a folder of its own. */
async function writeAuthority(
  ca: string,
  stateFile: string | undefined,
): Promise<{ file: string; remove: () => Promise<void> }> {
  if (stateFile !== undefined) {
    const file = path.resolve(`${stateFile}.ca.pem`)
    await writeFile(file, ca)
    return { file, remove: async () => undefined }
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'sandbox-'))
  const file = path.join(folder, 'ca.pem')
  await writeFile(file, ca)
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}
