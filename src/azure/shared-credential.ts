import type { AccessToken, TokenCredential } from '@azure/identity'

/** A token is renewed this long before it ends, so that it does not end under way. */
const margin = 5 * 60_000

/**
 * A credential that asks for one token per scope, however many clients want it at the same moment: each of Microsoft's
 * clients keeps tokens only for itself.
 * @param now milliseconds, as `Date.now`
 */
export function sharedCredential(credential: TokenCredential, now: () => number = Date.now): TokenCredential {
  const tokens = new Map<string, Promise<AccessToken | null>>()

  const request = (key: string, ...parameters: Parameters<TokenCredential['getToken']>) => {
    const token = credential.getToken(...parameters)
    tokens.set(key, token)
    // A failure is not kept: the next request asks again.
    token.catch(() => tokens.delete(key))
    return token
  }

  return {
    getToken: async (scopes, options) => {
      const key = JSON.stringify([scopes, options?.tenantId, options?.claims])
      const known = await tokens.get(key)
      if (known !== undefined && known !== null && known.expiresOnTimestamp - margin > now()) return known
      const underway = tokens.get(key)
      // While this one waited, another may have renewed the token already.
      if (underway !== undefined && (await underway) !== known) return underway
      return request(key, scopes, options)
    },
  }
}
