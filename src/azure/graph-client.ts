import type { Client, Context, Middleware } from '@microsoft/microsoft-graph-client'
import { readFailure } from './failure.ts'
import type { Session } from './session.ts'

/**
 * Sends a request. Of a connection that failed, the client keeps the cause only in the shape of an answer from Graph.
 */
const transport: Middleware = {
  execute: async (context: Context) => {
    try {
      context.response = await fetch(context.request, context.options)
    } catch (cause) {
      const { code, message } = readFailure(cause)
      throw Object.assign(new Error(message, { cause }), { error: { code, message } })
    }
  },
}

/** Microsoft's client for Graph, signed in. It tries again by itself after 429, 503 and 504. */
export async function graphClient(session: Session): Promise<Client> {
  const { AuthenticationHandler, Client, RetryHandler, TelemetryHandler } = await import(
    '@microsoft/microsoft-graph-client'
  )
  const { graph, graphScope } = session.cloud
  const getAccessToken = async () => (await session.credential.getToken(graphScope))?.token ?? ''
  return Client.initWithMiddleware({
    baseUrl: `${graph}/`,
    defaultVersion: 'v1.0',
    // The client adds a token only for hosts it knows.
    customHosts: new Set([new URL(graph).hostname]),
    middleware: [
      new AuthenticationHandler({ getAccessToken }),
      new RetryHandler(),
      new TelemetryHandler(),
      transport,
    ],
    fetchOptions: { headers: { 'User-Agent': session.userAgent } },
  })
}
