/** Why Azure refuses something, and what to do about it. Both are plain sentences. */
export interface Explanation {
  readonly why: string
  readonly fix: string
  readonly more?: string
}

/** One error of Azure's: a code, and what it says. */
export interface CodedMessage {
  readonly code: string
  readonly message: string
}

/** What an explanation is for. Codes are compared exactly: Azure spells them always the same way. */
export interface Explained extends Explanation {
  readonly codes: readonly string[]
  /** What the message says, where one code means several things. */
  readonly says?: RegExp
}

/** The explanation of an error; undefined when none is for it. The first that fits counts: particular ones stand first. */
export const explanationIn = (
  all: readonly Explained[],
  { code, message }: CodedMessage,
): Explanation | undefined =>
  all.find(({ codes, says }) => codes.includes(code) && (says === undefined || says.test(message)))
