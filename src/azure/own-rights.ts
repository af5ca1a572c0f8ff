import { z } from 'zod'
import { lastSegment, resourceGroupIdOf, subscriptionOf } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import { includes, type Right, type RolePermissions } from './granted-rights.ts'
import type { Session } from './session.ts'

const patterns = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const permissionSchema = z.object({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
})

/** What the caller may do at a place; `gone` where there is no such place, `hidden` where it may not see its rights. */
type Held = readonly RolePermissions[] | 'gone' | 'hidden'

/**
 * Those of some rights that the session's identity does not have, by the roles that it holds. Where it may not see its own rights nothing counts as lacking:
 * Azure decides in the end, as it does about conditions and deny assignments.
 * https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
 */
export async function missingRights(session: Session, rights: readonly Right[]): Promise<readonly Right[]> {
  const arm = await openArm(session)
  const read = async (scope: string): Promise<Held> => {
    try {
      const path = `${scope}/providers/Microsoft.Authorization/permissions`
      return await arm.list({ path, apiVersion: '2022-04-01' }, permissionSchema)
    } catch (error) {
      if (isMissing(error)) return 'gone'
      if (isForbidden(error)) return 'hidden'
      throw azureError(error, `Reading the rights on '${lastSegment(scope)}'`)
    }
  }
  // From the widest place to the narrowest: what is allowed above is not asked for again below.
  const levels: readonly ((scope: string) => string)[] = [
    (scope) => `/subscriptions/${subscriptionOf(scope)}`,
    resourceGroupIdOf,
    (scope) => scope,
  ]
  let open: readonly Right[] = rights
  const asked = new Map<string, Promise<Held>>()
  for (const level of levels) {
    const kept = await Promise.all(
      open.map(async (right) => {
        const place = level(right.scope)
        const reading = asked.get(place.toLowerCase()) ?? read(place)
        asked.set(place.toLowerCase(), reading)
        const held = await reading
        // What is to come gets its rights from above.
        if (held === 'gone') return [right]
        return held === 'hidden' || includes(held, right) ? [] : [right]
      }),
    )
    open = kept.flat()
  }
  return open
}
