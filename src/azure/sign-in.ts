import { UserError } from '../diagnostics/user-error.ts'
import type { Cloud } from './cloud.ts'
import type { SignIn } from './credential.ts'
import { entraConnections } from './entra-connections.ts'
import { azureError } from './errors.ts'
import { readFailure } from './failure.ts'
import { retryWhile, type Waiting, withinTimeLimit } from './retry.ts'
import { type PlanningIdentity, wrongEnvironment } from './wrong-subject.ts'

/** Who signs in. */
export interface SignInOptions {
  readonly tenantId: string
  /** Application id of the federated identity. Not asked for where a person signs in. */
  readonly clientId: () => string
  /** The GitHub environment whose jobs are that identity; undefined when nobody knows. */
  readonly githubEnvironment?: string | undefined
  /** The identity that only looks, and the GitHub environment whose jobs are it. */
  readonly planning?: PlanningIdentity | undefined
  /** Requests a fresh GitHub OIDC token. */
  readonly idToken: (audience: string) => Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** GitHub gives the token at once. Its client waits forever for a response that breaks off. */
const assertionTimeLimit = 10_000
const assertionAttempts = 4

const documentation =
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-azure'

const noAssertion = (cause: unknown): UserError =>
  new UserError({
    what: 'GitHub did not issue an OIDC token to the job.',
    why: "GitHub's token service may be unavailable, or the job may have timed out.",
    fix: 'Run the job again, and check https://www.githubstatus.com if it fails again.',
    more: documentation,
    cause,
  })

/** GitHub's client repeats 5xx itself, and says in a sentence what came of it. */
const temporaryRefusal = /Error Code : (?:undefined|408|429|5\d\d)\b|do not have ID Token field/

/** Asks GitHub for an assertion, again when the answer got lost. */
function assertion({ idToken }: SignInOptions, audience: string, waiting: Waiting): Promise<string> {
  const temporary = (error: unknown): string | undefined => {
    if (readFailure(error).code === 'ETIMEDOUT') return 'GitHub did not answer'
    return temporaryRefusal.test(String(error)) ? 'GitHub issued none' : undefined
  }
  const limit = Math.min(assertionTimeLimit, waiting.timeLimit)
  const once = () => withinTimeLimit(limit, () => idToken(audience))
  return retryWhile(once, temporary, 'The OIDC token of the job', waiting, assertionAttempts)
}

/** An assertion lives five minutes. For one of them it is given again: Microsoft's library asks twice for each token. */
const assertionAge = 60_000

/** Asks at most once a minute, however many tokens are wanted; a failure is not remembered. */
function onceAMinute(ask: () => Promise<string>): () => Promise<string> {
  let last: { readonly answer: Promise<string>; readonly at: number } | undefined
  return () => {
    if (last !== undefined && Date.now() - last.at < assertionAge) return last.answer
    const request = { answer: ask(), at: Date.now() }
    last = request
    request.answer.catch(() => {
      if (last === request) last = undefined
    })
    return request.answer
  }
}

/** Signs in with GitHub's assertion. It lives five minutes and a deployment longer: a new one is asked for each time. */
async function assertionSignIn(
  options: SignInOptions,
  { authority, wellKnown, tokenExchangeAudience }: Cloud,
  waiting: Waiting,
): Promise<() => SignIn> {
  const clientId = options.clientId()
  const { ClientAssertionCredential } = await import('@azure/identity')
  // Microsoft's credential keeps only the message of what goes wrong in here.
  let failure: unknown
  const ask = async (): Promise<string> => {
    try {
      return await assertion(options, tokenExchangeAudience, waiting)
    } catch (cause) {
      failure = noAssertion(cause)
      throw failure
    }
  }
  const httpClient = await entraConnections(waiting, (error) => {
    failure = error
  })
  return () => {
    const shared = onceAMinute(ask)
    const credential = new ClientAssertionCredential(options.tenantId, clientId, shared, {
      authorityHost: authority,
      disableInstanceDiscovery: !wellKnown,
      retryOptions: { maxRetries: 0 },
      httpClient,
    })
    return async (scope) => {
      failure = undefined
      try {
        return await credential.getToken(scope)
      } catch (error) {
        const who = `as application ${clientId} in tenant ${options.tenantId}`
        const explained = azureError(failure ?? error, `Signing in to Entra ID ${who}`)
        const explanation = wrongEnvironment(explained, options.githubEnvironment, options.planning)
        throw explanation === undefined ? explained : new UserError({ ...explained.parts, ...explanation })
      }
    }
  }
}

/** What the Azure CLI has against it: Entra's code, or that nobody has signed in, or that it is not there. */
function cliError(error: unknown, tenantId: string): UserError {
  const found = azureError(error, `Signing in to Entra ID with the Azure CLI in tenant ${tenantId}`)
  if (found.parts.fix !== undefined) return found
  return new UserError({
    ...found.parts,
    why: 'Outside of GitHub the actions sign in as whoever has signed in to the Azure CLI on this machine.',
    fix: `Install the Azure CLI if it is not there, then sign in: az login --tenant ${tenantId}`,
    more: 'https://learn.microsoft.com/cli/azure/authenticate-azure-cli',
  })
}

/**
 * Finds the way to sign in: on GitHub with its OIDC token and the federated identity, elsewhere with the developer's own
 * `az login`. There is no third way, and no secret.
 * @returns what begins to sign in anew
 */
export async function prepareSignIn(
  options: SignInOptions,
  cloud: Cloud,
  waiting: Waiting,
): Promise<() => SignIn> {
  const { environment, tenantId } = options
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '') {
    return assertionSignIn(options, cloud, waiting)
  }
  if (environment['GITHUB_ACTIONS'] === 'true') {
    throw new UserError({
      what: 'The job may not request an OIDC token from GitHub.',
      why: "Its permissions do not include 'id-token: write', or the run comes from a fork.",
      fix: "Add 'permissions: { id-token: write, contents: read }' to the job, and to the workflow that calls it.",
      more: documentation,
    })
  }
  const { AzureCliCredential } = await import('@azure/identity')
  return () => {
    const credential = new AzureCliCredential({ tenantId, processTimeoutInMs: waiting.timeLimit })
    return async (scope) => {
      try {
        return await credential.getToken(scope)
      } catch (error) {
        throw cliError(error, tenantId)
      }
    }
  }
}
