import type { Fault } from '../diagnostics/fault.ts'
import type { Field, FieldKind } from './form.ts'
import type { Section } from './sections.ts'

/** What was answered to one question: a text, or the chosen options. An absent text is an empty one. */
export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly chosen: readonly string[] }

/** An answer, or why there is none. */
export type AnswerOrFault =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly fault: Fault }

/** What GitHub writes for a question without an answer. */
const noResponse = '_No response_'

/** What it writes for a dropdown in which nothing was chosen. No option of the form is called that. */
const noOption = 'None'

/** Reads the text below a heading as the answer to its question. */
export function readAnswer({ field, lines }: Section): AnswerOrFault {
  const { kind } = field
  const answered = lines.length === 1 && lines[0] === noResponse ? [] : lines
  const result =
    kind.type === 'checkboxes' ? readTicks(field, kind, answered) : readText(field, kind, answered)
  if (!result.ok || !field.required || !isEmpty(result.answer)) return result
  const choice = 'options' in kind ? `Choose from: ${kind.options.join('; ')}.` : 'It has to be filled in.'
  return refuse(field, { what: 'There is no answer.', fix: choice })
}

const isEmpty = (answer: Answer): boolean =>
  answer.kind === 'text' ? answer.text === '' : answer.chosen.length === 0

const refuse = (field: Field, fault: Omit<Fault, 'key'>): AnswerOrFault => ({
  ok: false,
  fault: { key: field.label, ...fault },
})

function readText(
  field: Field,
  kind: Exclude<FieldKind, { type: 'checkboxes' }>,
  lines: readonly string[],
): AnswerOrFault {
  if (kind.type === 'textarea') {
    const inner = kind.render ? withoutFence(lines) : lines
    if (inner !== undefined) return { ok: true, answer: { kind: 'text', text: inner.join('\n') } }
    return refuse(field, {
      what: 'The code block around the text is missing.',
      fix: 'Fill in the form anew.',
    })
  }
  if (lines.length > 1) {
    const found = lines.join('\n')
    return refuse(field, { what: 'The answer has more than one line.', found, fix: 'Write one line.' })
  }
  const [text = ''] = lines
  if (kind.type === 'input') return { ok: true, answer: { kind: 'text', text: text.trim() } }
  return readOptions(field, kind, text)
}

/** The text of a box with `render`, which GitHub puts into a code block. */
function withoutFence(lines: readonly string[]): readonly string[] | undefined {
  if (lines.length === 0) return lines
  const framed = lines.length >= 2 && /^```[\w+-]*$/.test(lines[0] ?? '') && lines.at(-1) === '```'
  return framed ? lines.slice(1, -1) : undefined
}

function readOptions(
  field: Field,
  { multiple, options }: Extract<FieldKind, { type: 'dropdown' }>,
  text: string,
): AnswerOrFault {
  const isUnanswered = text === '' || text === noOption
  const chosen = isUnanswered
    ? []
    : multiple
      ? splitOptions(text, options)
      : options.filter((item) => item === text)
  if (chosen !== undefined && (isUnanswered || chosen.length > 0)) {
    return { ok: true, answer: { kind: 'choice', chosen } }
  }
  const fix = `${multiple ? 'Choose from' : 'Choose one of'}: ${options.join('; ')}.`
  return refuse(field, { what: 'This is not an option of the form.', found: text, fix })
}

/**
 * The options in a list such as `A, B, C`. Options may hold commas themselves, so it is matched against the options
 * and never split; a list that could be read in two ways is not read at all.
 */
export function splitOptions(text: string, options: readonly string[]): readonly string[] | undefined {
  const readings = new Map<string, readonly string[]>()
  const read = (rest: string, chosen: readonly string[]): void => {
    for (const item of options) {
      if (chosen.includes(item) || !rest.startsWith(item)) continue
      const now = [...chosen, item]
      const after = rest.slice(item.length)
      if (after === '') readings.set(now.toSorted().join('\n'), now)
      else if (after.startsWith(', ')) read(after.slice(2), now)
    }
  }
  read(text, [])
  return readings.size === 1 ? readings.values().next().value : undefined
}

/**
 * The boxes as the issue has them. It may be written with an older or a newer form than the one at hand: a box that is not
 * there is not ticked, and whether a ticked one means anything is for the reader of the answer to say.
 */
function readTicks(
  field: Field,
  { options, compulsory }: Extract<FieldKind, { type: 'checkboxes' }>,
  lines: readonly string[],
): AnswerOrFault {
  const fix = `The boxes are: ${options.join('; ')}. Put an x between the brackets of those you want.`
  const ticks = new Map<string, boolean>()
  for (const line of lines) {
    if (line.trim() === '') continue
    const box = boxOf(line)
    if (box === undefined)
      return refuse(field, { what: 'There is text besides the boxes.', found: line, fix })
    if (ticks.has(box.option)) {
      return refuse(field, { what: 'A box is there twice.', found: box.option, fix })
    }
    ticks.set(box.option, box.ticked)
  }
  const chosen = [...ticks].filter(([, ticked]) => ticked).map(([option]) => option)
  const omitted = compulsory.find((item) => !chosen.includes(item))
  if (omitted !== undefined) {
    return refuse(field, { what: `The box "${omitted}" has to be ticked.`, fix })
  }
  return { ok: true, answer: { kind: 'choice', chosen } }
}

function boxOf(line: string): { readonly option: string; readonly ticked: boolean } | undefined {
  const [, tick, option] = /^- \[([ xX])\] (\S.*)$/.exec(line.trimEnd()) ?? []
  return tick === undefined || option === undefined ? undefined : { option, ticked: tick !== ' ' }
}
