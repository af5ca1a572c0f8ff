import { parseAddress } from '../address.ts'
import { patchedTags, tagsAt } from '../governance/tags.ts'
import { record, text } from '../json.ts'
import type { Handler } from './context.ts'

const path = /\/providers\/Microsoft\.Resources\/tags\/default$/i

/** PATCH of a scope's tags. What else can be done with them is done as with any resource. */
export const tagHandler: Handler = async (request, { engine, world }) => {
  const address = parseAddress(request.path)
  if (request.method !== 'PATCH' || !path.test(request.path) || address === undefined) return undefined
  const body = await request.body()
  const patch = record(record(body['properties'])['tags'])
  const tags = patchedTags(tagsAt(address.scope, world) ?? {}, patch, text(body['operation']) ?? '')
  const changed = { properties: { tags } }
  return Response.json(await engine.put(request.path, request.apiVersion, changed, request.caller))
}
