import { lastSegment, resourceGroupIdOf, subscriptionOf } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import { openArm } from './arm.ts'
import { azureError } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import { control, includes, type Right } from './granted-rights.ts'
import { permissionSchema } from './permission-schema.ts'
import type { Session } from './session.ts'

/** What Azure says of some rights of a caller. Those that are in neither list it has. */
export interface JudgedPermissions {
  /** Those that no role of it holds. */
  readonly lacking: readonly Right[]
  /** Those at places where it may not see its own rights. */
  readonly hidden: readonly Right[]
}

/**
 * The rights that the session's identity has, by the roles that it holds. Deny assignments and conditions are not
 * evaluated: Azure decides in the end. https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
 */
export interface Permissions {
  readonly judge: (rights: readonly Right[]) => Promise<JudgedPermissions>
  /** May it do this at the scope? Undefined when it may not see its own rights there. */
  readonly allows: (scope: string, action: string) => Promise<boolean | undefined>
}

/** What the caller may do at a place; `gone` where there is no such place, `hidden` where it may not see its rights. */
type Held = readonly RolePermissions[] | 'gone' | 'hidden'

/** From the widest place to the narrowest: what is allowed above is not asked for again below. */
const levels: readonly ((scope: string) => string)[] = [
  (scope) => `/subscriptions/${subscriptionOf(scope)}`,
  resourceGroupIdOf,
  (scope) => scope,
]

/** Opens the rights that the session's identity has on resources. */
export async function openPermissions(session: Session): Promise<Permissions> {
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
  const judge: Permissions['judge'] = async (rights) => {
    const asked = new Map<string, Promise<Held>>()
    const heldAt = (place: string): Promise<Held> => {
      const reading = asked.get(place.toLowerCase()) ?? read(place)
      asked.set(place.toLowerCase(), reading)
      return reading
    }
    // Roles on data are seldom given at a subscription: what is held at each level is read at once. What cannot be read is
    // said below, by whoever still needs it.
    for (const { scope } of rights.filter(({ plane }) => plane === 'data'))
      for (const level of levels) void heldAt(level(scope)).catch(() => undefined)
    let open: readonly { readonly right: Right; readonly isHidden: boolean }[] = rights.map((right) => ({
      right,
      isHidden: false,
    }))
    for (const level of levels) {
      const kept = open.map(async (one) => {
        const held = await heldAt(level(one.right.scope))
        // What is to come gets its rights from above. What is hidden above may be seen below.
        if (held === 'gone') return [one]
        if (held === 'hidden') return [{ ...one, isHidden: true }]
        return includes(held, one.right) ? [] : [{ ...one, isHidden: false }]
      })
      open = (await Promise.all(kept)).flat()
    }
    const those = (hidden: boolean): readonly Right[] =>
      open.flatMap(({ right, isHidden }) => (isHidden === hidden ? [right] : []))
    return { lacking: those(false), hidden: those(true) }
  }
  return {
    judge,
    allows: async (scope, action) => {
      const { lacking, hidden } = await judge(control(scope, action))
      return hidden.length > 0 ? undefined : lacking.length === 0
    },
  }
}
