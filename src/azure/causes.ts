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

/**
 * The different causes among the errors of a failure. Azure says the same of each resource that one thing stops, as a lock
 * or a policy does: that is one cause.
 */
export function distinctCauses(details: readonly Detail[]): readonly Cause[] {
  const causes: { readonly forms: readonly string[]; readonly all: Detail[] }[] = []
  for (const detail of details) {
    const own = forms(detail)
    const known = causes.find((cause) => cause.forms.some((form, index) => form === own[index]))
    if (known === undefined) causes.push({ forms: own, all: [detail] })
    else known.all.push(detail)
  }
  return causes.flatMap(({ all: [detail, ...others] }) =>
    detail === undefined ? [] : [{ detail, alsoOf: otherNames(detail, others) }],
  )
}

function otherNames(first: Detail, others: readonly Detail[]): readonly string[] {
  const names = new Set(others.map((other) => lastSegment(subjectOf(other))))
  return [...names].filter((name) => name !== '' && name !== lastSegment(subjectOf(first)))
}
