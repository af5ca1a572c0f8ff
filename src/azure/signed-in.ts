import { z } from 'zod'
import type { Session } from './session.ts'

/** Who a token is for, as it says itself. */
export interface SignedIn {
  /** Application (client) id. */
  readonly clientId: string | undefined
  readonly objectId: string | undefined
  /** Application permissions for the service that the token is for. */
  readonly roles: readonly string[]
}

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const claimsSchema = z.object({
  appid: z.string().nullish(),
  azp: z.string().nullish(),
  oid: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
})

/**
 * Signs in for a service, and says who that is. A token is the service's to read and may be encrypted: then nothing is
 * known, and nothing is assumed.
 */
export async function signedInAs({ credential }: Session, scope: string): Promise<SignedIn> {
  const claims = claimsIn(await credential.token(scope))
  return {
    clientId: claims?.appid ?? claims?.azp ?? undefined,
    objectId: claims?.oid ?? undefined,
    roles: claims?.roles ?? [],
  }
}

function claimsIn(token: string): z.infer<typeof claimsSchema> | undefined {
  const [, payload = ''] = token.split('.')
  try {
    return claimsSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).data
  } catch {
    return undefined
  }
}
