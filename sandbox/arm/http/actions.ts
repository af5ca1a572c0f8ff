import type { Caller } from '../../contracts.ts'
import { lastSegment, parseAddress } from '../address.ts'
import { resourceNotFound } from '../errors.ts'
import { type ArmContext, type Handler, requireRight } from './context.ts'
import { secretsOf } from './secrets.ts'

/** The POST actions of resources. */
export const actionHandler: Handler = async (request, context) => {
  if (request.method !== 'POST') return undefined
  const id = request.path.slice(0, request.path.lastIndexOf('/'))
  const result = callAction(id, lastSegment(request.path), request.caller, context)
  return result === undefined ? undefined : Response.json(result)
}

/** What an action of a resource returns to a caller; `undefined` when the resource has no such action. */
export function callAction(
  id: string,
  action: string,
  caller: Caller,
  context: Pick<ArmContext, 'engine' | 'authorization'>,
): unknown {
  const address = parseAddress(id)
  if (address === undefined) return undefined
  requireRight(context, caller, address.id, `${address.type}/${action}/action`)
  const resource = context.engine.get(address.id)
  if (resource === undefined) throw resourceNotFound(address)
  context.engine.governance.admitAction(address)
  return secretsOf(resource, action)
}
