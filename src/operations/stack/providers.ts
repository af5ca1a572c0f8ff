import { isRegistered, type ResourceProviders } from '../../azure/resource-providers.ts'
import type { Change } from '../../plan/model.ts'
import type { Step } from '../apply-steps.ts'

/** The resource providers that a subscription lacks. */
export interface MissingProviders {
  /** Namespaces, e.g. `Microsoft.Storage`. */
  readonly namespaces: readonly string[]
  readonly changes: readonly Change[]
  /** Registers them, and waits; nothing when none is missing. */
  readonly steps: readonly Step[]
}

/** Finds out which of the providers of these ARM types the subscription is not registered with. */
export async function missingProviders(
  types: readonly string[],
  providers: ResourceProviders,
): Promise<MissingProviders> {
  const needed = [...new Set(types.map(namespaceOf))].sort()
  const states = await providers.states()
  const namespaces = needed.filter((namespace) => !isRegistered(states.get(namespace.toLowerCase()) ?? ''))
  return {
    namespaces,
    changes: namespaces.map((name) => ({
      change: 'create',
      kind: 'resource provider',
      name,
      reason: 'The subscription is registered with it, and stays so.',
    })),
    steps:
      namespaces.length === 0
        ? []
        : [
            {
              name: `Register the resource providers ${namespaces.join(', ')}`,
              apply: () => providers.register(namespaces),
            },
          ],
  }
}

/** The namespace of an ARM type. */
export const namespaceOf = (type: string): string => type.split('/')[0] ?? ''
