import type { DirectoryStore } from '../entra/directory.ts'
import { fits } from './body.ts'
import { refusals } from './errors.ts'
import { type GraphRequest, type GraphResponse, objectBody } from './http.ts'

/** Groups that one call checks. https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups */
const maximumChecked = 20

/** `POST …/getMemberGroups` and `…/checkMemberGroups`: the groups of an object, those within groups included. */
export function memberGroups(
  directory: DirectoryStore,
  request: GraphRequest,
  objectId: string,
  [name = '']: readonly string[],
): GraphResponse | undefined {
  const action = name.replace(/^microsoft\.graph\./, '')
  if (action !== 'getMemberGroups' && action !== 'checkMemberGroups' && action !== 'getMemberObjects') {
    return undefined
  }
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  request.rights.demand('listMembers')
  const { groupIds, securityEnabledOnly } = objectBody(request)
  const all = directory.groupsOf(objectId)
  if (action !== 'checkMemberGroups') {
    if (!fits.flag(securityEnabledOnly))
      throw refusals.badRequest("The parameter 'securityEnabledOnly' is required.")
    return answer(request, all)
  }
  if (!Array.isArray(groupIds) || groupIds.length > maximumChecked) {
    throw refusals.badRequest(`The collection 'groupIds' must have between 1 and ${maximumChecked} entries.`)
  }
  const wanted = new Set(groupIds.map((id) => String(id).toLowerCase()))
  return answer(
    request,
    all.filter((id) => wanted.has(id.toLowerCase())),
  )
}

const answer = (request: GraphRequest, value: readonly string[]): GraphResponse => ({
  status: 200,
  body: { '@odata.context': `${request.root}/$metadata#Collection(Edm.String)`, value },
})
