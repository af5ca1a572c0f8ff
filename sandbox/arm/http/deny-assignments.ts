import { refusal } from '../errors.ts'
import { denialBody } from '../rbac/deny-assignments.ts'
import { demandRead, type Handler, requireRight } from './context.ts'
import { page } from './paging.ts'

const path = /^(.*)\/providers\/Microsoft\.Authorization\/denyAssignments(?:\/([^/]+))?$/i

/** Deny assignments at, above and below a scope. They are read: only deployment stacks make them. */
export const denyAssignmentHandler: Handler = async (request, context) => {
  const match = path.exec(request.path)
  if (match === null) return undefined
  const [, scope = '', name] = match
  demandRead(request)
  requireRight(context, request.caller, scope, 'Microsoft.Authorization/denyAssignments/read')
  const related = Object.values(context.world.store.state.denyAssignments).filter((denial) => {
    const [own, asked] = [`${denial.scope.toLowerCase()}/`, `${scope.toLowerCase()}/`]
    return own.startsWith(asked) || asked.startsWith(own)
  })
  if (name === undefined)
    return page(
      related.map((denial) => denialBody(denial, context.directory)),
      request.exchange,
    )
  const found = related.find((denial) => denial.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return Response.json(denialBody(found, context.directory))
  throw refusal(404, 'DenyAssignmentNotFound', `The deny assignment '${name}' is not found.`)
}
