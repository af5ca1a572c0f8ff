import type { TokenCredential } from '@azure/identity'
import { UserError } from '../diagnostics/user-error.ts'
import { type Cloud, findCloud } from './cloud.ts'
import { type SharedCredential, sharedCredential } from './credential.ts'
import { readFailure } from './failure.ts'
import { type Progress, type Random, retryWhile, type Sleep, withinTimeLimit } from './retry.ts'

/** A signed-in connection to one cloud; the services are opened from it. */
export interface Session {
  readonly cloud: Cloud
  readonly credential: SharedCredential
  readonly userAgent: string
  readonly progress: Progress
  readonly sleep: Sleep
  readonly random: Random
  /** Milliseconds that one request may take. */
  readonly timeLimit: number
}

/** All that signing in takes. */
export interface SessionOptions {
  /** `azure-cloud` input. */
  readonly cloud: string
  readonly tenantId: string
  /** Application id of the federated identity. */
  readonly clientId: string
  /** Asks GitHub for a fresh OIDC token. */
  readonly idToken: (audience: string) => Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly progress: Progress
  /** What a test puts in the place of the clock. */
  readonly time?: Partial<Pick<Session, 'sleep' | 'random' | 'timeLimit'>>
}

/**
 * The time that Microsoft's clients give a request where they have a limit. What takes longer is a long-running
 * operation, and polled. https://learn.microsoft.com/dotnet/api/azure.core.retryoptions.networktimeout
 */
const requestTimeLimit = 100_000

/** GitHub gives the token at once. Its client waits for ever for an answer that breaks off. */
const assertionTimeLimit = 10_000
const assertionAttempts = 4

const documentation =
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-azure'

const noAssertion = (cause: unknown): UserError =>
  new UserError({
    what: 'GitHub did not give the job an OIDC token.',
    why: "GitHub's token service may be out of order, or the job has ended for it.",
    fix: 'Run the job again, and look at https://www.githubstatus.com if it comes back.',
    more: documentation,
    cause,
  })

/** GitHub's client repeats 5xx itself, and says in a sentence what came of it. */
const temporaryRefusal = /Error Code : (?:undefined|408|429|5\d\d)\b|do not have ID Token field/

/** Asks GitHub for an assertion, again when the answer got lost. */
function assertion({ idToken }: SessionOptions, audience: string, time: Time): Promise<string> {
  const temporary = (error: unknown): string | undefined => {
    if (readFailure(error).code === 'ETIMEDOUT') return 'GitHub did not answer'
    return temporaryRefusal.test(String(error)) ? 'GitHub gave none' : undefined
  }
  const limit = Math.min(assertionTimeLimit, time.timeLimit)
  const once = () => withinTimeLimit(limit, () => idToken(audience))
  return retryWhile(once, temporary, 'The OIDC token of the job', time, assertionAttempts)
}

/** Signs in with GitHub's assertion. It lives five minutes and a deployment longer: a new one is asked for each time. */
function assertionCredential(
  { ClientAssertionCredential }: typeof import('@azure/identity'),
  options: SessionOptions,
  { authority, wellKnown, tokenExchangeAudience }: Cloud,
  time: Time,
): Pick<TokenCredential, 'getToken'> {
  // Microsoft's credential keeps only the message of what goes wrong in here.
  let refused: UserError | undefined
  const ask = async (): Promise<string> => {
    try {
      return await assertion(options, tokenExchangeAudience, time)
    } catch (cause) {
      refused = noAssertion(cause)
      throw refused
    }
  }
  const credential = new ClientAssertionCredential(options.tenantId, options.clientId, ask, {
    authorityHost: authority,
    disableInstanceDiscovery: !wellKnown,
    retryOptions: { maxRetries: 0 },
  })
  return {
    getToken: async (scopes, settings) => {
      refused = undefined
      try {
        return await credential.getToken(scopes, settings)
      } catch (error) {
        throw refused ?? error
      }
    },
  }
}

async function signIn(
  options: SessionOptions,
  cloud: Cloud,
  time: Time,
): Promise<() => Pick<TokenCredential, 'getToken'>> {
  const { environment, tenantId } = options
  const identity = await import('@azure/identity')
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '') {
    return () => assertionCredential(identity, options, cloud, time)
  }
  if (environment['GITHUB_ACTIONS'] === 'true') {
    throw new UserError({
      what: 'The job may not ask GitHub for an OIDC token.',
      why: "Its permissions do not hold 'id-token: write', or the run comes from a fork.",
      fix: "Add 'permissions: { id-token: write, contents: read }' to the job, and to the workflow that calls it.",
      more: documentation,
    })
  }
  return () => new identity.AzureCliCredential({ tenantId })
}

/** What waiting takes. */
type Time = Pick<Session, 'progress' | 'sleep' | 'random' | 'timeLimit'>

/**
 * Signs in: on GitHub with its OIDC token and the federated identity, elsewhere with the developer's own `az login`.
 * There is no third way, and no secret.
 */
export async function connect(options: SessionOptions): Promise<Session> {
  const cloud = await findCloud(options.cloud)
  const time: Time = {
    progress: options.progress,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    timeLimit: requestTimeLimit,
    ...options.time,
  }
  const open = await signIn(options, cloud, time)
  const credential = sharedCredential(() => {
    const opened = open()
    return (scope) =>
      withinTimeLimit(time.timeLimit, (abortSignal) => opened.getToken(scope, { abortSignal }))
  })
  return { cloud, credential, userAgent: options.userAgent, ...time }
}
