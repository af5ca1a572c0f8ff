import type { StoredResource } from '../../../contracts.ts'
import { parseAddress } from '../../address.ts'
import type { World } from '../../rules.ts'
import { holds } from './conditions.ts'
import { type EffectivePolicy, policiesFor } from './definitions.ts'
import { exists } from './existence.ts'
import { isLookedAt, questionOf, subjectOf } from './subject.ts'

/** How a resource stands to a policy. */
export interface PolicyState {
  readonly resource: StoredResource
  readonly policy: EffectivePolicy
  readonly complies: boolean
}

/** How resources stand to the policies in force for them, those that are only watched included. */
export function statesOf(
  resources: readonly StoredResource[],
  { store, clock }: World,
): readonly PolicyState[] {
  return resources.flatMap((resource) => {
    const address = parseAddress(resource.id)
    if (address === undefined) return []
    const subject = subjectOf(address, resource)
    return policiesFor(store, resource.id, clock.now())
      .filter((policy) => isLookedAt(policy, subject))
      .map((policy) => {
        const applies = holds(policy.condition, questionOf(policy, subject, store))
        const complies = !applies || (/IfNotExists$/.test(policy.effect) && exists(policy, subject, store))
        return { resource, policy, complies }
      })
  })
}
