import { readAnswer, requestLabel, temporaryFailure } from './call.ts'
import { findCloud } from './cloud.ts'
import { sharedCredential } from './credential.ts'
import { mostAttempts, retryWhile, type Waiting, withinTimeLimit } from './retry.ts'
import type { Session } from './session.ts'
import { prepareSignIn, type SignInOptions } from './sign-in.ts'

/** All that signing in takes. */
export interface SessionOptions extends SignInOptions {
  /** `azure-cloud` input. */
  readonly cloud: string
  readonly userAgent: string
  readonly progress: Waiting['progress']
  readonly startGroup?: Session['startGroup']
  /** What a test puts in the place of the clock. */
  readonly time?: Partial<Omit<Waiting, 'progress'>>
}

/**
 * The time that Microsoft's clients give a request where they have a limit. What takes longer is a long-running
 * operation, and polled. https://learn.microsoft.com/dotnet/api/azure.core.retryoptions.networktimeout
 */
const requestTimeLimit = 100_000

/** `fetch` for JSON, by the rules of `call`; nobody has signed in yet. */
const fetchJson =
  (waiting: Waiting): typeof fetch =>
  (address) => {
    const once = (): Promise<Response> =>
      withinTimeLimit(waiting.timeLimit, async (signal) => {
        const response = await fetch(address, { signal })
        const { body } = readAnswer({
          status: response.status,
          headers: response.headers,
          text: await response.text(),
        })
        return Response.json(body)
      })
    const temporary = (error: unknown): string | undefined => temporaryFailure(error, 'Azure')
    return retryWhile(once, temporary, requestLabel('GET', String(address)), waiting, mostAttempts)
  }

/** Opens a session in a cloud. */
export async function connect(options: SessionOptions): Promise<Session> {
  const waiting: Waiting = {
    progress: options.progress,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    timeLimit: requestTimeLimit,
    ...options.time,
  }
  const cloud = await findCloud(options.cloud, fetchJson(waiting))
  const credential = sharedCredential(await prepareSignIn(options, cloud, waiting))
  const { userAgent, startGroup } = options
  return { cloud, credential, userAgent, startGroup, ...waiting }
}
