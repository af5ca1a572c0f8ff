import { ZodError } from 'zod'
import { enumeration } from '../diagnostics/enumeration.ts'
import { UserError, type UserErrorParts } from '../diagnostics/user-error.ts'
import { resourceLabel } from '../resource-id.ts'
import { type Cause, distinctCauses } from './causes.ts'
import type { Explanation } from './explanations/explanation.ts'
import { explain } from './explanations/index.ts'
import { unexplained } from './explanations/unknown.ts'
import { type Failure, readFailure, UnexpectedResponse } from './failure.ts'

const longestMessage = 1_500
/** Causes that are reported, and things that one of them stopped. */
const mostCauses = 5
const mostNamed = 5

/** Characters that make a reader see text in another order than it has are left out. */
const oneLine = (message: string): string => {
  const line = message
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)} …` : line
}

const asSentence = ({ code, message, target = '' }: Failure['details'][number]): string => {
  const parts = [code, message].map(oneLine).filter((part) => part !== '')
  const sentence = parts.join(': ') || 'No reason was given'
  const place = oneLine(resourceLabel(target))
  return place === '' ? sentence : `${sentence} (${place})`
}

/** A cause in words, with the other things that it stopped. */
function causeSentence({ detail, alsoOf }: Cause): string {
  const sentence = asSentence(detail)
  if (alsoOf.length === 0) return sentence
  const others = alsoOf.map((name) => `'${oneLine(name)}'`)
  return `${ended(sentence)} The same for ${enumeration(others, mostNamed)}.`
}

const ended = (sentence: string): string => (/[.!?)…]$/.test(sentence) ? sentence : `${sentence}.`)

/** What is wrong with an answer that is not the one the API documents; undefined for any other error. */
function unexpectedIn(error: unknown): string | undefined {
  if (error instanceof ZodError) {
    const [first] = error.issues
    return first === undefined ? 'unreadable' : `${first.path.join('.') || 'all of it'}: ${first.message}`
  }
  return error instanceof UnexpectedResponse || error instanceof TypeError || error instanceof SyntaxError
    ? error.message
    : undefined
}

/** Does the failure only wrap the errors that are its causes? */
const isWrapped = ({ code, message, details }: Failure): boolean =>
  details.length > 0 && details.every((detail) => detail.code !== code || !detail.message.startsWith(message))

/** What happened: the cause first where a deployment failed because of one of its resources. */
function what(failure: Failure, cause: Cause, doing: string): string {
  const answered = failure.status === undefined ? '' : `Azure answered ${failure.status}. `
  const because = causeSentence(cause)
  if (!isWrapped(failure)) return ended(`${doing} failed. ${answered}${because}`)
  return `${ended(because)} ${doing} failed because of that. ${answered}`.trim()
}

/** Each error of Azure has a code, and the id of the request; the page of a proxy has neither. */
const isAnonymous = ({ status, code, message, details, correlationId }: Failure): boolean =>
  status !== undefined && [code, message, correlationId ?? ''].join('') === '' && details.length === 0

const notAzure = {
  why: 'An error of Azure has a code, so probably a proxy in between responded.',
  fix: 'Run the job again. If it fails again, ask the team that runs the proxy of the runner to let it through.',
}

/** What can be said of a code that has no explanation of its own. */
const without = (failure: Failure): Explanation | undefined => {
  if (isAnonymous(failure)) return notAzure
  return failure.code === '' && failure.status === undefined ? undefined : unexplained(failure.status)
}

/**
 * Turns the error of a call of Azure into one that a person can act on: what was being done, what Azure says (the
 * innermost errors, not the wrapping), why probably, how to fix it, and the correlation id.
 * @param doing the interrupted work, e.g. "Reading VNet 'x'"
 */
export function azureError(error: unknown, doing: string): UserError {
  if (error instanceof UserError) return error
  const failure = readFailure(error)
  const unexpected = failure.status === undefined && failure.code === '' ? unexpectedIn(error) : undefined
  if (unexpected !== undefined) {
    return new UserError({
      what: `${doing} failed. Unexpected response, not from Azure: ${oneLine(unexpected).replace(/\.$/, '')}.`,
      why: 'Probably a proxy in between responded, or a service that is not Azure.',
      fix: "Run the job again. If it fails again, check the input 'azure-cloud' and the proxy of the runner.",
      cause: error,
    })
  }
  const [first = { detail: failure, alsoOf: [] }, ...others] = distinctCauses(failure.details)
  const parts =
    others.length === 0
      ? {
          what: what(failure, first, doing),
          ...(explain([...failure.details, failure]) ?? without(failure)),
        }
      : severalCauses(failure, [first, ...others], doing)
  return new UserError({
    ...parts,
    ...(failure.correlationId === undefined ? {} : { correlationId: failure.correlationId }),
    cause: error,
  })
}

/** Each cause with its own explanation, or what can be said of the failure; one that all have in common is said once. */
function severalCauses(failure: Failure, causes: readonly Cause[], doing: string): UserErrorParts {
  const shown = causes.slice(0, mostCauses)
  const explanations = shown.map(({ detail }) => explain([detail, failure]) ?? without(failure))
  const [common] = explanations
  const isCommon = explanations.every((one) => one?.fix === common?.fix && one?.why === common?.why)
  const faults = shown.map((cause, index) => ({
    what: ended(causeSentence(cause)),
    ...whyAndFix(explanations[index]),
  }))
  const rest = causes.length - shown.length
  const each = faults.map(({ what, why, fix }, index) =>
    [`(${index + 1})`, what, ...(isCommon ? [] : [why, fix])].filter(Boolean).join(' '),
  )
  const answered = failure.status === undefined ? '' : ` Azure answered ${failure.status}.`
  return {
    what: `${doing} failed for ${causes.length} reasons.${answered}`,
    faults,
    ...(isCommon && common),
    why: [...each, ...(rest > 0 ? [`And ${rest} more.`] : []), isCommon ? common?.why : '']
      .filter(Boolean)
      .join(' '),
  }
}

const whyAndFix = (explanation: Explanation | undefined): Partial<Explanation> =>
  explanation === undefined ? {} : { why: explanation.why, fix: explanation.fix }

/** Does the work; what goes wrong in it is reported as `azureError` reports it. */
export async function explaining<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw azureError(error, doing)
  }
}
