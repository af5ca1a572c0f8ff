import { z } from 'zod'
import type { FederatedCredential } from './applications.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** The federated credentials of user-assigned managed identities. https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust-user-assigned-managed-identity */
export interface ManagedIdentityCredentials {
  readonly list: (identityId: string) => Promise<readonly FederatedCredential[]>
  /** One of this name is changed. */
  readonly write: (identityId: string, credential: Omit<FederatedCredential, 'id'>) => Promise<void>
}

const apiVersion = '2024-11-30'
const credentialSchema = z.object({
  name: z.string(),
  properties: z.object({ issuer: z.string(), subject: z.string(), audiences: z.array(z.string()) }),
})

/** Opens them. */
export async function openManagedIdentityCredentials(session: Session): Promise<ManagedIdentityCredentials> {
  const arm = await openArm(session)
  return {
    list: (identityId) =>
      explaining('Reading the federated credentials of a managed identity', async () => {
        const path = `${identityId}/federatedIdentityCredentials`
        const found = await arm.list({ path, apiVersion }, credentialSchema)
        return found.map(({ name, properties }) => ({ id: name, name, ...properties }))
      }),
    write: (identityId, { name, issuer, subject, audiences }) =>
      explaining(`Writing the federated credential '${name}'`, () =>
        arm.write({
          path: `${identityId}/federatedIdentityCredentials/${name}`,
          apiVersion,
          body: { properties: { issuer, subject, audiences: [...audiences] } },
          waitingFor: `federated credential '${name}'`,
        }),
      ),
  }
}
