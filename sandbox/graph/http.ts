import type { Clock, Identifiers } from '../contracts.ts'
import type { DirectoryStore } from '../entra/directory.ts'
import { refusals } from './errors.ts'
import type { Rights } from './rights.ts'

/** A part of the path: `groups`, `groups(uniqueName='x')`, or the id of something. */
export interface Segment {
  /** Decoded, without the key in parentheses. */
  readonly name: string
  readonly key?: { readonly property: string; readonly value: string }
}

/** A request to Microsoft Graph, alone or out of a batch. */
export interface GraphRequest {
  readonly method: string
  /** Path below `/v1.0`. */
  readonly segments: readonly Segment[]
  readonly query: URLSearchParams
  readonly headers: Headers
  /** Parsed JSON; `undefined` when there is none. */
  readonly body: unknown
  /** What its sender may do. */
  readonly rights: Rights
  /** `https://…/graph/v1.0` */
  readonly root: string
  /** Path and query below the root, as sent. */
  readonly address: string
}

/** What the handlers of requests work with. */
export interface GraphContext {
  readonly directory: DirectoryStore
  readonly clock: Clock
  readonly identifiers: Identifiers
}

/** What a key in parentheses, or the segment behind a collection, names. */
export type Key = Required<Segment>['key']

/** What Graph answers. */
export interface GraphResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Splits `groups(uniqueName='x')/members/$ref` into its segments. @throws GraphError 400 */
export function parseSegments(path: string): readonly Segment[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => parseSegment(decode(part)))
}

function parseSegment(text: string): Segment {
  const match = /^([A-Za-z]+)\((?:([A-Za-z]+)=)?'((?:[^']|'')*)'\)$/.exec(text)
  if (!match) return { name: text }
  const [, name = '', property = 'id', value = ''] = match
  return { name, key: { property, value: value.replaceAll("''", "'") } }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw refusals.badRequest('The request URI is not valid.')
  }
}

/** The body as an object. @throws GraphError 400 when it is anything else */
export function objectBody(request: GraphRequest): Readonly<Record<string, unknown>> {
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusals.malformedBody()
  return body as Readonly<Record<string, unknown>>
}

/** @throws GraphError 405 for anything but reading */
export function demandRead(request: GraphRequest): void {
  if (request.method !== 'GET') throw refusals.noMethod(request.method)
}

/** Success without a body. */
export const noContent: GraphResponse = { status: 204 }
