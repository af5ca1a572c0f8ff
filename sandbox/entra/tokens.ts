import { type CryptoKey, errors, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Caller, Clock, Identifiers } from '../contracts.ts'
import { signingKeyOf } from '../signing-key.ts'
import type { DirectoryState, ServicePrincipal, User } from './model.ts'

/** Seconds an access token is valid. Azure's are between 60 and 90 minutes. */
export const tokenLifetime = 3600

/** Signs access tokens and reads them back. */
export interface TokenSigner {
  /** A token for a service principal at a resource. `roles` are its application permissions there. */
  mint(principal: ServicePrincipal, audience: string, roles: readonly string[]): Promise<string>
  /** A token for a person who signed in through an application. */
  mintForPerson(user: User, clientId: string, audience: string): Promise<string>
  /** Who a token belongs to; `undefined` when it is not ours, was changed, or has expired. */
  verify(token: string): Promise<Caller | undefined>
  /** Public keys, for whoever wants to verify tokens on their own. */
  readonly keys: { readonly keys: readonly JWK[] }
}

const algorithm = 'RS256'

/** Makes the signer, with the key that the state holds or, at the first start, a new one. */
export async function createTokenSigner(
  state: DirectoryState,
  clock: Clock,
  identifiers: Identifiers,
): Promise<TokenSigner> {
  state.signingKey ??= {
    ...(await signingKeyOf('entra')),
    kid: identifiers.uuid(),
    alg: algorithm,
    use: 'sig',
  }
  const jwk = state.signingKey
  const publicJwk = publicPart(jwk)
  const privateKey = await asymmetricKey(jwk)
  const publicKey = await asymmetricKey(publicJwk)
  const issuer = `https://sts.windows.net/${state.tenantId}/`
  // A client shows the same token with each of its requests: its signature is checked once, its age each time.
  const verified = new Map<string, JWTPayload>()
  const payloadOf = async (token: string): Promise<JWTPayload | undefined> => {
    const now = clock.now()
    const known = verified.get(token)
    if (known !== undefined) return Number(known.exp) > now.getTime() / 1000 ? known : undefined
    const { payload } = await jwtVerify(token, publicKey, {
      issuer,
      algorithms: [algorithm],
      currentDate: now,
      requiredClaims: ['oid', 'aud', 'exp'],
    })
    verified.set(token, payload)
    return payload
  }

  const sign = (objectId: string, audience: string, claims: JWTPayload): Promise<string> => {
    const now = Math.floor(clock.now().getTime() / 1000)
    return new SignJWT({ tid: state.tenantId, oid: objectId, ver: '1.0', ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: jwk.kid ?? '' })
      .setIssuer(issuer)
      .setSubject(objectId)
      .setAudience(audience)
      .setIssuedAt(now)
      .setNotBefore(now - 300)
      .setExpirationTime(now + tokenLifetime)
      .setJti(identifiers.uuid())
      .sign(privateKey)
  }

  return {
    keys: { keys: [publicJwk] },
    mint: (principal, audience, roles) =>
      sign(principal.id, audience, {
        appid: principal.appId,
        appidacr: '2',
        idtyp: 'app',
        ...(roles.length > 0 && { roles }),
      }),
    mintForPerson: (user, clientId, audience) =>
      sign(user.id, audience, {
        appid: clientId,
        appidacr: '0',
        idtyp: 'user',
        name: user.displayName,
        scp: 'user_impersonation',
        upn: user.userPrincipalName,
      }),
    verify: async (token) => {
      try {
        const payload = await payloadOf(token)
        if (payload === undefined) return undefined
        return {
          tenantId: state.tenantId,
          objectId: String(payload['oid']),
          kind: payload['idtyp'] === 'user' ? 'User' : 'ServicePrincipal',
          appId: String(payload['appid']),
          ...(typeof payload['upn'] === 'string' ? { userPrincipalName: payload['upn'] } : {}),
          audience: String(payload.aud).replace(/\/+$/, ''),
        }
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        // Whatever is wrong with a token, its bearer is nobody.
        return undefined
      }
    },
  }
}

function publicPart(jwk: JWK): JWK {
  const { d, p, q, dp, dq, qi, ...rest } = jwk
  return rest
}

async function asymmetricKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm)
  if (key instanceof Uint8Array) throw new TypeError('The signing key in the state is not an RSA key.')
  return key
}
