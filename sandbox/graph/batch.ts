import { GraphError, refusals } from './errors.ts'
import { type GraphRequest, type GraphResponse, objectBody } from './http.ts'

/** https://learn.microsoft.com/graph/json-batching */
const maximumRequests = 20

interface BatchItem {
  readonly id: string
  readonly method: string
  /** Relative to the version, e.g. `/groups?$top=5`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly dependsOn: readonly string[]
}

/** Answers one request of a batch. */
export type BatchHandler = (item: {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: unknown
}) => Promise<GraphResponse>

/**
 * `POST /$batch`: each request gets its own answer, and the batch itself succeeds unless it is malformed. What depends
 * on a failed request is not tried and gets 424. Answers come in the order in which they were ready, not as asked.
 * @throws GraphError 400 for a malformed batch
 */
export async function batch(request: GraphRequest, handle: BatchHandler): Promise<GraphResponse> {
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  const items = readItems(objectBody(request)['requests'])
  const answers = new Map<string, GraphResponse>()
  let open = items
  while (open.length > 0) {
    const isReady = (item: BatchItem): boolean => item.dependsOn.every((id) => answers.has(id))
    const ready = open.filter(isReady)
    if (ready.length === 0) throw refusals.badRequest('Invalid batch: the dependencies form a circle.')
    for (const item of ready.toReversed()) {
      const isHeld = item.dependsOn.some((id) => (answers.get(id)?.status ?? 0) >= 400)
      answers.set(
        item.id,
        isHeld ? failedDependency : await handle({ ...item, headers: new Headers(item.headers) }),
      )
    }
    open = open.filter((item) => !answers.has(item.id))
  }
  const responses = [...answers].map(([id, answer]) => ({
    id,
    status: answer.status,
    headers: { ...(answer.body !== undefined && { 'Content-Type': 'application/json' }), ...answer.headers },
    ...(answer.body !== undefined && { body: answer.body }),
  }))
  return { status: 200, body: { responses } }
}

const failedDependency: GraphResponse = {
  status: 424,
  body: { error: { code: 'FailedDependency', message: 'A request that this one depends on failed.' } },
}

function readItems(value: unknown): readonly BatchItem[] {
  if (!Array.isArray(value)) throw malformed("'requests' must be a list.")
  if (value.length > maximumRequests) {
    throw malformed(`Number of batch request steps exceeds the maximum value of ${maximumRequests}.`)
  }
  const items = value.map(readItem)
  const ids = new Set(items.map((item) => item.id))
  if (ids.size < items.length) throw malformed('The ids of the requests must differ.')
  const stranger = items.flatMap((item) => item.dependsOn).find((id) => !ids.has(id))
  if (stranger !== undefined) throw malformed(`'dependsOn' names '${stranger}', which is not in the batch.`)
  return items
}

function readItem(value: unknown): BatchItem {
  if (typeof value !== 'object' || value === null) throw malformed('Each request must be an object.')
  const { id, method, url, headers, body, dependsOn } = value as Record<string, unknown>
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') {
    throw malformed("Each request must have 'id', 'method' and 'url'.")
  }
  return {
    id,
    method: method.toUpperCase(),
    url: url.startsWith('/') ? url : `/${url}`,
    headers: readHeaders(headers),
    body,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  }
}

function readHeaders(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(value ?? {})
  if (entries.some(([, text]) => typeof text !== 'string'))
    throw malformed("'headers' must be an object of texts.")
  return Object.fromEntries(entries)
}

function malformed(detail: string): GraphError {
  return new GraphError(400, 'BadRequest', `Invalid batch payload format: ${detail}`)
}
