/**
 * Text from outside (an issue, a manifest, Azure's answers) as it may be shown: in a log, as a quotation in a sentence,
 * in Markdown.
 */

/** Characters that some comparisons of text pass over as if they were not there. */
const ignorable = /\p{Default_Ignorable_Code_Point}/u
const allIgnorable = new RegExp(ignorable, 'gu')

/** What the runner takes for a command at the start of a line, after blanks. */
const isCommand = (line: string): boolean => /^\s*::/.test(line.replaceAll(allIgnorable, ''))

/** The older form is a command anywhere in a line, so it loses its form. */
const olderCommand = /#(\p{Default_Ignorable_Code_Point}*)#(\p{Default_Ignorable_Code_Point}*)\[/gu

/**
 * Any text, escaped for a log: a line that the runner would take for a workflow command is shown with a bar before it,
 * `##[` as `## [`, control characters and those that turn the reading direction as `?`. Lines stay lines.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function escaped(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '?',
    )
    .replace(olderCommand, '#$1#$2 [')
    .split('\n')
    .map((line) => (isCommand(line) ? `│ ${line}` : line))
    .join('\n')
}

const longestQuotation = 60

const isGraphic = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)

/** What joins letters or pictures to one, in Persian, Hindi and emoji. */
const isJoiner = (character: string): boolean => character === '\u200c' || character === '\u200d'

const escapeSequence = (character: string): string =>
  character === '\n' ? '⏎' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/**
 * Any text on one line of a sentence: characters that are invisible or turn the reading direction become visible
 * escapes, and what is long is cut. For Markdown it still needs {@link codeSpan}.
 */
export function printable(text: string, longest: number = longestQuotation): string {
  const shown = Array.from(text.slice(0, longest * 2), (character) =>
    isGraphic(character) && !ignorable.test(character) ? character : escapeSequence(character),
  )
  const isCut = shown.length > longest || text.length > longest * 2
  return isCut ? `${shown.slice(0, longest - 1).join('')}…` : shown.join('')
}

/** The same in quotation marks. */
export const quoted = (text: string): string => `'${printable(text)}'`

/**
 * Any text as a Markdown code span that it cannot break out of: inside, nothing is a link, a mention or HTML. One line.
 * https://spec.commonmark.org/0.31.2/#code-spans
 */
export function codeSpan(text: string): string {
  const shown = Array.from(text, (character) =>
    isGraphic(character) || isJoiner(character) ? character : escapeSequence(character),
  ).join('')
  const longestRun = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longestRun + 1)
  const padding = /^`|`$|^ .* $/u.test(shown) || shown === '' ? ' ' : ''
  return `${fence}${padding}${shown}${padding}${fence}`
}
