import type { Area, Caller, Exchange, Identifiers } from '../contracts.ts'
import { type DirectoryStore, openDirectory } from './directory.ts'
import { EntraError, refusals, toResponse } from './errors.ts'
import { graphRolesOf } from './granted.ts'
import type { DirectoryState } from './model.ts'
import { isGraphAudience, isKnownResource } from './resources.ts'
import { createSignIn, required, type SignInOptions } from './sign-in.ts'
import { createTokenSigner, tokenLifetime } from './tokens.ts'

/** What Entra needs of the rest of the sandbox. */
export interface EntraOptions extends SignInOptions {
  readonly identifiers: Identifiers
  /** Milliseconds for which a new object cannot be found yet. Default 0. */
  readonly replicationLag?: number
}

/** Microsoft Entra ID: the directory and the token endpoint. */
export interface Entra {
  readonly area: Area
  readonly directory: DirectoryStore
  /** Who an access token belongs to; `undefined` when it does not verify. */
  readonly verify: (token: string) => Promise<Caller | undefined>
}

/** Opens the directory in `state`, changing it in place, and serves sign-in to it. */
export async function createEntra(state: DirectoryState, options: EntraOptions): Promise<Entra> {
  const { clock } = options
  const directory = openDirectory(state, options)
  const signer = await createTokenSigner(state, clock, options.identifiers)
  const signIn = createSignIn(directory, options)

  async function tokenFor(form: URLSearchParams, resource: string, exchange: Exchange): Promise<string> {
    const grant = required(form, 'grant_type')
    const demandKnown = (): void => {
      if (!isKnownResource(resource, exchange.base)) throw refusals.unknownResource(resource, state.domain)
    }
    if (grant === 'password') {
      const { user, clientId } = signIn.person(form)
      demandKnown()
      return signer.mintForPerson(user, clientId, resource)
    }
    if (grant !== 'client_credentials') throw refusals.unsupportedGrant(grant)
    const principal = await signIn.application(form, exchange)
    demandKnown()
    const isGraph = isGraphAudience(resource.replace(/\/+$/, ''), exchange.base)
    return signer.mint(principal, resource, isGraph ? graphRolesOf(directory.state, principal) : [])
  }

  async function issue(version: 'v1' | 'v2', form: URLSearchParams, exchange: Exchange): Promise<Response> {
    const resource = version === 'v1' ? required(form, 'resource') : resourceOfScope(required(form, 'scope'))
    const token = await tokenFor(form, resource, exchange)
    const common = { token_type: 'Bearer', access_token: token }
    const expires = tokenLifetime - 1
    if (version === 'v2') return noStore({ ...common, expires_in: expires, ext_expires_in: expires })
    const now = Math.floor(clock.now().getTime() / 1000)
    return noStore({
      ...common,
      resource,
      expires_in: String(expires),
      ext_expires_in: String(expires),
      expires_on: String(now + expires),
      not_before: String(now - 300),
    })
  }

  async function answer(address: EntraAddress, request: Request, exchange: Exchange): Promise<Response> {
    if (address.kind === 'instance') return Response.json(instanceDiscovery(exchange.base, state.tenantId))
    const isTenant =
      address.tenant.toLowerCase() === state.tenantId.toLowerCase() || address.tenant === state.domain
    const isPlaceholder = ['common', 'organizations'].includes(address.tenant) && address.kind !== 'token'
    if (!isTenant && !isPlaceholder) throw refusals.unknownTenant(address.tenant)
    if (address.kind === 'keys') return Response.json(signer.keys)
    if (address.kind === 'configuration') {
      return Response.json(openIdConfiguration(exchange.base, state.tenantId, address.version))
    }
    return issue(address.version, new URLSearchParams(await request.text()), exchange)
  }

  return {
    directory,
    verify: signer.verify,
    area: async (request, exchange) => {
      const address = parseAddress(request.method, exchange.url.pathname)
      if (!address) return undefined
      try {
        return await answer(address, request, exchange)
      } catch (error) {
        if (!(error instanceof EntraError)) throw error
        const correlation = request.headers.get('client-request-id') ?? exchange.requestId
        return toResponse(error, exchange, clock.now(), correlation)
      }
    },
  }
}

type EntraAddress =
  | { readonly kind: 'instance' }
  | { readonly kind: 'token' | 'configuration'; readonly tenant: string; readonly version: 'v1' | 'v2' }
  | { readonly kind: 'keys'; readonly tenant: string }

const addresses: readonly {
  readonly method: string
  readonly path: RegExp
  readonly at: (tenant: string) => EntraAddress
}[] = [
  { method: 'GET', path: /^\/common\/discovery\/instance$/, at: () => ({ kind: 'instance' }) },
  {
    method: 'POST',
    path: /^\/([^/]+)\/oauth2\/v2\.0\/token$/,
    at: (tenant) => ({ kind: 'token', tenant, version: 'v2' }),
  },
  {
    method: 'POST',
    path: /^\/([^/]+)\/oauth2\/token$/,
    at: (tenant) => ({ kind: 'token', tenant, version: 'v1' }),
  },
  {
    method: 'GET',
    path: /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/,
    at: (tenant) => ({ kind: 'configuration', tenant, version: 'v2' }),
  },
  {
    method: 'GET',
    path: /^\/([^/]+)\/\.well-known\/openid-configuration$/,
    at: (tenant) => ({ kind: 'configuration', tenant, version: 'v1' }),
  },
  {
    method: 'GET',
    path: /^\/([^/]+)\/discovery\/(?:v2\.0\/)?keys$/,
    at: (tenant) => ({ kind: 'keys', tenant }),
  },
]

function parseAddress(method: string, path: string): EntraAddress | undefined {
  for (const address of addresses) {
    const match = address.method === method ? address.path.exec(path) : null
    if (match) return address.at(decodeURIComponent(match[1] ?? ''))
  }
  return undefined
}

/** `https://resource/.default` → `https://resource`; other scopes make no sense without a signed-in person. */
function resourceOfScope(scope: string): string {
  const resource = scope
    .split(' ')
    .map((part) => /^(.+)\/\.default$/.exec(part)?.[1])
    .find((part) => part !== undefined)
  if (resource === undefined) throw refusals.invalidScope(scope)
  return resource
}

function noStore(body: unknown): Response {
  return Response.json(body, { headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } })
}

function instanceDiscovery(base: string, tenantId: string): unknown {
  const { host } = new URL(base)
  return {
    tenant_discovery_endpoint: `${base}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}

function openIdConfiguration(base: string, tenantId: string, version: 'v1' | 'v2'): unknown {
  const tenant = `${base}/${tenantId}`
  const segment = version === 'v2' ? '/v2.0' : ''
  return {
    issuer: `${tenant}${segment || '/'}`,
    authorization_endpoint: `${tenant}/oauth2${segment}/authorize`,
    token_endpoint: `${tenant}/oauth2${segment}/token`,
    end_session_endpoint: `${tenant}/oauth2${segment}/logout`,
    device_authorization_endpoint: `${tenant}/oauth2${segment}/devicecode`,
    jwks_uri: `${tenant}/discovery${segment}/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token', 'token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  }
}
