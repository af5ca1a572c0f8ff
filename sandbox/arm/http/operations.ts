import { lastSegment } from '../address.ts'
import { refusal } from '../errors.ts'
import { resultPath, statusPath } from '../operations.ts'
import { demandRead, type Handler } from './context.ts'

/** The addresses that long-running operations are polled at. */
export const operationHandler: Handler = async (request, context) => {
  const path = request.path.toLowerCase()
  const isStatus = path.includes(`/${statusPath.toLowerCase()}/`)
  if (!isStatus && !path.includes(`/${resultPath.toLowerCase()}/`)) return undefined
  demandRead(request)
  const id = lastSegment(request.path)
  const operation = await context.operations.ask(id, request.caller)
  if (operation === undefined) throw refusal(404, 'OperationNotFound', `The operation '${id}' was not found.`)
  const { status, result, error, startTime, endTime } = operation
  const running = status === 'InProgress'
  if (isStatus) {
    const times = { startTime, ...(endTime === undefined ? {} : { endTime }) }
    const failed = error === undefined ? {} : { error }
    const done = result === undefined ? {} : { properties: result }
    return Response.json(
      { id: request.path, name: id, status, ...times, ...failed, ...done },
      { headers: running ? { 'Retry-After': '1' } : {} },
    )
  }
  if (running)
    return new Response(null, {
      status: 202,
      headers: {
        Location: request.exchange.base + request.exchange.url.pathname + request.exchange.url.search,
        'Retry-After': '1',
      },
    })
  if (error !== undefined) return Response.json({ error }, { status: 409 })
  return result === undefined ? new Response(null, { status: 200 }) : Response.json(result)
}
