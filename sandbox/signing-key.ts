import { exportJWK, generateKeyPair, type JWK } from 'jose'

const made = new Map<string, Promise<JWK>>()

/**
 * The private key of an issuer whose state holds none yet, for RS256. All sandboxes of a process give an issuer the same
 * one: nothing else at a start takes as long as making it, and tests start hundreds.
 */
export function signingKeyOf(issuer: string): Promise<JWK> {
  const key = made.get(issuer) ?? makeKey()
  made.set(issuer, key)
  return key
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return exportJWK(privateKey)
}
