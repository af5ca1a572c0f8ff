/** A table shows at most this many rows. */
const mostRows = 200
/** Bytes that the rows of one table may take; a few tables have to fit into one summary. */
const longestTable = 200_000
/** Characters of a line in a cell. */
const longestLine = 200

const zeroWidthSpace = '&#8203;'
const entity = (character: string): string => `&#${character.codePointAt(0)};`

/**
 * What Markdown, HTML and formulas are made of, and what GitHub makes a link of by itself. GitHub looks for mentions
 * and references in the rendered text, where an entity is a plain character again: they are broken by a space without
 * width.
 */
const active =
  /(?<reference>[@#]|GH-(?=\d))|(?<emoji>:(?=[\w+-]+:))|:(?=\/\/)|(?<=www)\.|[&<>\\`*_{}[\]()!|~+$^]/gi

/** Whatever is shown as nothing or as a blank, but for the blank at which no line breaks. */
const blanks = /(?:[\p{Cc}\p{Cf}\p{Cs}]|[^\S\u00a0])+/gu

function escapeMatch(match: string, reference: string | undefined, emoji: string | undefined): string {
  if (reference === undefined && emoji === undefined) return entity(match)
  const [first = ''] = match
  return /[@#]/.test(first) ? `${entity(first)}${zeroWidthSpace}` : `${match}${zeroWidthSpace}`
}

/**
 * Any text, escaped for a Markdown table cell: no markup, no mention, no reference to an issue, no link, no line
 * break, and at most `longest` characters of it.
 */
export function cell(text: string, longest = longestLine): string {
  const characters = [...text.replace(blanks, ' ').trim()]
  const cut = characters.length > longest ? [...characters.slice(0, longest), '…'] : characters
  return cut.join('').replace(active, escapeMatch)
}

/** What a cell holds: one line, or several. */
export type CellText = string | readonly string[]

const linesOf = (text: CellText): readonly string[] =>
  (typeof text === 'string' ? [text] : text).filter((line) => line !== '')

/**
 * A Markdown table; every cell is escaped. Rows beyond what a summary can hold are left out and counted below it,
 * columns in which no row says anything are left out.
 * @param longest characters of a line in a cell
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly CellText[])[],
  longest = longestLine,
): string {
  const filled = header.map((_, column) => rows.some((row) => linesOf(row[column] ?? '').length > 0))
  const line = (cells: readonly CellText[]): string =>
    `| ${cells
      .filter((_, column) => filled[column])
      .map((text) =>
        linesOf(text)
          .map((one) => cell(one, longest))
          .join('<br>'),
      )
      .join(' | ')} |`
  const shown: string[] = []
  let size = 0
  for (const row of rows.slice(0, mostRows)) {
    const next = line(row)
    size += Buffer.byteLength(next) + 1
    if (size > longestTable) break
    shown.push(next)
  }
  const rest = rows.length - shown.length
  const more = rest === 0 ? '' : `\n\n… and ${rest} more, not shown here.`
  return `${[
    line(header),
    `|${filled
      .filter(Boolean)
      .map(() => ' --- |')
      .join('')}`,
    ...shown,
  ].join('\n')}${more}`
}
