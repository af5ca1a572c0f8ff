import type { Client, Context } from '@microsoft/microsoft-graph-client'
import { z } from 'zod'
import { call, requestLabel, temporaryFailure } from './call.ts'
import { type Answer, AzureError, failureOf, isMissing, UnexpectedResponse } from './failure.ts'
import { type Destination, send } from './pipeline.ts'
import type { Session } from './session.ts'

/** A request to Microsoft Graph that changes something. */
export interface GraphChange {
  readonly method: 'PATCH' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Microsoft Graph. Paths begin after the version. Answers are checked by the schema of what is read of them.
 * @throws AzureError, with status 404 when there is nothing at the path
 */
export interface Graph {
  readonly get: <T>(path: string, schema: z.ZodType<T>) => Promise<T>
  /** All pages of a list. */
  readonly list: <T>(path: string, item: z.ZodType<T>) => Promise<readonly T[]>
  /** Reads many paths at once. @returns what is there, in the same order; undefined where there is nothing */
  readonly getMany: (paths: readonly string[]) => Promise<readonly unknown[]>
  /** @returns the id of the object that was created; undefined when none was */
  readonly write: (change: GraphChange) => Promise<string | undefined>
}

const serviceName = 'Graph'

/** More pages than any list has that is read here. */
const mostPages = 100

/** https://learn.microsoft.com/graph/json-batching */
const requestsPerBatch = 20

const batchSchema = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
})

/** A change is answered with the object that was created, or with nothing. */
const written = z.object({ id: z.string() }).optional()

/** Opens Microsoft Graph with Microsoft's client, whose requests go through the same pipeline as all others. */
export async function openGraph(session: Session): Promise<Graph> {
  const [{ Client, GraphClientError }, { bearerTokenAuthenticationPolicy, createPipelineFromOptions }] =
    await Promise.all([import('@microsoft/microsoft-graph-client'), import('@azure/core-rest-pipeline')])
  const { graph: endpoint, graphScope: scope } = session.cloud
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: session.userAgent },
    retryOptions: { maxRetries: 0 },
  })
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: session.credential, scopes: scope }))
  const client = Client.initWithMiddleware({
    baseUrl: `${endpoint}/`,
    defaultVersion: 'v1.0',
    middleware: {
      execute: async (context) => {
        try {
          context.response = toResponse(await sendContext({ pipeline, endpoint }, context))
        } catch (cause) {
          // Of any other error the client keeps neither the code nor the cause.
          throw Object.assign(new GraphClientError(), { cause })
        }
      },
    },
  })
  const exchange = (
    method: string,
    path: string,
    request: (client: Client, signal: AbortSignal) => Promise<unknown>,
  ) =>
    call(session, { name: serviceName, scope }, requestLabel(method, path), async (signal) => {
      try {
        return await request(client, signal)
      } catch (error) {
        throw error instanceof GraphClientError ? error.cause : error
      }
    })
  const get = (path: string): Promise<unknown> =>
    exchange('GET', path, (at, signal) => at.api(path).option('signal', signal).get())
  /** A request in the batch that fails for now is repeated, with others of its kind, as a request of its own is. */
  const readBatch = (batch: readonly string[], found: Map<string, unknown>) =>
    exchange('POST', '$batch', async (at, signal) => {
      const open = batch.filter((path) => !found.has(path))
      const requests = open.map((url, index) => ({ id: String(index), method: 'GET', url }))
      const answer: unknown = await at.api('/$batch').option('signal', signal).post({ requests })
      takeAnswers(open, batchSchema.parse(answer), found)
    })

  return {
    get: async (path, schema) => schema.parse(await get(path)),
    list: async (path, item) => {
      const page = z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() })
      const items = []
      let next: string | undefined = path
      for (let count = 1; next !== undefined; count += 1) {
        if (count > mostPages) throw new UnexpectedResponse(`the list did not end after ${mostPages} pages`)
        const { value, '@odata.nextLink': nextLink }: z.infer<typeof page> = page.parse(await get(next))
        items.push(...value)
        next = nextLink
      }
      return items
    },
    getMany: async (paths) => {
      const found = new Map<string, unknown>()
      const distinct = [...new Set(paths)]
      for (let start = 0; start < distinct.length; start += requestsPerBatch) {
        await readBatch(distinct.slice(start, start + requestsPerBatch), found)
      }
      return paths.map((path) => found.get(path))
    },
    write: async ({ method, path, body, headers = {} }) => {
      const answer = await exchange(method, path, (at, signal) => {
        const request = at
          .api(path)
          .headers({ ...headers })
          .option('signal', signal)
        if (method === 'DELETE') return request.delete()
        return method === 'PATCH' ? request.patch(body) : request.post(body)
      })
      return written.parse(answer)?.id
    },
  }
}

const noSignal = new AbortController().signal

/** The request as the client has put it together. */
function sendContext(destination: Destination, { request, options = {} }: Context): Promise<Answer> {
  const { method = 'GET', headers, body, signal } = options
  return send(destination, {
    method: methodSchema.parse(method),
    url: String(request),
    headers: Object.fromEntries(new Headers(headers)),
    ...(typeof body === 'string' ? { body } : {}),
    signal: signal ?? noSignal,
  })
}

const methodSchema = z.enum(['GET', 'POST', 'PATCH', 'DELETE'])

/** An answer in the form in which the client takes one. */
const toResponse = ({ status, body }: Answer): Response =>
  body === undefined ? new Response(null, { status: 204 }) : Response.json(body, { status })

/** @throws the failure that repeating would not change, else the one that has to be waited for the longest */
function takeAnswers(
  open: readonly string[],
  { responses }: z.infer<typeof batchSchema>,
  found: Map<string, unknown>,
): void {
  const failures: AzureError[] = []
  for (const [index, path] of open.entries()) {
    const answer = responses.find(({ id }) => id === String(index))
    if (answer === undefined) throw new UnexpectedResponse('a request of the batch has no response')
    if (answer.status < 300) {
      found.set(path, answer.body)
      continue
    }
    const failure = failureOfItem(answer)
    if (isMissing(failure)) found.set(path, undefined)
    else failures.push(failure)
  }
  const permanent = failures.find((failure) => temporaryFailure(failure, serviceName) === undefined)
  const [longest] = failures.toSorted((a, b) => (b.failure.retryAfter ?? 0) - (a.failure.retryAfter ?? 0))
  const failure = permanent ?? longest
  if (failure !== undefined) throw failure
}

function failureOfItem({
  status,
  headers,
  body,
}: z.infer<typeof batchSchema>['responses'][number]): AzureError {
  const known = new Headers(headers ?? {})
  return new AzureError(failureOf({ status, header: (name) => known.get(name) ?? undefined, body }))
}
