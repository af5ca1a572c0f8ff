import { randomBytes } from 'node:crypto'
import type { PasswordCredential } from '../entra/model.ts'
import type { OwnedObject } from '../entra/objects.ts'
import { isRecord, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, noContent, objectBody } from './http.ts'
import { showPassword } from './representation.ts'

/** What has client secrets. */
type WithPasswords = Extract<OwnedObject, { readonly kind: 'Application' | 'ServicePrincipal' }>

/** `POST …/addPassword` and `…/removePassword` of an application or a service principal. */
export function passwords(
  context: GraphContext,
  request: GraphRequest,
  target: WithPasswords,
  [name = '']: readonly string[],
): GraphResponse | undefined {
  const action = name.replace(/^microsoft\.graph\./, '')
  if (action !== 'addPassword' && action !== 'removePassword') return undefined
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  request.rights.demand('changeApplication', target)
  return action === 'addPassword' ? add(context, request, target) : remove(context, request, target)
}

/** https://learn.microsoft.com/graph/api/application-addpassword: two years, unless the request says otherwise. */
function add(
  { directory, clock, identifiers }: GraphContext,
  request: GraphRequest,
  target: WithPasswords,
): GraphResponse {
  const { passwordCredential } = request.body === undefined ? {} : objectBody(request)
  const wanted = isRecord(passwordCredential) ? passwordCredential : {}
  const start = timeOf(wanted['startDateTime']) ?? clock.now()
  const later = new Date(start)
  later.setUTCFullYear(later.getUTCFullYear() + 2)
  const end = timeOf(wanted['endDateTime']) ?? later
  if (end <= start) throw refusals.badRequest('The credential end date must be after its start date.')
  const secretText = `${randomBytes(3).toString('hex').slice(0, 3)}8Q~${randomBytes(25).toString('hex').slice(0, 34)}`
  const made: PasswordCredential = {
    keyId: identifiers.uuid(),
    displayName: wanted['displayName'] === undefined ? null : textOf(wanted['displayName']),
    hint: secretText.slice(0, 3),
    startDateTime: start.toISOString(),
    endDateTime: end.toISOString(),
    secretText,
  }
  directory.update(target.value, { passwords: [...(target.value.passwords ?? []), made] })
  const context = `${request.root}/$metadata#microsoft.graph.passwordCredential`
  return { status: 200, body: { '@odata.context': context, ...showPassword(made), secretText } }
}

function remove({ directory }: GraphContext, request: GraphRequest, target: WithPasswords): GraphResponse {
  const keyId = objectBody(request)['keyId']
  const all = target.value.passwords ?? []
  if (!all.some((password) => password.keyId === keyId)) {
    throw refusals.badRequest(`No password credential found with keyId '${String(keyId)}'.`)
  }
  directory.update(target.value, { passwords: all.filter((password) => password.keyId !== keyId) })
  return noContent
}

function timeOf(value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined
  const time = new Date(textOf(value))
  if (Number.isNaN(time.getTime())) throw refusals.badRequest(`'${String(value)}' is no date and time.`)
  return time
}
