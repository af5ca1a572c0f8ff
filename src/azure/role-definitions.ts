import { z } from 'zod'
import { lastSegment } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** The roles that people define in a tenant. */
export interface RoleDefinitions {
  /** What those let do that can be assigned in a subscription, by their GUIDs in lower case. */
  readonly custom: (subscriptionId: string) => Promise<ReadonlyMap<string, RolePermissions>>
}

const patterns = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
/** A role of somebody's own. It has one set of permissions. https://learn.microsoft.com/rest/api/authorization/role-definitions/list */
export const customRoleSchema = z
  .object({
    id: z.string(),
    properties: z.object({
      permissions: z.tuple([
        z.object({
          actions: patterns,
          notActions: patterns,
          dataActions: patterns,
          notDataActions: patterns,
        }),
      ]),
    }),
  })
  .transform(({ id, properties: { permissions } }) => ({
    id: lastSegment(id).toLowerCase(),
    permissions: permissions[0],
  }))

/** Opens them. */
export async function openRoleDefinitions(session: Session): Promise<RoleDefinitions> {
  const arm = await openArm(session)
  return {
    custom: (subscriptionId) =>
      explaining('Reading the custom roles', async () => {
        const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`
        const query = { $filter: "type eq 'CustomRole'" }
        const found = await arm.list({ path, apiVersion: '2022-04-01', query }, customRoleSchema)
        return new Map(found.map(({ id, permissions }) => [id, permissions]))
      }),
  }
}
