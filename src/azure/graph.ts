import type { Client, Context } from '@microsoft/microsoft-graph-client'
import { z } from 'zod'
import { call, requestLabel } from './call.ts'
import { type Answer, AzureError, isMissing, UnexpectedResponse } from './failure.ts'
import { type BatchOutcome, openBatches } from './graph-batch.ts'
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
 * Microsoft Graph. Paths begin after the version. What is read at the same time goes in one call. Answers are checked by
 * the schema of what is read of them.
 * @throws AzureError, with status 404 when there is nothing at the path
 */
export interface Graph {
  readonly get: <T>(path: string, schema: z.ZodType<T>) => Promise<T>
  /** All pages of a list. */
  readonly list: <T>(path: string, item: z.ZodType<T>) => Promise<readonly T[]>
  /** Reads many paths at once. @returns what is there, in the same order; undefined where there is nothing */
  readonly getMany: (paths: readonly string[]) => Promise<readonly unknown[]>
  /**
   * Makes changes in their order, many in one call.
   * @returns what became of each; that one is refused holds none of the others up
   */
  readonly writeInOrder: (changes: readonly GraphChange[]) => Promise<readonly BatchOutcome[]>
  /** @returns the id of the object that was created; undefined when none was */
  readonly write: (change: GraphChange) => Promise<string | undefined>
  /** Creates something. @returns what is read of the answer */
  readonly post: <T>(path: string, body: object, schema: z.ZodType<T>) => Promise<T>
}

const serviceName = 'Graph'

/** More pages than any list has that is read here. */
const mostPages = 100

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
  const withCause = async (request: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await request()
    } catch (error) {
      throw error instanceof GraphClientError ? error.cause : error
    }
  }
  const exchange = (
    method: string,
    path: string,
    request: (client: Client, signal: AbortSignal) => Promise<unknown>,
  ) =>
    call(session, { name: serviceName, scope }, requestLabel(method, path), (signal) =>
      withCause(() => request(client, signal)),
    )
  const batches = openBatches(session, { name: serviceName, scope }, async (body, signal) =>
    withCause(() => client.api('/$batch').option('signal', signal).post(body)),
  )
  /** Alone as it is; among others in one call with them. */
  const get = (path: string): Promise<unknown> => {
    const alone = () => exchange('GET', path, (at, signal) => at.api(path).option('signal', signal).get())
    const root = `${endpoint}/v1.0`
    const relative = path.startsWith(root) ? path.slice(root.length) : path
    return relative.startsWith('/') ? batches.read(relative, alone) : alone()
  }
  const write = ({ method, path, body, headers = {} }: GraphChange): Promise<unknown> =>
    exchange(method, path, (at, signal) => {
      const request = at
        .api(path)
        .headers({ ...headers })
        .option('signal', signal)
      if (method === 'DELETE') return request.delete()
      return method === 'PATCH' ? request.patch(body) : request.post(body)
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
    getMany: (paths) => Promise.all(paths.map((path) => batches.read(path).catch(nothingIfMissing))),
    writeInOrder: async (changes) => {
      const [only] = changes
      return only !== undefined && changes.length === 1
        ? [await outcomeOf(write(only))]
        : batches.inOrder(changes)
    },
    write: async (change) => written.parse(await write(change))?.id,
    post: async (path, body, schema) => schema.parse(await write({ method: 'POST', path, body })),
  }
}

async function outcomeOf(answer: Promise<unknown>): Promise<BatchOutcome> {
  try {
    return { kind: 'answered', body: await answer }
  } catch (error) {
    if (error instanceof AzureError) return { kind: 'refused', error }
    throw error
  }
}

function nothingIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
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
