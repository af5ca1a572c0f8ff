import { type Location, type SingleFault, UserError, type UserErrorParts } from './user-error.ts'

/**
 * One thing that is wrong with what a person wrote (a document, an input, an issue) or with what it names. Faults are
 * collected, so that a person sees all of them at once. Text of others in them is escaped.
 */
export interface Fault extends Pick<UserErrorParts, 'what' | 'where' | 'why' | 'fix'> {
  /** The key of a document, e.g. `network.subnets.aca2`, or the label of a form's field; absent for the whole. */
  readonly key?: string
  /** What is there. */
  readonly found?: string
}

/** What a fault in a document is made of, besides its place. */
export interface FaultParts {
  /** All of it, in one or two sentences. */
  readonly what: string
  readonly found: string
  /** What may be there, in words. */
  readonly allowed: string
  /** The known key or value that was probably meant. */
  readonly nearest?: string | undefined
}

/** A fault in a document. Its `what` says all; a program may want the parts. */
export interface DocumentFault extends FaultParts {
  readonly where: Location
  readonly key: string
}

/** A step into a document: a key of an object, or an index of a list. */
export type Path = readonly (string | number)[]

/** A path as people write it. */
export const dotted = (path: Path): string => path.join('.')

/** Orders faults as a reader meets them, each only once. */
export function sortFaults(faults: readonly DocumentFault[]): readonly DocumentFault[] {
  const seen = new Set<string>()
  const isNew = ({ key, what }: DocumentFault): boolean => {
    const id = `${key}\n${what}`
    return !seen.has(id) && seen.add(id) !== undefined
  }
  return faults
    .filter(isNew)
    .toSorted((a, b) => a.where.line - b.where.line || a.where.column - b.where.column)
}

/** Nobody fixes more at once, and a message has to fit into a log. */
const mostFaultsOfDocument = 50

/**
 * One error that lists the faults of a document, at most 50 of them, placed at the first.
 * @param faults at least one
 */
export function documentError(faults: readonly DocumentFault[]): UserError {
  const [first, ...others] = faults
  if (first === undefined) throw new RangeError('There is no fault to report.')
  const { what, where } = first
  if (others.length === 0) return new UserError({ what, where })
  return new UserError({
    what,
    where,
    faults: faults.map(asSingleFault),
    why: [
      `There ${others.length === 1 ? 'is 1 more fault' : `are ${others.length} more faults`} in this file.`,
      ...others
        .slice(0, mostFaultsOfDocument - 1)
        .map((other) => `Line ${other.where.line}, column ${other.where.column}: ${other.what}`),
      ...(faults.length > mostFaultsOfDocument ? [`The first ${mostFaultsOfDocument} are listed here.`] : []),
    ].join(' '),
  })
}

/** What may be there is how to fix it. */
const asSingleFault = ({ what, where, allowed, nearest }: DocumentFault): SingleFault => ({
  what,
  where,
  fix: nearest === undefined ? `Allowed: ${allowed}` : `Write '${nearest}'?`,
})

const mostFaultsOfInput = 10

/** What is wrong with one line of an input, which counts from 1. */
export interface LineFault extends Pick<Fault, 'what'> {
  readonly line: number
}

/**
 * Refuses an input with all that is wrong with it. Does nothing without faults.
 * @param fix what the input should look like, a sentence
 * @throws UserError with the first ten faults, each with its line and only once
 */
export function refuseInput(input: string, faults: readonly LineFault[], fix: string): void {
  if (faults.length === 0) return
  const all = [...new Set(faults.map(({ line, what }) => `Line ${line}: ${what}`))]
  const listed = all.slice(0, mostFaultsOfInput)
  const more = all.length - listed.length
  throw new UserError({
    what: `Input '${input}' cannot be read. ${listed.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
    fix,
    ...(all.length > 1 && { faults: all.map((what) => ({ what, fix })) }),
  })
}

/**
 * Several faults as one error, each in full, the first ten of them; one alone stays as it is.
 * @param title the beginning of a sentence, e.g. `The subnets of the project have`
 * @param faults at least one
 */
export function combinedError(title: string, faults: readonly Fault[]): UserError {
  const [first, ...others] = faults
  if (first === undefined) throw new RangeError('There is no fault to report.')
  if (others.length === 0) return new UserError(first)
  const listed = faults
    .slice(0, mostFaultsOfInput)
    .map((fault, index) => `(${index + 1}) ${new UserError(fault).message}`)
  const more = faults.length - listed.length
  const where = faults.find((fault) => fault.where !== undefined)?.where
  return new UserError({
    what: `${title} ${faults.length} faults:`,
    ...(where === undefined ? {} : { where }),
    faults: faults.map(({ key: _key, found: _found, ...fault }) => fault),
    why: [...listed, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
  })
}

/** A fault in a request as plain sentences, for a log or an error message. */
export const describeFault = ({ key, what, found, fix }: Fault): string =>
  [key === undefined ? what : `${key}: ${what}`, found === undefined ? undefined : `Found "${found}".`, fix]
    .filter((sentence) => sentence !== undefined)
    .join(' ')

const mostFaultsOfRequest = 25

/** As many faults of a request as fit into one comment, and at the end how many more there are. */
export function asManyAsFit(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length <= mostFaultsOfRequest) return faults
  const more = faults.length - mostFaultsOfRequest + 1
  return [
    ...faults.slice(0, mostFaultsOfRequest - 1),
    { what: `There are ${more} more faults.`, fix: 'Correct these first.' },
  ]
}
