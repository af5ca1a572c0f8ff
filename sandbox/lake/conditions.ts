/**
 * The conditional headers, for a path that exists.
 * https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
 */
import { StorageError } from './errors.ts'
import type { PathNode } from './tree.ts'

/** What is compared: an ETag in quotes, and when it was last changed. */
interface Version {
  readonly etag: string
  readonly modifiedAt: Date
}

interface Conditions {
  readonly match: string | null
  readonly noneMatch: string | null
  readonly modifiedSince: number | null
  readonly unmodifiedSince: number | null
}

/** Headers count in whole seconds. */
const secondsOf = (text: string | null): number | null => {
  if (text === null) return null
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new StorageError('InvalidHeaderValue')
  return Math.floor(time / 1000)
}

const conditionsOf = (headers: Headers, prefix = ''): Conditions => ({
  match: headers.get(`${prefix}if-match`),
  noneMatch: headers.get(`${prefix}if-none-match`),
  modifiedSince: secondsOf(headers.get(`${prefix}if-modified-since`)),
  unmodifiedSince: secondsOf(headers.get(`${prefix}if-unmodified-since`)),
})

const unquoted = (etag: string): string => etag.replace(/^(?:W\/)?"?|"?$/g, '')

const isAmong = (header: string, { etag }: Version): boolean =>
  header.split(',').some((one) => one.trim() === '*' || unquoted(one.trim()) === unquoted(etag))

const isNewer = ({ modifiedAt }: Version, seconds: number): boolean =>
  Math.floor(modifiedAt.getTime() / 1000) > seconds

/**
 * A call that reads: `If-Match && If-Unmodified-Since && (If-None-Match || If-Modified-Since)`. Of the last two either
 * suffices.
 * @throws StorageError 412 `ConditionNotMet` for the first two, the same as 304 for the last two, 400
 * `UnsatisfiableCondition` for `If-None-Match: *`
 */
export const checkRead = (headers: Headers, node: PathNode): void => {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditionsOf(headers)
  if (noneMatch?.trim() === '*') throw new StorageError('UnsatisfiableCondition')
  if (match !== null && !isAmong(match, node)) throw new StorageError('ConditionNotMet')
  if (unmodifiedSince !== null && isNewer(node, unmodifiedSince)) throw new StorageError('ConditionNotMet')
  const differs = noneMatch === null ? undefined : !isAmong(noneMatch, node)
  const changed = modifiedSince === null ? undefined : isNewer(node, modifiedSince)
  if ((differs ?? changed) === undefined || differs === true || changed === true) return
  throw new StorageError('ConditionNotMet', undefined, 304)
}

/**
 * A call that writes takes one condition, or an ETag together with its time, of which the ETag then decides alone.
 * @throws StorageError 400 `MultipleConditionHeadersNotSupported`
 */
const demandFew = ({ match, noneMatch, modifiedSince, unmodifiedSince }: Conditions): void => {
  const positive = match !== null || unmodifiedSince !== null
  const negative = noneMatch !== null || modifiedSince !== null
  const isList = [match, noneMatch].some((header) => header?.includes(',') ?? false)
  if ((positive && negative) || isList) throw new StorageError('MultipleConditionHeadersNotSupported')
}

const holds = (conditions: Conditions, version: Version): boolean => {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions
  if (match !== null) return isAmong(match, version)
  if (noneMatch !== null) return !isAmong(noneMatch, version)
  if (modifiedSince !== null) return isNewer(version, modifiedSince)
  return unmodifiedSince === null || !isNewer(version, unmodifiedSince)
}

/** A call that writes. @throws StorageError 412 `ConditionNotMet`, 400 for conditions that do not go together */
export const checkWrite = (headers: Headers, version: Version): void => {
  const conditions = conditionsOf(headers)
  demandFew(conditions)
  if (!holds(conditions, version)) throw new StorageError('ConditionNotMet')
}

/**
 * What a rename asks of its source, in headers of their own.
 * https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/create
 * @throws StorageError 412 `SourceConditionNotMet`
 */
export const checkSource = (headers: Headers, source: PathNode): void => {
  const conditions = conditionsOf(headers, 'x-ms-source-')
  demandFew(conditions)
  if (!holds(conditions, source)) throw new StorageError('SourceConditionNotMet')
}
