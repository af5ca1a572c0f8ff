import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { Area, Clock } from '../contracts.ts'

let keys: ReturnType<typeof generateKeyPair> | undefined

/** A token issuer that is not GitHub, but signs what GitHub signs. */
export async function createIssuer(
  clock: Clock,
  subject: string,
): Promise<{
  area: Area
  sign: (issuer: string, claims: JWTPayload) => Promise<string>
}> {
  keys ??= generateKeyPair('RS256')
  const { privateKey, publicKey } = await keys
  const jwk = { ...(await exportJWK(publicKey)), kid: 'issuer-key', alg: 'RS256', use: 'sig' }
  return {
    area: async (_request, { base, url }) => {
      if (url.pathname === '/issuer/jwks') return Response.json({ keys: [jwk] })
      if (url.pathname !== '/issuer/.well-known/openid-configuration') return undefined
      return Response.json({ issuer: `${base}/issuer`, jwks_uri: `${base}/issuer/jwks` })
    },
    sign: (issuer, claims) => {
      const now = Math.floor(clock.now().getTime() / 1000)
      const standard = { iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange' }
      return new SignJWT({ ...standard, nbf: now - 300, exp: now + 300, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'issuer-key' })
        .sign(privateKey)
    },
  }
}
