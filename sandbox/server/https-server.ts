import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { CertificateChain } from './certificates.ts'
import type { Outcome } from './dispatch.ts'

/** A running server. */
export interface RunningServer {
  readonly port: number
  /** Stops listening and ends the connections that clients keep open. Resolves when all of them are closed. */
  close(): Promise<void>
}

/** What the server needs. */
export interface HttpsServerOptions {
  readonly chain: CertificateChain
  /** 0 takes any free port. */
  readonly port: number
  readonly serve: (request: Request) => Promise<Outcome>
  /** Longest body of a request, in bytes. */
  readonly maximumBody: number
}

/** Serves HTTPS on 127.0.0.1. @throws Error when the port is taken or may not be opened */
export async function listen(options: HttpsServerOptions): Promise<RunningServer> {
  const listener = getRequestListener(
    async (request, env) => {
      const bounded = await withBoundedBody(request, options.maximumBody)
      if (bounded instanceof Response) return bounded
      const outcome = await options.serve(bounded)
      if (outcome.kind === 'answer') return outcome.response
      await breakOff(outcome, env as HttpBindings)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false },
  )
  const server = createServer(
    { key: options.chain.key, cert: options.chain.certificates, keepAlive: true },
    (incoming, outgoing) => {
      void listener(incoming, outgoing)
    },
  )
  server.keepAliveTimeout = 60_000
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        // Also those that have not agreed on TLS yet, which `closeAllConnections` does not know.
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Ends a connection in the way in which the outcome says that it ends. */
async function breakOff(
  outcome: Exclude<Outcome, { kind: 'answer' }>,
  { incoming, outgoing }: HttpBindings,
): Promise<void> {
  const { socket } = incoming
  if (outcome.kind === 'stall') {
    await new Promise((resolve) => socket.once('close', resolve))
    return
  }
  if (outcome.kind === 'cut') {
    const { status, headers } = outcome.response
    const body = Buffer.from(await outcome.response.arrayBuffer())
    outgoing.writeHead(status, { ...Object.fromEntries(headers), 'content-length': body.length + 1 })
    await new Promise((resolve) => outgoing.write(body.subarray(0, body.length / 2), resolve))
  }
  socket.destroy()
}

/** The same request with its body in memory, or the refusal of a body that is too long. */
async function withBoundedBody(request: Request, maximum: number): Promise<Request | Response> {
  if (request.method === 'GET' || request.method === 'HEAD') return request
  if (Number(request.headers.get('content-length') ?? 0) > maximum) return tooLarge(maximum)
  const chunks: Uint8Array[] = []
  let size = 0
  if (request.body) {
    for await (const chunk of request.body) {
      size += chunk.byteLength
      if (size > maximum) return tooLarge(maximum)
      chunks.push(chunk)
    }
  }
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: size === 0 ? null : Buffer.concat(chunks),
  })
}

function tooLarge(maximum: number): Response {
  const message = `The request's body is longer than ${maximum} bytes.`
  return Response.json({ error: { code: 'RequestContentTooLarge', message } }, { status: 413 })
}
