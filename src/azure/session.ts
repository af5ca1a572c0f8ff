import type { TokenCredential } from '@azure/identity'
import { UserError } from '../diagnostics/user-error.ts'
import { type Cloud, findCloud } from './cloud.ts'
import { sharedCredential } from './shared-credential.ts'
import { tellRetries } from './told-retries.ts'

/** Tells whoever watches what is being waited for. */
export type Progress = (line: string) => void

/** Time, so that tests need not wait. */
export type Sleep = (milliseconds: number) => Promise<void>

/** A number from 0 up to, but not including, 1, so that those who wait for the same thing do not come back together. */
export type Random = () => number

/** A signed-in connection to one cloud; the services are opened from it. */
export interface Session {
  readonly cloud: Cloud
  readonly credential: TokenCredential
  readonly userAgent: string
  readonly progress: Progress
  readonly sleep: Sleep
  readonly random: Random
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
}

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

/** Signs in with GitHub's assertion. It lives five minutes and a deployment longer: a new one is asked for each time. */
function assertionCredential(
  { ClientAssertionCredential }: typeof import('@azure/identity'),
  { tenantId, clientId, idToken }: SessionOptions,
  { authority, wellKnown, tokenExchangeAudience }: Cloud,
): TokenCredential {
  // Microsoft's credential keeps only the message of what goes wrong in here.
  let refused: UserError | undefined
  const assertion = async (): Promise<string> => {
    try {
      return await idToken(tokenExchangeAudience)
    } catch (cause) {
      refused = noAssertion(cause)
      throw refused
    }
  }
  const credential = new ClientAssertionCredential(tenantId, clientId, assertion, {
    authorityHost: authority,
    disableInstanceDiscovery: !wellKnown,
  })
  return {
    getToken: async (scopes, options) => {
      refused = undefined
      try {
        return await credential.getToken(scopes, options)
      } catch (error) {
        throw refused ?? error
      }
    },
  }
}

async function signIn(options: SessionOptions, cloud: Cloud): Promise<TokenCredential> {
  const { environment, tenantId } = options
  const identity = await import('@azure/identity')
  if ((environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') !== '') {
    return assertionCredential(identity, options, cloud)
  }
  if (environment['GITHUB_ACTIONS'] === 'true') {
    throw new UserError({
      what: 'The job may not ask GitHub for an OIDC token.',
      why: "Its permissions do not hold 'id-token: write', or the run comes from a fork.",
      fix: "Add 'permissions: { id-token: write, contents: read }' to the job, and to the workflow that calls it.",
      more: documentation,
    })
  }
  return new identity.AzureCliCredential({ tenantId })
}

/**
 * Signs in: on GitHub with its OIDC token and the federated identity, elsewhere with the developer's own `az login`.
 * There is no third way, and no secret.
 */
export async function connect(options: SessionOptions): Promise<Session> {
  const cloud = await findCloud(options.cloud)
  return {
    cloud,
    credential: sharedCredential(await signIn(options, cloud)),
    userAgent: options.userAgent,
    progress: options.progress,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  }
}

/** Options that every client of Azure Resource Manager takes. */
export function managementOptions(session: Session) {
  return {
    endpoint: session.cloud.resourceManager,
    credentials: { scopes: [session.cloud.resourceManagerScope] },
    userAgentOptions: { userAgentPrefix: session.userAgent },
    retryOptions: { maxRetries: 5 },
    additionalPolicies: [tellRetries(session.progress)],
  }
}
