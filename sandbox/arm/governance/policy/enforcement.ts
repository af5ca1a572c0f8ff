import { parseAddress } from '../../address.ts'
import { record } from '../../json.ts'
import type { Write } from '../../rules.ts'
import type { Store } from '../../store.ts'
import { appended, modified } from './changes.ts'
import { holds } from './conditions.ts'
import { type EffectivePolicy, policiesFor } from './definitions.ts'
import type { Subject } from './fields.ts'
import { isLookedAt, questionOf, subjectOf } from './subject.ts'
import { disallowed, type PolicyNames, type Violation } from './violation.ts'

/**
 * A write as policies let it pass: changed by those that add and modify, in this order, and then looked at by those
 * that deny. One that is only watched does neither.
 * https://learn.microsoft.com/azure/governance/policy/concepts/effect-basics#order-of-evaluation
 * @throws ArmError 403 `RequestDisallowedByPolicy`
 */
export function enforce(write: Write, store: Store, now: Date, names: PolicyNames): Write {
  const target = targetOf(write, store)
  if (target === undefined) return write
  const policies = policiesFor(store, target.id, now).filter(({ isWatched }) => !isWatched)
  if (policies.length === 0) return write
  const changed = policies.reduce((subject, policy) => changedBy(policy, subject, store), target)
  const violations = policies.flatMap((policy) => violationOf(policy, changed, store))
  if (violations.length > 0) throw disallowed(write.address.name, violations, names)
  return changed.body === target.body ? write : withBody(write, changed)
}

const tagsType = /^Microsoft\.Resources\/tags$/i

/** What a write is about: writing tags is about what they belong to. */
function targetOf(write: Write, store: Store): Subject | undefined {
  const { address, body, existing } = write
  if (tagsType.test(address.type)) {
    const target = parseAddress(address.scope)
    const stored = store.get(address.scope)
    if (target === undefined || stored === undefined) return undefined
    return subjectOf(target, { ...stored, tags: write.properties['tags'] })
  }
  const location = body['location'] ?? existing?.location
  return subjectOf(address, location === undefined ? body : { ...body, location })
}

function withBody(write: Write, { body }: Subject): Write {
  if (!tagsType.test(write.address.type)) return { ...write, body, properties: record(body['properties']) }
  const properties = { ...write.properties, tags: body['tags'] }
  return { ...write, body: { ...write.body, properties }, properties }
}

function changedBy(policy: EffectivePolicy, subject: Subject, store: Store): Subject {
  if (policy.effect !== 'Modify' && policy.effect !== 'Append') return subject
  const question = questionOf(policy, subject, store)
  if (!isLookedAt(policy, subject) || !holds(policy.condition, question)) return subject
  const body =
    policy.effect === 'Modify' ? modified(policy.details, question) : appended(policy.details, question)
  return { ...subject, body }
}

function violationOf(policy: EffectivePolicy, subject: Subject, store: Store): readonly Violation[] {
  if (policy.effect !== 'Deny' || !isLookedAt(policy, subject)) return []
  const question = questionOf(policy, subject, store)
  return holds(policy.condition, question) ? [{ policy, seen: question.seen }] : []
}
