import type { StoredResource } from '../../../contracts.ts'
import { type Address, parseAddress } from '../../address.ts'
import type { Store } from '../../store.ts'
import type { Question } from './conditions.ts'
import type { EffectivePolicy } from './definitions.ts'
import type { Subject } from './fields.ts'

const groupType = 'Microsoft.Resources/resourceGroups'

/** A resource as policies see it. */
export function subjectOf(address: Address, body: Readonly<Record<string, unknown>>): Subject {
  const path = address.id.slice(address.id.toLowerCase().lastIndexOf('/providers/') + '/providers/'.length)
  const names = path.split('/').filter((_, index) => index > 0 && index % 2 === 0)
  const isGroup = address.type === groupType
  return {
    id: address.id,
    name: address.name,
    fullName: isGroup ? address.name : names.join('/'),
    type: isGroup ? 'Microsoft.Resources/subscriptions/resourceGroups' : address.type,
    body,
  }
}

/** What a policy is asked about a resource. */
export function questionOf(policy: EffectivePolicy, subject: Subject, store: Store): Question {
  const address = parseAddress(subject.id)
  const subscription = store.state.subscriptions[address?.subscriptionId?.toLowerCase() ?? '']
  const group: StoredResource | undefined = store.get(
    `/subscriptions/${address?.subscriptionId}/resourceGroups/${address?.resourceGroup}`,
  )
  return {
    subject,
    parameters: policy.parameters,
    subscription: {
      id: `/subscriptions/${subscription?.subscriptionId}`,
      subscriptionId: subscription?.subscriptionId,
      displayName: subscription?.displayName,
      tags: subscription?.tags ?? {},
    },
    resourceGroup: { ...group, tags: group?.tags ?? {} },
    seen: [],
    bound: [],
    currents: [],
  }
}

/** Whether a policy looks at a resource at all: one of mode `Indexed` only at what has a location and tags. */
export function isLookedAt({ mode }: EffectivePolicy, { type, body }: Subject): boolean {
  if (/^Microsoft\.Authorization\/policy|\/locks$/i.test(type)) return false
  if (mode.toLowerCase() === 'all') return true
  if (mode.toLowerCase() !== 'indexed') return false
  return typeof body['location'] === 'string' && !/\/subscriptions\/resourceGroups$/i.test(type)
}
