import type { AccessToken, TokenCredential } from '@azure/identity'

/** A token is renewed this long before it ends, so that it does not end under way. */
const margin = 5 * 60_000

/** A sign-in that all clients of a session share. */
export interface SharedCredential extends TokenCredential {
  /** The token to send now. @throws Error when signing in gives none */
  readonly token: (scope: string) => Promise<string>
  /** Begins to ask for a token that will be needed. Whether that fails is seen when it is. */
  readonly prepare: (scope: string) => void
  /** Signs in anew for the next request, unless that has happened since this token was sent. */
  readonly discard: (scope: string, token: string) => void
}

/** Signs in, and gets a token. */
export type SignIn = (scope: string) => Promise<AccessToken | null>

/**
 * A credential that asks for one token per scope, however many clients want it at the same moment.
 * @param open begins to sign in anew: Microsoft's credentials keep tokens, and give them out again
 * @param now milliseconds, as `Date.now`
 */
export function sharedCredential(open: () => SignIn, now: () => number = Date.now): SharedCredential {
  const requests = new Map<string, { readonly answer: Promise<AccessToken>; token?: AccessToken }>()
  let signIn = open()

  const ask = (scope: string): Promise<AccessToken> => {
    const answer = signIn(scope).then((token) => {
      if (token === null) throw new Error('Sign-in returned no token.')
      return token
    })
    const request: { answer: typeof answer; token?: AccessToken } = { answer }
    requests.set(scope, request)
    const keep = (token: AccessToken) => {
      request.token = token
    }
    // A failure is not kept: the next request asks again.
    const forget = () => requests.delete(scope)
    answer.then(keep, forget)
    return answer
  }

  const current = (scope: string): Promise<AccessToken> => {
    const known = requests.get(scope)
    const isUsable =
      known !== undefined && (known.token === undefined || known.token.expiresOnTimestamp - margin > now())
    return isUsable ? known.answer : ask(scope)
  }

  return {
    token: async (scope) => (await current(scope)).token,
    prepare: (scope) => {
      current(scope).catch(() => undefined)
    },
    // Each of Microsoft's clients keeps a token until it ends. This one ends at once, so they ask here each time.
    getToken: async (scopes) => ({
      token: (await current([scopes].flat().join(' '))).token,
      expiresOnTimestamp: now(),
    }),
    discard: (scope, token) => {
      if (requests.get(scope)?.token?.token !== token) return
      requests.delete(scope)
      signIn = open()
    },
  }
}
