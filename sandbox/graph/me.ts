import { refusals } from './errors.ts'
import { demandRead, type GraphContext, type GraphRequest, type GraphResponse } from './http.ts'
import { respondWithOne } from './query.ts'
import { memberships } from './relationships.ts'
import { showUser } from './representation.ts'
import { userType } from './resource-types.ts'

/** `/me`: the person who signed in. https://learn.microsoft.com/graph/api/user-get */
export function me(
  { directory }: GraphContext,
  request: GraphRequest,
  rest: readonly string[],
): GraphResponse {
  const self = directory.lookup(request.rights.objectId)
  if (self?.kind !== 'User') throw refusals.onlyPeople()
  if (rest.length > 0) return memberships(directory, request, self.value.id, rest)
  demandRead(request)
  return respondWithOne(request, showUser(self.value), userType, 'users/$entity')
}
