import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { refusals } from './errors.ts'
import type { FederatedCredential } from './model.ts'

/** Seconds that clocks may differ. */
const clockSkew = 300

/** What checking an assertion needs. */
export interface FederationOptions {
  /** Fetches from an issuer. Only issuers on the sandbox itself can be reached. */
  readonly fetch: (url: string) => Promise<Response>
  /** Base address of the sandbox, which `{sandbox}` in a registered issuer stands for. */
  readonly base: string
  readonly now: Date
}

/**
 * Accepts an assertion that one of the credentials trusts: signed by its issuer, meant for its audience, valid now,
 * and of exactly its issuer and subject, case included.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 * @throws EntraError with Entra's refusal
 */
export async function checkAssertion(
  assertion: string,
  credentials: readonly FederatedCredential[],
  options: FederationOptions,
): Promise<void> {
  const claims = decode(assertion)
  const byIssuer = credentials.filter((credential) => issuerOf(credential, options.base) === claims.issuer)
  if (byIssuer.length === 0) throw refusals.wrongIssuer(claims.issuer)
  const byAudience = byIssuer.filter((credential) =>
    credential.audiences.some((audience) => claims.audiences.includes(audience)),
  )
  if (byAudience.length === 0) throw refusals.wrongAudience(claims.audiences.join(', '))
  if (!byAudience.some((credential) => credential.subject === claims.subject)) {
    const wanted = claims.subject.toLowerCase()
    const differsInCase = byAudience.some((credential) => credential.subject.toLowerCase() === wanted)
    throw differsInCase ? refusals.wrongCase(claims.subject) : refusals.wrongSubject(claims.subject)
  }
  await checkSignature(assertion, await keysOf(claims.issuer, options), options.now)
  checkValidity(claims.payload, options.now)
}

interface Claims {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  readonly payload: JWTPayload
}

function decode(assertion: string): Claims {
  let payload: JWTPayload
  try {
    payload = decodeJwt(assertion)
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    throw refusals.malformedAssertion()
  }
  const { iss, sub, aud } = payload
  if (iss === undefined || sub === undefined || aud === undefined) throw refusals.malformedAssertion()
  return { issuer: iss, subject: sub, audiences: Array.isArray(aud) ? aud : [aud], payload }
}

function issuerOf(credential: FederatedCredential, base: string): string {
  return credential.issuer.replace(/^\{sandbox\}/, base)
}

async function keysOf(issuer: string, { fetch }: FederationOptions): Promise<JSONWebKeySet> {
  const configuration = await fetchJson(fetch, `${issuer}/.well-known/openid-configuration`)
  const address = configuration?.['jwks_uri']
  const keys = typeof address === 'string' ? await fetchJson(fetch, address) : undefined
  if (!keys || !Array.isArray(keys['keys'])) throw refusals.unreachableIssuer(issuer)
  return { keys: keys['keys'] }
}

async function fetchJson(
  fetch: FederationOptions['fetch'],
  url: string,
): Promise<Record<string, unknown> | undefined> {
  const response = await fetch(url)
  return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined
}

/** Validity is checked apart from the signature, because Entra names the times in its refusal. */
async function checkSignature(assertion: string, keys: JSONWebKeySet, now: Date): Promise<void> {
  try {
    await jwtVerify(assertion, createLocalJWKSet(keys), { currentDate: now, algorithms: ['RS256'] })
  } catch (error) {
    const isAboutTime =
      error instanceof errors.JWTExpired ||
      (error instanceof errors.JWTClaimValidationFailed && (error.claim === 'nbf' || error.claim === 'iat'))
    if (!isAboutTime) throw refusals.wrongSignature()
  }
}

function checkValidity(payload: JWTPayload, now: Date): void {
  const seconds = now.getTime() / 1000
  const from = payload.nbf ?? payload.iat ?? seconds
  const until = payload.exp ?? 0
  if (seconds < from - clockSkew || seconds >= until + clockSkew) {
    throw refusals.outsideValidity(now, new Date(from * 1000), new Date(until * 1000))
  }
}
