// Loaded before an action when its process begins (node --import): writes down what it asks services of and what they
// answer, one line each, into the file that AI_FACTORY_EXCHANGES names. No header, no value of an answer, no token is kept.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { ClientRequest, IncomingMessage } from 'node:http'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { type Exchange, exchangeOf } from './exchange.ts'

const file = process.env['AI_FACTORY_EXCHANGES'] ?? ''

/** Larger bodies have no form that anybody reads. */
const largest = 30_000_000

/** Where answers said that one asks about an operation, and which request that was of. */
const operations = new Map<string, NonNullable<Exchange['pollOf']>>()

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body),
  deflate: (body) => inflateSync(body),
  br: (body) => brotliDecompressSync(body),
}

function jsonOf(body: Buffer, encoding: string | undefined): unknown {
  try {
    return JSON.parse((decoders[encoding ?? ''] ?? ((same: Buffer) => same))(body).toString('utf8'))
  } catch {
    return undefined
  }
}

const write = (exchange: Exchange): void => appendFileSync(file, `${JSON.stringify(exchange)}\n`)

function urlOf(request: ClientRequest): string {
  const host = String(request.getHeader('host') ?? request.host)
  return new URL(request.path, `${request.protocol}//${host}`).href
}

function rememberOperation({ headers }: IncomingMessage, of: NonNullable<Exchange['pollOf']>): void {
  for (const name of ['azure-asyncoperation', 'location', 'operation-location']) {
    const address = headers[name]
    if (typeof address !== 'string' || !URL.canParse(address, of.url)) continue
    const { href } = new URL(address, of.url)
    if (href !== of.url && !operations.has(href)) operations.set(href, of)
  }
}

interface Item {
  readonly id?: unknown
  readonly status?: unknown
  readonly method?: unknown
  readonly url?: unknown
  readonly body?: unknown
}

const itemsIn = (body: unknown, key: string): readonly Item[] => {
  const found: unknown = Object.entries(Object(body)).find(([name]) => name === key)?.[1]
  return Array.isArray(found) ? found.map((item: unknown) => Object(item)) : []
}

type Time = Pick<Exchange, 'began' | 'ended'>

/** Counts what happens, one after the other. */
let moment = 0
const begun = new WeakMap<ClientRequest, number>()

function now(): number {
  moment += 1
  return moment
}

/** A batch is as many requests as it has. https://learn.microsoft.com/graph/json-batching */
function batchOf(url: string, time: Time, asked: unknown, answered: unknown): readonly Exchange[] {
  const answers = new Map(itemsIn(answered, 'responses').map((item) => [item.id, item]))
  return itemsIn(asked, 'requests').map(({ id, method, url: path }) => {
    const answer = answers.get(id)
    const whole = new URL(url.replace(/\/\$batch.*$/, `/${String(path).replace(/^\//, '')}`)).href
    return exchangeOf(
      { method: String(method), url: whole, status: Number(answer?.status ?? 0), ...time },
      answer?.body,
    )
  })
}

/** Collects what is pushed into a stream while others read it, and says when it ends. */
function collect(response: IncomingMessage, ended: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  const push = response.push.bind(response)
  response.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null) ended(Buffer.concat(chunks))
    else if (Buffer.isBuffer(chunk) && size < largest) {
      size += chunk.length
      chunks.push(chunk)
    }
    return push(chunk, encoding)
  }
}

/** What was sent with each request that is a batch. */
const sent = new WeakMap<ClientRequest, Buffer[]>()

function keepBody(request: ClientRequest): void {
  const chunks: Buffer[] = []
  sent.set(request, chunks)
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
  }
  const { write: writeOn, end } = request
  request.write = (...args: unknown[]): boolean => {
    keep(args[0])
    return Reflect.apply(writeOn, request, args)
  }
  request.end = (...args: unknown[]): ClientRequest => {
    keep(args[0])
    return Reflect.apply(end, request, args)
  }
}

function record(request: ClientRequest, response: IncomingMessage): void {
  const { method } = request
  const url = urlOf(request)
  const pollOf = operations.get(url)
  rememberOperation(response, pollOf ?? { method, url })
  collect(response, (bytes) => {
    const body = jsonOf(bytes, response.headers['content-encoding'])
    const time = { began: begun.get(request) ?? 0, ended: now() }
    const batch = sent.get(request)
    if (batch !== undefined)
      return batchOf(url, time, jsonOf(Buffer.concat(batch), undefined), body).forEach(write)
    const status = response.statusCode ?? 0
    write({ ...exchangeOf({ method, url, status, ...time }, body), ...(pollOf && { pollOf }) })
  })
}

/** https://nodejs.org/api/diagnostics_channel.html#http */
function listen(): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = Object(message)
    if (!(request instanceof ClientRequest)) return
    begun.set(request, now())
    if (request.path.endsWith('/$batch')) keepBody(request)
  })
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = Object(message)
    if (request instanceof ClientRequest && response instanceof IncomingMessage) record(request, response)
  })
}

if (file !== '') listen()
