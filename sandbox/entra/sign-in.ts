import type { Clock, Exchange } from '../contracts.ts'
import type { DirectoryStore } from './directory.ts'
import { refusals } from './errors.ts'
import { checkAssertion } from './federation.ts'
import type { FederatedCredential, ServicePrincipal, User } from './model.ts'

/** What signing in needs besides the directory. */
export interface SignInOptions {
  readonly clock: Clock
  /** Fetches a token issuer's configuration and keys, from the sandbox itself. */
  readonly fetch: (url: string) => Promise<Response>
  /** Federated credentials of a managed identity, by its resource id. */
  readonly federatedCredentialsOf?: (resourceId: string) => readonly FederatedCredential[]
}

/** Finds out who asks for a token. */
export interface SignIn {
  /** An application, by an assertion or a secret. @throws EntraError */
  application(form: URLSearchParams, exchange: Exchange): Promise<ServicePrincipal>
  /** A person, by user name and password, through an application that needs no secret. @throws EntraError */
  person(form: URLSearchParams): { readonly user: User; readonly clientId: string }
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Microsoft's own tools, which are public clients in every tenant: Azure CLI and Azure PowerShell. */
const publicClients = ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2']

/** Signs in against a directory. */
export function createSignIn(directory: DirectoryStore, options: SignInOptions): SignIn {
  const { clock } = options
  const { state } = directory

  function federatedCredentials(principal: ServicePrincipal): readonly FederatedCredential[] {
    if (principal.servicePrincipalType === 'Application') {
      return directory.application(principal.appId)?.federatedCredentials ?? []
    }
    const resourceId = principal.alternativeNames?.at(-1)
    return resourceId === undefined ? [] : (options.federatedCredentialsOf?.(resourceId) ?? [])
  }

  /** A secret of the seed, or one that was added to the application or its service principal and has not expired. */
  function checkSecret(principal: ServicePrincipal, secret: string): void {
    const application = directory.application(principal.appId)
    if (application?.secrets?.includes(secret)) return
    const added = [...(application?.passwords ?? []), ...(principal.passwords ?? [])]
    const found = added.find(({ secretText }) => secretText === secret)
    if (found === undefined) throw refusals.wrongSecret(principal.appId)
    if (Date.parse(found.endDateTime) <= clock.now().getTime()) throw refusals.expiredSecret(principal.appId)
  }

  async function checkFederated(
    form: URLSearchParams,
    principal: ServicePrincipal,
    base: string,
  ): Promise<void> {
    if (form.get('client_assertion_type') !== jwtBearer)
      throw refusals.missingParameter('client_assertion_type')
    const credentials = federatedCredentials(principal)
    if (credentials.length === 0) throw refusals.noFederation(principal.appId, principal.displayName)
    const assertion = form.get('client_assertion') ?? ''
    await checkAssertion(assertion, credentials, { fetch: options.fetch, base, now: clock.now() })
  }

  return {
    application: async (form, exchange) => {
      const appId = required(form, 'client_id')
      const principal = directory.servicePrincipalOf(appId)
      if (!principal) throw refusals.unknownApplication(appId, state.domain)
      if (principal.accountEnabled === false) throw refusals.disabledApplication(appId)
      const secret = form.get('client_secret')
      if (form.get('client_assertion') !== null) await checkFederated(form, principal, exchange.base)
      else if (secret === null) throw refusals.missingCredential()
      else checkSecret(principal, secret)
      return principal
    },
    person: (form) => {
      const clientId = required(form, 'client_id')
      const isPublic =
        publicClients.includes(clientId.toLowerCase()) ||
        directory.application(clientId)?.details?.['isFallbackPublicClient'] === true
      if (!isPublic && directory.application(clientId) === undefined)
        throw refusals.unknownApplication(clientId, state.domain)
      if (!isPublic) throw refusals.missingCredential()
      const name = required(form, 'username').toLowerCase()
      const user = state.users.find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === name)
      if (user === undefined) throw refusals.unknownPerson(state.domain)
      if (user.password === undefined || user.password !== required(form, 'password'))
        throw refusals.wrongPassword()
      if (user.accountEnabled === false) throw refusals.disabledPerson()
      return { user, clientId }
    },
  }
}

/** A parameter of a form. @throws EntraError when it is missing or empty */
export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (!value) throw refusals.missingParameter(name)
  return value
}
