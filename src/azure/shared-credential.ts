import type { AccessToken, TokenCredential } from '@azure/identity'

/** A token is renewed this long before it ends, so that it does not end under way. */
const margin = 5 * 60_000

/**
 * A credential that asks for one token per scope, however many clients want it at the same moment: each of Microsoft's
 * clients keeps tokens only for itself.
 * @param now milliseconds, as `Date.now`
 */
export function sharedCredential(credential: TokenCredential, now: () => number = Date.now): TokenCredential {
  const requests = new Map<string, { readonly answer: Promise<AccessToken | null>; token?: AccessToken }>()

  const ask = (key: string, ...parameters: Parameters<TokenCredential['getToken']>) => {
    const answer = credential.getToken(...parameters)
    const request: { answer: typeof answer; token?: AccessToken } = { answer }
    requests.set(key, request)
    // Neither a failure nor an empty answer is kept: the next request asks again.
    const forget = () => requests.delete(key)
    const keep = (token: AccessToken | null) => {
      if (token === null) forget()
      else request.token = token
    }
    answer.then(keep, forget)
    return answer
  }

  return {
    getToken: (scopes, options) => {
      const key = JSON.stringify([scopes, options?.tenantId, options?.claims])
      const known = requests.get(key)
      const isUsable =
        known !== undefined && (known.token === undefined || known.token.expiresOnTimestamp - margin > now())
      return isUsable ? known.answer : ask(key, scopes, options)
    },
  }
}
