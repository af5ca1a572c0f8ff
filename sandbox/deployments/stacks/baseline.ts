import { equal, isArray, isObject, type Json, type JsonObject } from '../expressions/json.ts'
import type { PropertyChange } from '../whatif/delta.ts'

/** A resource at the last deployment of its stack: what the template said of it, and what then was there. */
export interface Baseline {
  readonly declared: JsonObject
  readonly live: JsonObject
}

/**
 * Leaves out of a difference what was the same difference when the stack was last deployed: neither the template nor
 * the resource has changed since. So defaults that a provider adds, and expressions that only a deployment resolves, are
 * reported once.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks-what-if
 */
export function withoutNoise(
  delta: readonly PropertyChange[],
  baseline: Baseline | undefined,
): readonly PropertyChange[] {
  if (baseline === undefined) return delta
  return delta.filter(({ path, before, after }) => {
    const sameTemplate = equal(at(baseline.declared, path), after ?? undefined)
    const sameResource = equal(at(baseline.live, path), before ?? undefined)
    return !(sameTemplate && sameResource)
  })
}

/** The value at a dotted path; a member that is not there is `undefined`. */
function at(value: JsonObject, path: string): Json | undefined {
  let found: Json | undefined = value
  for (const step of path.split('.')) {
    if (isArray(found)) found = found[Number(step)]
    else found = isObject(found) ? found[step] : undefined
  }
  return found ?? undefined
}
