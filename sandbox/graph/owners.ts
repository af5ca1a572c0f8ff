import type { OwnedObject } from '../entra/objects.ts'
import { refusals } from './errors.ts'
import { resolveReference } from './group-body.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  noContent,
  objectBody,
} from './http.ts'
import { objectsOf, showObjects, showReferences } from './relationships.ts'

/** `…/owners…` of an application or a service principal. https://learn.microsoft.com/graph/api/application-post-owners */
export function owners(
  { directory }: GraphContext,
  request: GraphRequest,
  target: Extract<OwnedObject, { readonly kind: 'Application' | 'ServicePrincipal' }>,
  [name, second, third]: readonly string[],
): GraphResponse | undefined {
  if (name !== 'owners') return undefined
  const all = target.value.owners ?? []
  if (request.method === 'POST' && second === '$ref') {
    request.rights.demand('changeApplication', target)
    const id = resolveReference(objectBody(request)['@odata.id'], 'owners', directory, request.root)
    if (all.includes(id)) throw refusals.alreadyLinked('owners')
    directory.update(target.value, { owners: [...all, id] })
    return noContent
  }
  if (request.method === 'DELETE' && third === '$ref') {
    request.rights.demand('changeApplication', target)
    const present = all.find((id) => id.toLowerCase() === second?.toLowerCase())
    if (present === undefined) throw refusals.notFound(second ?? '')
    directory.update(target.value, { owners: all.filter((id) => id !== present) })
    return noContent
  }
  demandRead(request)
  if (second === '$ref') return showReferences(request, all)
  return showObjects(directory, request, objectsOf(directory, all), second)
}
