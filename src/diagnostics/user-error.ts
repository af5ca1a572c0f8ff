/** A place in a document the user can edit. Lines and columns count from 1. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** One of several faults that an error is about. */
export interface SingleFault {
  readonly what: string
  readonly where?: Location
  readonly why?: string
  readonly fix?: string
}

/** The parts of an error a person can act on. Every part is one or two plain sentences. */
export interface UserErrorParts {
  /** What happened. */
  readonly what: string
  /** The place to change, which becomes the annotation's file and line. */
  readonly where?: Location
  /** The probable reason. */
  readonly why?: string
  /** What to do about it. */
  readonly fix?: string
  /** A link to read more. */
  readonly more?: string
  /** The single faults, when the error is about several: `what` and `why` sum them up. */
  readonly faults?: readonly SingleFault[]
  /** Azure's correlation or request id, for a support case. */
  readonly correlationId?: string
  readonly cause?: unknown
}

/**
 * A failure that is the user's to fix, as opposed to a defect of this project: it ends the run with exactly
 * these sentences and no stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly parts: UserErrorParts

  constructor(parts: UserErrorParts) {
    const { what, where, why, fix, more, correlationId } = parts
    const sentences = [
      where === undefined ? what : `${where.file}:${where.line}:${where.column}: ${what}`,
      why,
      fix,
      more === undefined ? undefined : `More: ${more}`,
      correlationId === undefined ? undefined : `Azure correlation id: ${correlationId}`,
    ]
    super(sentences.filter((sentence) => sentence !== undefined && sentence !== '').join(' '), {
      cause: parts.cause,
    })
    this.parts = parts
  }
}
