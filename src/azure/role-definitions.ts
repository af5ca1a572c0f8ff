import { z } from 'zod'
import { lastSegment } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { permissionSchema } from './permission-schema.ts'
import type { Session } from './session.ts'

/** The roles that people define in a tenant. */
export interface RoleDefinitions {
  /** What those let do that can be assigned in a subscription, by their GUIDs in lower case. */
  readonly custom: (subscriptionId: string) => Promise<ReadonlyMap<string, RolePermissions>>
}

const roleSchema = <Permissions extends z.ZodType>(permissions: Permissions) =>
  z.object({ id: z.string(), properties: z.object({ permissions }) })

/** A role of the factory's own. It has one set of permissions. https://learn.microsoft.com/rest/api/authorization/role-definitions/get */
export const customRoleSchema = roleSchema(z.tuple([permissionSchema])).transform(
  ({ properties: { permissions } }) => ({ permissions: permissions[0] }),
)
/** Any role that people have defined, whatever it looks like. */
const listedRoleSchema = roleSchema(z.array(permissionSchema)).transform(
  ({ id, properties: { permissions } }) => ({ id: lastSegment(id).toLowerCase(), permissions }),
)

/** Opens them. */
export async function openRoleDefinitions(session: Session): Promise<RoleDefinitions> {
  const arm = await openArm(session)
  return {
    custom: (subscriptionId) =>
      explaining('Reading the custom roles', async () => {
        const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`
        const query = { $filter: "type eq 'CustomRole'" }
        const found = await arm.list({ path, apiVersion: '2022-04-01', query }, listedRoleSchema)
        return new Map(
          found.flatMap(({ id, permissions: [only, ...rest] }) =>
            only === undefined || rest.length > 0 ? [] : [[id, only] as const],
          ),
        )
      }),
  }
}
