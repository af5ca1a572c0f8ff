import { lastSegment } from '../resource-id.ts'
import type { Failure } from './failure.ts'

type Detail = Failure['details'][number]

/** One cause of a failure, which may have stopped several things. */
export interface Cause {
  /** What Azure says of the first of them. */
  readonly detail: Detail
  /** The names of the others. */
  readonly alsoOf: readonly string[]
}

const quoted = /'([^']+)'/

/** What an error is about: the resource that it names as its target, else the first thing in its message. */
const subjectOf = ({ target, message }: Detail): string => target || (quoted.exec(message)?.[1] ?? '')

/**
 * A message without what it is about, in two ways: wherever it stands, and where it is said first. Whatever else is quoted is
 * the cause. Amounts are none.
 */
function forms(detail: Detail): readonly string[] {
  const { code, message } = detail
  const subject = subjectOf(detail)
  const said = [subject, lastSegment(subject)].filter((name) => name !== '' && message.includes(name))
  const everywhere = said.reduce((text, name) => text.replaceAll(name, '…'), message)
  const [first] = said
  const once = first === undefined ? message : message.replace(first, '…')
  return [everywhere, once].map((form) => `${code}: ${form.replace(/(?<=\s)\d+(?=\s)/g, '…')}`)
}

/** Things that went wrong for one reason. */
export interface OneCause<T> {
  readonly first: T
  readonly others: readonly T[]
}

/** Puts together what has one cause, by what Azure says of each. */
export function byCause<T>(all: readonly T[], detailOf: (one: T) => Detail): readonly OneCause<T>[] {
  const causes: { readonly forms: readonly string[]; readonly first: T; readonly others: T[] }[] = []
  for (const one of all) {
    const own = forms(detailOf(one))
    const known = causes.find((cause) => cause.forms.some((form, index) => form === own[index]))
    if (known === undefined) causes.push({ forms: own, first: one, others: [] })
    else known.others.push(one)
  }
  return causes
}

/**
 * The different causes among the errors of a failure. Azure says the same of each resource that one thing stops, as a lock
 * or a policy does: that is one cause.
 */
export const distinctCauses = (details: readonly Detail[]): readonly Cause[] =>
  byCause(details, (detail) => detail).map(({ first, others }) => ({
    detail: first,
    alsoOf: otherNames(first, others),
  }))

function otherNames(first: Detail, others: readonly Detail[]): readonly string[] {
  const names = new Set(others.map((other) => lastSegment(subjectOf(other))))
  return [...names].filter((name) => name !== '' && name !== lastSegment(subjectOf(first)))
}
