import type { Application, FederatedCredential } from '../entra/model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, noContent, objectBody } from './http.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import { showFederatedCredential } from './representation.ts'
import { federatedCredentialType } from './resource-types.ts'

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const maximumCredentials = 20
const resource = 'FederatedIdentityCredential'

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential#properties */
const checks = {
  audiences: (value: unknown) => fits.texts(value),
  description: fits.nullableText(600),
  issuer: fits.text(600, 1),
  name: (value: unknown) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,119}$/.test(String(value)),
  subject: fits.text(600, 1),
}

/** `/applications/{id}/federatedIdentityCredentials…`; one of them by its id or its name. */
export function federatedCredentials(
  context: GraphContext,
  request: GraphRequest,
  application: Application,
  [name, id]: readonly string[],
): GraphResponse | undefined {
  if (name !== 'federatedIdentityCredentials') return undefined
  const key = id ?? request.segments.find((segment) => segment.name === name)?.key?.value
  if (request.method !== 'GET') {
    request.rights.demand('changeApplication', { kind: 'Application', value: application })
  }
  return key === undefined
    ? collection(context, request, application)
    : item(context, request, application, key)
}

const contextOf = (application: Application, suffix = ''): string =>
  `applications('${application.id}')/federatedIdentityCredentials${suffix}`

function collection(context: GraphContext, request: GraphRequest, application: Application): GraphResponse {
  const all = application.federatedCredentials ?? []
  if (request.method === 'GET') {
    const shown = all.map(showFederatedCredential)
    return respondWithMany(request, shown, federatedCredentialType, contextOf(application))
  }
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  return create(context, request, application, objectBody(request))
}

function create(
  { directory, identifiers }: GraphContext,
  request: GraphRequest,
  application: Application,
  sent: Readonly<Record<string, unknown>>,
): GraphResponse {
  const body = readKnown(sent, checks, resource)
  demandAll(body, ['name', 'issuer', 'subject', 'audiences'], resource)
  const all = application.federatedCredentials ?? []
  const made = withChanges({ id: identifiers.uuid(), name: '', issuer: '', subject: '', audiences: [] }, body)
  if (all.some(({ name }) => name === made.name)) {
    throw refusals.conflict(`FederatedIdentityCredential with name ${made.name} already exists.`)
  }
  if (all.length >= maximumCredentials) {
    throw refusals.federated(
      `The number of federated identity credentials exceeds the limit of ${maximumCredentials} for the application.`,
    )
  }
  demandValid(made, all)
  directory.update(application, { federatedCredentials: [...all, made] })
  const shown = showFederatedCredential(made)
  return respondWithOne(request, shown, federatedCredentialType, contextOf(application, '/$entity'), 201)
}

function item(
  context: GraphContext,
  request: GraphRequest,
  application: Application,
  key: string,
): GraphResponse {
  const { directory } = context
  const all = application.federatedCredentials ?? []
  const found = all.find(
    (credential) => (credential.id ?? credential.name) === key || credential.name === key,
  )
  if (found === undefined) {
    const isUpsert =
      request.method === 'PATCH' && (request.headers.get('prefer') ?? '').includes('create-if-missing')
    if (isUpsert) return create(context, request, application, { ...objectBody(request), name: key })
    throw refusals.notFound(key)
  }
  const others = all.filter((credential) => credential !== found)
  switch (request.method) {
    case 'GET': {
      const shown = showFederatedCredential(found)
      return respondWithOne(request, shown, federatedCredentialType, contextOf(application, '/$entity'))
    }
    case 'DELETE':
      directory.update(application, { federatedCredentials: others })
      return noContent
    case 'PATCH': {
      const body = readKnown(objectBody(request), checks, resource)
      if (body['name'] !== undefined && body['name'] !== found.name) throw refusals.readOnly('name', resource)
      const changed = withChanges(found, body)
      demandValid(changed, others)
      directory.update(application, {
        federatedCredentials: all.map((credential) => (credential === found ? changed : credential)),
      })
      return noContent
    }
    default:
      throw refusals.noMethod(request.method)
  }
}

function withChanges(
  before: FederatedCredential,
  { name, issuer, subject, audiences, description }: Readonly<Record<string, unknown>>,
): FederatedCredential {
  return {
    ...before,
    ...(name !== undefined && { name: textOf(name) }),
    ...(issuer !== undefined && { issuer: textOf(issuer) }),
    ...(subject !== undefined && { subject: textOf(subject) }),
    ...(Array.isArray(audiences) && { audiences: audiences.map(textOf) }),
    ...(description !== undefined && { description: description === null ? null : textOf(description) }),
  }
}

/** One audience, and no other with this issuer and subject. */
function demandValid(
  { issuer, subject, audiences }: FederatedCredential,
  others: readonly FederatedCredential[],
): void {
  const [audience = ''] = audiences
  if (audiences.length !== 1 || audience === '' || audience.length > 600) {
    throw refusals.federated('Federated identity credential must have exactly one audience.')
  }
  if (others.some((other) => other.issuer === issuer && other.subject === subject)) {
    throw refusals.federated(
      `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${subject} already exist. ` +
        `paramName: FederatedIdentityCredential.Subject, paramValue: ${subject}, objectType: Microsoft.Online.DirectoryServices.Application`,
    )
  }
}
