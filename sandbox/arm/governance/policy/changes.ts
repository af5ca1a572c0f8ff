import { isRecord, keyOf, records, text } from '../../json.ts'
import { holds, type Question, surroundingsOf } from './conditions.ts'
import { resolved } from './expressions.ts'
import { findField, type Subject } from './fields.ts'

type Body = Readonly<Record<string, unknown>>

/** What a policy of effect `modify` makes of a request: its tags and properties, added, replaced or removed. */
export function modified(details: unknown, question: Question): Body {
  const operations = isRecord(details) ? records(details['operations']) : []
  return operations.reduce<Body>((body, operation) => {
    const now = { ...question, subject: { ...question.subject, body } }
    if (operation['condition'] !== undefined && !conditionHolds(operation['condition'], now)) return body
    const field = String(resolved(operation['field'], surroundingsOf(now)) ?? '')
    const value = resolved(operation['value'], surroundingsOf(now))
    switch (text(operation['operation'])?.toLowerCase()) {
      case 'add':
        return isThere(field, now) ? body : written(body, field, now.subject, value)
      case 'addorreplace':
        return written(body, field, now.subject, value)
      case 'remove':
        return written(body, field, now.subject, undefined)
      default:
        return body
    }
  }, question.subject.body)
}

/** What a policy of effect `append` makes of a request: fields that are not there yet. */
export function appended(details: unknown, question: Question): Body {
  return (Array.isArray(details) ? records(details) : []).reduce<Body>((body, detail) => {
    const now = { ...question, subject: { ...question.subject, body } }
    const field = String(resolved(detail['field'], surroundingsOf(now)) ?? '')
    return isThere(field, now)
      ? body
      : written(body, field, now.subject, resolved(detail['value'], surroundingsOf(now)))
  }, question.subject.body)
}

/** A condition of an operation is an expression that gives true, or a condition as in a rule. */
function conditionHolds(condition: unknown, question: Question): boolean {
  return typeof condition === 'string'
    ? resolved(condition, surroundingsOf(question)) === true
    : holds(condition, { ...question, seen: [] })
}

const isThere = (field: string, { subject, bound }: Question): boolean => {
  const [value] = findField(field, subject, bound).values
  return value !== undefined && value !== null
}

/** The body with a field set, or taken away. Fields within arrays are left as they are. */
function written(body: Body, field: string, subject: Subject, value: unknown): Body {
  const tag = /^tags(?:\.(.+)|\[\s*'?(.*?)'?\s*\])$/i.exec(field)
  if (tag !== null) return set(body, ['tags', tag[1] ?? tag[2] ?? ''], value)
  const prefix = `${subject.type}/`.toLowerCase()
  if (!field.toLowerCase().startsWith(prefix)) return set(body, [field], value)
  const path = field.slice(prefix.length)
  if (path.includes('[*]')) return body
  const steps = path.split(/[./]/)
  const isTop = Object.hasOwn(body, steps[0] ?? '') && steps[0] !== 'properties'
  return set(body, isTop ? steps : ['properties', ...steps], value)
}

function set(object: Body, [first = '', ...rest]: readonly string[], value: unknown): Body {
  const key = keyOf(object, first) ?? first
  const { [key]: before, ...others } = object
  const inner = rest.length === 0 ? value : set(isRecord(before) ? before : {}, rest, value)
  return inner === undefined ? others : { ...others, [key]: inner }
}
