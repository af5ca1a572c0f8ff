import { z } from 'zod'
import { lastSegment } from '../resource-id.ts'
import { type Arm, openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** Can a resource of this name be created? Names of these types are unique across all of Azure. */
export type NameAnswer =
  | { readonly kind: 'free' }
  | { readonly kind: 'taken'; readonly message: string }
  /** Azure offers no way to ask. */
  | { readonly kind: 'not asked' }

/** Asks whether names are free. */
export interface NameAvailability {
  readonly ask: (type: string, name: string) => Promise<NameAnswer>
}

interface Question {
  readonly namespace: string
  readonly apiVersion: string
  /** What the request calls the type. */
  readonly says: string
}

/** Services that are asked in the common way, by type in small letters. */
const questions: Readonly<Record<string, Question>> = {
  // https://learn.microsoft.com/rest/api/storagerp/storage-accounts/check-name-availability
  'microsoft.storage/storageaccounts': {
    namespace: 'Microsoft.Storage',
    apiVersion: '2025-06-01',
    says: 'Microsoft.Storage/storageAccounts',
  },
  // https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/check-name-availability
  'microsoft.keyvault/vaults': {
    namespace: 'Microsoft.KeyVault',
    apiVersion: '2025-05-01',
    says: 'Microsoft.KeyVault/vaults',
  },
  // https://learn.microsoft.com/rest/api/searchmanagement/services/check-name-availability
  'microsoft.search/searchservices': {
    namespace: 'Microsoft.Search',
    apiVersion: '2025-05-01',
    says: 'searchServices',
  },
  // https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability
  'microsoft.containerregistry/registries': {
    namespace: 'Microsoft.ContainerRegistry',
    apiVersion: '2025-11-01',
    says: 'Microsoft.ContainerRegistry/registries',
  },
}

const answerSchema = z.object({
  nameAvailable: z.boolean(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
})

/** https://learn.microsoft.com/rest/api/aiservices/accountmanagement/check-domain-availability */
const subdomainSchema = z.object({ isSubdomainAvailable: z.boolean(), reason: z.string().nullish() })

/** Opens them for a subscription. */
export async function openNameAvailability(
  session: Session,
  subscriptionId: string,
): Promise<NameAvailability> {
  const arm = await openArm(session)
  const subscription = `/subscriptions/${subscriptionId}`
  return {
    ask: (type, name) =>
      explaining(`Asking whether the name '${name}' is free`, async () => {
        const kind = type.toLowerCase()
        if (kind === 'microsoft.cognitiveservices/accounts') return askSubdomain(arm, subscription, name)
        if (kind === 'microsoft.documentdb/databaseaccounts') return askCosmos(arm, name)
        const question = questions[kind]
        return question === undefined ? { kind: 'not asked' } : askName(arm, subscription, question, name)
      }),
  }
}

const waitingFor = 'the answer about a name'

async function askName(
  arm: Arm,
  subscription: string,
  { namespace, apiVersion, says }: Question,
  name: string,
): Promise<NameAnswer> {
  const path = `${subscription}/providers/${namespace}/checkNameAvailability`
  const answer = await arm.post({ path, apiVersion, body: { name, type: says }, waitingFor }, answerSchema)
  return answer.nameAvailable
    ? { kind: 'free' }
    : { kind: 'taken', message: answer.message ?? answer.reason ?? '' }
}

async function askSubdomain(arm: Arm, subscription: string, subdomainName: string): Promise<NameAnswer> {
  const path = `${subscription}/providers/Microsoft.CognitiveServices/checkDomainAvailability`
  const body = { subdomainName, type: 'Microsoft.CognitiveServices/accounts' }
  const answer = await arm.post({ path, apiVersion: '2025-12-01', body, waitingFor }, subdomainSchema)
  return answer.isSubdomainAvailable ? { kind: 'free' } : { kind: 'taken', message: answer.reason ?? '' }
}

/** https://learn.microsoft.com/rest/api/cosmos-db-resource-provider/database-accounts/check-name-exists */
async function askCosmos(arm: Arm, name: string): Promise<NameAnswer> {
  const path = `/providers/Microsoft.DocumentDB/databaseAccountNames/${name}`
  const exists = await arm.exists({ path, apiVersion: '2025-10-15' })
  return exists ? { kind: 'taken', message: `An account '${lastSegment(path)}' exists.` } : { kind: 'free' }
}
