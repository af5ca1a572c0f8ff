import type { StoredResource } from '../../contracts.ts'
import { normaliseLocation } from '../locations.ts'
import type { World } from '../rules.ts'

/** Where something is read that is no resource: what a provider offers or counts, in a subscription or one of its regions. */
export interface Place {
  /** `/subscriptions/{id}` */
  readonly subscription: string
  readonly subscriptionId: string
  /** Empty when the address names no region. */
  readonly location: string
  readonly query: URLSearchParams
}

/** What a provider answers besides its resources. */
export interface Read {
  /** Below `/providers`, without the region: `Microsoft.Network/locations/serviceTags`. */
  readonly path: string
  /** Whether it can be asked of a resource group, too. */
  readonly inGroups?: true
  /** A list; anything else is answered as it is. */
  readonly answer: (place: Place, world: World) => unknown
}

/** The resources of a type in a place. */
export function countedIn(
  type: string,
  { subscription, location }: Place,
  world: World,
): readonly StoredResource[] {
  return world.store
    .ofType(type)
    .filter(
      ({ id, location: own = '' }) =>
        id.toLowerCase().startsWith(`${subscription.toLowerCase()}/`) &&
        normaliseLocation(own) === normaliseLocation(location),
    )
}

/** A usage, as most providers show it. */
export const usage = (value: string, localizedValue: string, currentValue: number, limit: number) => ({
  unit: 'Count',
  currentValue,
  limit,
  name: { value, localizedValue },
})
