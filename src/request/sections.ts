import type { Fault } from '../diagnostics/fault.ts'
import { asItLooks, findRefusedCharacters } from './characters.ts'
import type { Field, Form } from './form.ts'
import { type ClassifiedText, classifyLines } from './headings.ts'

/** The text below the heading of one field. */
export interface Section<Id extends string = string> {
  readonly field: Field<Id>
  /** Without blank lines before and after. */
  readonly lines: readonly string[]
}

/** The sections of an issue that can be trusted, and all that is wrong with how it is built. */
export interface Sections<Id extends string> {
  readonly sections: readonly Section<Id>[]
  readonly faults: readonly Fault[]
}

interface Span<Id extends string> {
  readonly field: Field<Id>
  /** The line of the heading, and the line after the last one that belongs to the field. */
  readonly start: number
  readonly end: number
}

/**
 * Divides an issue at the headings of its form, in the order of the form. A label is a heading once, at the place
 * where it is expected. Where the same label is found again, the text could be read in two ways, so it is refused
 * rather than read in one of them.
 * @param freeText the fields that may be in any language
 */
export function divideIssue<Id extends string>(
  form: Form<Id>,
  texts: readonly string[],
  freeText: readonly Id[],
): Sections<Id> {
  const classified = classifyLines(texts)
  const { spans, missing } = findSpans(form, classified)
  const spanAt = (line: number): Span<Id> | undefined => spans.findLast(({ start }) => start <= line)
  const labelAt = (line: number): { key?: string } => {
    const label = spanAt(line)?.field.label
    return label === undefined ? {} : { key: label }
  }

  /** A heading is the label of the form, exactly, case included. */
  const isFreeText = (line: number): boolean => {
    const span = spanAt(line)
    return span !== undefined && (line === span.start || freeText.includes(span.field.id))
  }

  const faults = [
    ...missing.map(missingHeading),
    ...textBefore(classified, spans[0]?.start ?? texts.length),
    ...repeatedLabels(form, classified, spans).map(({ line, repeated }) => ({
      ...labelAt(line),
      what: `The text holds the heading of the field "${repeated}" once more, so it is not clear which of the two is meant.`,
      fix: 'Each heading of the form may appear once. Write the text without that heading.',
    })),
    ...(classified.unclosedFence === undefined
      ? []
      : [
          {
            ...labelAt(classified.unclosedFence),
            what: 'A code block (``` or ~~~) begins here and never ends, so it swallows all that follows.',
            fix: 'End the code block with a line of its own, or take it out.',
          },
        ]),
    ...texts.flatMap((text, line) =>
      text.includes('<!--')
        ? [
            {
              ...labelAt(line),
              what: 'The text holds an HTML comment, which readers of the issue cannot see.',
              fix: 'Write without "<!--".',
            },
          ]
        : [],
    ),
    ...findRefusedCharacters(texts, isFreeText).map(({ line, codePoint, name }) => ({
      ...labelAt(line),
      what: `Line ${line + 1} of the issue holds ${name} (${codePoint}).`,
      fix: 'Type the text again by hand, with ordinary characters.',
    })),
  ]
  return { sections: missing.length === 0 ? spans.map((span) => sectionOf(span, texts)) : [], faults }
}

/** The place of every heading that is found in the order of the form; a field reaches to the next heading. */
function findSpans<Id extends string>(
  form: Form<Id>,
  { lines }: ClassifiedText,
): { readonly spans: readonly Span<Id>[]; readonly missing: readonly Field<Id>[] } {
  const found: { readonly field: Field<Id>; readonly start: number }[] = []
  const missing: Field<Id>[] = []
  let next = 0
  for (const field of form.fields) {
    const start = lines.findIndex(
      ({ text, fenced }, line) => line >= next && !fenced && text === `### ${field.label}`,
    )
    if (start === -1) {
      missing.push(field)
      continue
    }
    found.push({ field, start })
    next = start + 1
  }
  const spans = found.map(({ field, start }, index) => ({
    field,
    start,
    end: found[index + 1]?.start ?? lines.length,
  }))
  return { spans, missing }
}

const missingHeading = ({ label }: Field): Fault => ({
  key: label,
  what: 'The heading of this field is not where the form puts it.',
  fix: 'Fill in the form anew, or put the headings back as they were, in the order of the form.',
})

function textBefore({ lines }: ClassifiedText, firstHeading: number): readonly Fault[] {
  const first = lines.slice(0, firstHeading).find(({ text }) => text.trim() !== '')
  if (first === undefined) return []
  return [
    {
      what: 'There is text before the first field of the form.',
      found: first.text,
      fix: 'The issue begins with the first heading of the form.',
    },
  ]
}

/**
 * Headings that read like a label of the form without being where the form puts them. Inside a code block they are
 * text, but only in the form's first text box: in a later one, the block could have been opened in an earlier box, to
 * hide the true headings.
 */
function repeatedLabels<Id extends string>(
  form: Form<Id>,
  { lines }: ClassifiedText,
  spans: readonly Span<Id>[],
): readonly { readonly line: number; readonly repeated: string }[] {
  const labels = new Map(form.fields.map(({ label }) => [asItLooks(label), label]))
  const headings = new Set(spans.map(({ start }) => start))
  const firstTextBox = form.fields.find(({ kind }) => kind.type === 'textarea' && !kind.render)
  const free = spans.find(({ field }) => field.id === firstTextBox?.id)
  return lines.flatMap(({ heading, fenced }, line) => {
    const repeated = heading === undefined ? undefined : labels.get(asItLooks(heading))
    if (repeated === undefined || headings.has(line)) return []
    const isText = fenced && free !== undefined && line > free.start && line < free.end
    return isText ? [] : [{ line, repeated }]
  })
}

function sectionOf<Id extends string>(
  { field, start, end }: Span<Id>,
  texts: readonly string[],
): Section<Id> {
  const lines = texts.slice(start + 1, end)
  const first = lines.findIndex((text) => text.trim() !== '')
  const last = lines.findLastIndex((text) => text.trim() !== '')
  return { field, lines: first === -1 ? [] : lines.slice(first, last + 1) }
}
