import { type Location, UserError } from '../diagnostics/user-error.ts'

/** One thing wrong with a document, found before anything is called. */
export interface Fault {
  /** Where to look. */
  readonly location: Location
  /** The key, e.g. `environments.dev.network.addressSpace.0`; empty for the document as a whole. */
  readonly path: string
  /** What stands there, safe to print. */
  readonly found: string
  /** What may stand there, in words. */
  readonly allowed: string
  /** The known key or value that was probably meant. */
  readonly nearest?: string
  /** All of it in one or two sentences, without the place. */
  readonly sentence: string
}

/** A step into a document: a key of an object, or an index of a list. */
export type Path = readonly (string | number)[]

/** What a fault is made of, besides its place. */
export interface FaultParts {
  readonly found: string
  readonly allowed: string
  readonly nearest?: string | undefined
  readonly sentence: string
}

/** A document that can be used, or everything that is wrong with it. */
export type Loaded<T> =
  | { readonly kind: 'document'; readonly document: T }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }

/** A path as people write it. */
export const dotted = (path: Path): string => path.join('.')

/** Orders faults as a reader meets them, each only once. */
export function sortFaults(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>()
  const isNew = ({ path, sentence }: Fault): boolean => {
    const key = `${path}\n${sentence}`
    return !seen.has(key) && seen.add(key) !== undefined
  }
  return faults
    .filter(isNew)
    .toSorted((a, b) => a.location.line - b.location.line || a.location.column - b.location.column)
}

/** One error per fault, each with its own place: for annotations. */
export const faultsToErrors = (faults: readonly Fault[]): readonly UserError[] =>
  faults.map(({ location, sentence }) => new UserError({ what: sentence, where: location }))

/** Nobody mends more at once, and a message has to fit into a log. */
const mostFaultsListed = 50

/**
 * One error that lists the faults, at most 50 of them, placed at the first: for a run that ends with exactly one message.
 * @param faults at least one
 */
export function faultsToError(faults: readonly Fault[]): UserError {
  const [first, ...others] = faults
  if (first === undefined) throw new RangeError('There is no fault to report.')
  if (others.length === 0) return new UserError({ what: first.sentence, where: first.location })
  return new UserError({
    what: first.sentence,
    where: first.location,
    why: [
      `There ${others.length === 1 ? 'is 1 more fault' : `are ${others.length} more faults`} in this file.`,
      ...others
        .slice(0, mostFaultsListed - 1)
        .map(({ location, sentence }) => `Line ${location.line}, column ${location.column}: ${sentence}`),
      ...(faults.length > mostFaultsListed ? [`The first ${mostFaultsListed} are listed here.`] : []),
    ].join(' '),
  })
}

/**
 * The document, when it can be used.
 * @throws UserError with every fault
 */
export function documentOf<T>(loaded: Loaded<T>): T {
  if (loaded.kind === 'faults') throw faultsToError(loaded.faults)
  return loaded.document
}

/** Untrusted text made safe for one line of a message: control characters escaped, long text cut. */
export function printable(text: string, maxLength = 60): string {
  const escaped = text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return escaped.length <= maxLength ? escaped : `${escaped.slice(0, maxLength - 1)}…`
}
