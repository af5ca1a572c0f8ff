/** What one line of an issue is to somebody who looks for headings. */
interface ClassifiedLine {
  readonly text: string
  /** Inside a fenced code block, or one of its fences: such a line is never a heading. */
  readonly fenced: boolean
  /** The text of the heading, when the line is an ATX heading of any level. */
  readonly heading: string | undefined
}

/** The lines of a text, and the line on which a code block begins that has no end. */
export interface ClassifiedText {
  readonly lines: readonly ClassifiedLine[]
  readonly unclosedFence: number | undefined
}

/** Text with the line endings of a browser as text with ordinary ones. */
export const withoutCarriageReturns = (text: string): string => text.replaceAll('\r\n', '\n')

/**
 * The text of an ATX heading, as CommonMark trims it, or undefined for any other line.
 * https://spec.commonmark.org/0.31.2/#atx-headings
 */
export function headingOf(line: string): string | undefined {
  const text = /^ {0,3}#{1,6}[ \t]+(?<text>.*)$/.exec(line)?.groups?.['text']?.trim()
  return text === undefined ? undefined : withoutClosingMarks(text)
}

/** Counts back instead of matching, because a pattern would take quadratic time on a long line. */
function withoutClosingMarks(text: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === '#') end -= 1
  const isClosing = end < text.length && (end === 0 || /[ \t]/.test(text.charAt(end - 1)))
  return isClosing ? text.slice(0, end).trim() : text
}

interface Fence {
  readonly mark: string
  readonly length: number
  readonly line: number
}

/** Tells headings from the inside of code blocks. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function classifyLines(texts: readonly string[]): ClassifiedText {
  let open: Fence | undefined
  const lines = texts.map((text, line): ClassifiedLine => {
    if (open !== undefined) {
      if (closes(text, open)) open = undefined
      return { text, fenced: true, heading: headingOf(text) }
    }
    open = openingFence(text, line)
    return { text, fenced: open !== undefined, heading: headingOf(text) }
  })
  return { lines, unclosedFence: open?.line }
}

function openingFence(text: string, line: number): Fence | undefined {
  const match = /^ {0,3}(?<run>`{3,}(?=[^`]*$)|~{3,})/.exec(text)
  const run = match?.groups?.['run']
  return run === undefined ? undefined : { mark: run.charAt(0), length: run.length, line }
}

function closes(text: string, { mark, length }: Fence): boolean {
  const run = /^ {0,3}(?<run>`{3,}|~{3,})[ \t]*$/.exec(text)?.groups?.['run']
  return run?.startsWith(mark) === true && run.length >= length
}
