/** One thing in a request that cannot be accepted, told so that the person who wrote it can mend it. */
export interface Fault {
  /** The label of the field as the form shows it; absent when the fault concerns the request as a whole. */
  readonly label?: string
  /** One sentence: what is wrong. Holds no text of the requester. */
  readonly problem: string
  /** What was found, made printable and short. Show it only as {@link codeSpan}. */
  readonly found?: string
  /** One sentence: what is allowed, or what to do. */
  readonly allowed: string
}

const longestQuotation = 60

/**
 * Somebody else's text on one line: control characters and invisible characters become visible escapes, and what is
 * long is shortened. The result can be printed to a log; for Markdown it still needs {@link codeSpan}.
 */
export function printable(text: string, longest: number = longestQuotation): string {
  const shown = Array.from(text.slice(0, longest * 2), escapeCharacter)
  const short = shown.length > longest || text.length > longest * 2
  return short ? `${shown.slice(0, longest - 1).join('')}…` : shown.join('')
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '⏎'
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/**
 * Printable text as a Markdown code span that it cannot break out of: inside, nothing is a link, a mention or HTML.
 * https://spec.commonmark.org/0.31.2/#code-spans
 */
export function codeSpan(text: string): string {
  const shown = printable(text, Number.MAX_SAFE_INTEGER)
  const longestRun = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longestRun + 1)
  const padding = /^`|`$|^ .* $/u.test(shown) || shown === '' ? ' ' : ''
  return `${fence}${padding}${shown}${padding}${fence}`
}

/** A fault as one plain sentence or two, for a log or an error message. */
export function describeFault({ label, problem, found, allowed }: Fault): string {
  const where = label === undefined ? '' : `${label}: `
  const what = found === undefined ? '' : ` Found "${found}".`
  return `${where}${problem}${what} ${allowed}`
}

const mostFaults = 25

/** As many faults as fit into one answer, and at the end how many more there are. */
export function asManyAsFit(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length <= mostFaults) return faults
  const more = faults.length - mostFaults + 1
  return [
    ...faults.slice(0, mostFaults - 1),
    { problem: `There are ${more} more faults.`, allowed: 'Correct these first.' },
  ]
}
