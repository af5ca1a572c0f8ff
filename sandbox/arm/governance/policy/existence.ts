import { parseAddress } from '../../address.ts'
import { record, text } from '../../json.ts'
import type { Store } from '../../store.ts'
import { holds, surroundingsOf } from './conditions.ts'
import type { EffectivePolicy } from './definitions.ts'
import { resolved } from './expressions.ts'
import type { Subject } from './fields.ts'
import { questionOf, subjectOf } from './subject.ts'

/**
 * Whether what a policy `…IfNotExists` wants beside a resource is there: a resource of its type, below the resource or
 * in its group, with the name and properties that the policy asks for.
 */
export function exists(policy: EffectivePolicy, subject: Subject, store: Store): boolean {
  const question = questionOf(policy, subject, store)
  const details = record(policy.details)
  const type = text(details['type']) ?? ''
  const name = text(resolved(details['name'], surroundingsOf(question)))
  return store.ofType(type).some((resource) => {
    const address = parseAddress(resource.id)
    if (address === undefined || !address.key.startsWith(`${placeOf(subject, type)}/`)) return false
    if (name !== undefined && name.toLowerCase() !== resource.name.toLowerCase()) return false
    const condition = details['existenceCondition']
    return (
      condition === undefined ||
      holds(condition, { ...question, subject: subjectOf(address, resource), seen: [] })
    )
  })
}

/** Parts of the resource lie below it, all else in its resource group. */
function placeOf({ id, type }: Subject, wanted: string): string {
  const isPart = wanted.toLowerCase().startsWith(`${type.toLowerCase()}/`)
  const isExtension = !wanted.toLowerCase().startsWith(`${type.split('/')[0]?.toLowerCase()}/`)
  if (isPart || isExtension) return id.toLowerCase()
  return id.toLowerCase().split('/').slice(0, 5).join('/')
}
