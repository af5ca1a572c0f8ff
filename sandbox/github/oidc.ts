/** GitHub's token issuer. https://docs.github.com/actions/reference/security/oidc */
import { type CryptoKey, importJWK, type JWK, SignJWT } from 'jose'
import type { Clock, Identifiers } from '../contracts.ts'
import { signingKeyOf } from '../signing-key.ts'
import { claimsOf, type Job } from './jobs.ts'
import type { GithubState } from './state.ts'
import { subjectOf } from './subject.ts'

/** Seconds for which a token can be shown, as GitHub gives them. */
const lifetime = 300
/** Seconds by which a token is older than it is, for clocks that are late. */
const backdated = 600
const algorithm = 'RS256'

/** Signs tokens for jobs. */
export interface TokenIssuer {
  token(job: Job, issuer: string, audience: string): Promise<string>
  /** Public keys, as `jwks_uri` shows them. */
  keys(): Promise<{ readonly keys: readonly JWK[] }>
}

interface Keys {
  readonly id: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

const loadKeys = async (jwk: JWK): Promise<Keys> => {
  const privateKey = await importJWK(jwk, algorithm)
  if (privateKey instanceof Uint8Array) throw new TypeError('The signing key of GitHub is not an RSA key.')
  const { kty, n, e, kid = '' } = jwk
  const publicJwk = {
    ...(kty === undefined ? {} : { kty }),
    ...(n === undefined ? {} : { n }),
    ...(e === undefined ? {} : { e }),
    kid,
    alg: algorithm,
    use: 'sig',
  }
  return { id: kid, privateKey, publicJwk }
}

/** Makes the issuer. Its key is that of the state or, at the first use, a new one that the state then keeps. */
export const createTokenIssuer = (
  state: GithubState,
  clock: Clock,
  identifiers: Identifiers,
): TokenIssuer => {
  const make = async (): Promise<Keys> => {
    state.signingKey ??= { ...(await signingKeyOf('github')), kid: identifiers.uuid() }
    return loadKeys(state.signingKey)
  }
  let made: Promise<Keys> | undefined
  const keys = (): Promise<Keys> => {
    made ??= make()
    return made
  }
  return {
    keys: async () => ({ keys: [(await keys()).publicJwk] }),
    token: async (job, issuer, audience) => {
      const { id, privateKey } = await keys()
      const now = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT(claimsOf(job))
        .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: id })
        .setIssuer(issuer)
        .setSubject(subjectOf(job))
        .setAudience(audience)
        .setIssuedAt(now)
        .setNotBefore(now - backdated)
        .setExpirationTime(now + lifetime)
        .setJti(identifiers.uuid())
        .sign(privateKey)
    },
  }
}
