import { z } from 'zod'
import { lastSegment, sameText } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import { type Arm, openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Denial, Grant, GrantedRights } from './granted-rights.ts'
import { permissionSchema } from './permission-schema.ts'
import type { Session } from './session.ts'
import type { RoleDefinition } from './smallest-role.ts'

/** What an identity may do, as its role assignments say. */
export interface IdentityRights {
  /**
   * Reads the roles that it holds at a scope, above it and below it, those of its groups included, and the deny
   * assignments there that are about it.
   */
  readonly read: (scope: string, principalId: string) => Promise<GrantedRights>
  /** The roles that Azure has built in. */
  readonly builtInRoles: (scope: string) => Promise<readonly RoleDefinition[]>
}

const apiVersion = '2022-04-01'
const authorization = 'providers/Microsoft.Authorization'

/** A role definition of Azure may limit its own permissions. */
const conditionedSchema = permissionSchema.extend({ condition: z.string().nullish() })
const permissionsSchema = z
  .array(conditionedSchema)
  .nullish()
  .transform((list) => list ?? [])

const assignmentSchema = z.object({
  properties: z.object({
    scope: z.string(),
    principalId: z.string(),
    roleDefinitionId: z.string(),
    condition: z.string().nullish(),
  }),
})

const definitionSchema = z.object({
  id: z.string(),
  properties: z.object({ roleName: z.string(), permissions: permissionsSchema }),
})

const denialSchema = z.object({
  properties: z.object({
    denyAssignmentName: z.string().nullish(),
    scope: z.string(),
    doNotApplyToChildScopes: z.boolean().nullish(),
    permissions: permissionsSchema,
    principals: z.array(z.object({ id: z.string() })).nullish(),
    excludePrincipals: z.array(z.object({ id: z.string() })).nullish(),
  }),
})

/** Opens the rights of identities. */
export async function openIdentityRights(session: Session): Promise<IdentityRights> {
  const arm = await openArm(session)
  return {
    read: (scope, principalId) =>
      explaining(`Reading the rights on '${lastSegment(scope)}'`, async () => {
        const [{ grants, principals }, denials] = await Promise.all([
          readGrants(arm, scope, principalId),
          readDenials(arm, scope),
        ])
        return { grants, denials: denials.flatMap((denial) => denialOf(denial, principals)) }
      }),
    builtInRoles: (scope) =>
      explaining('Reading the built-in roles', async () => {
        const path = `${scope}/${authorization}/roleDefinitions`
        const query = { $filter: "type eq 'BuiltInRole'" }
        const found = await arm.list({ path, apiVersion, query }, definitionSchema)
        return found.map(({ properties: { roleName, permissions } }) => ({
          name: roleName,
          permissions: permissions.map(withoutCondition),
          isConditional: permissions.some(({ condition }) => (condition ?? '') !== ''),
        }))
      }),
  }
}

/** The roles, and whose they are: the identity's own, and those of groups that it is in. */
interface HeldRoles {
  readonly grants: readonly Grant[]
  readonly principals: readonly string[]
}

async function readGrants(arm: Arm, scope: string, principalId: string): Promise<HeldRoles> {
  // https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
  const filter = { $filter: `assignedTo('${principalId}')` }
  const path = `${scope}/${authorization}/roleAssignments`
  const assignments = await arm.list({ path, apiVersion, query: filter }, assignmentSchema)
  const ids = [
    ...new Set(assignments.map(({ properties }) => lastSegment(properties.roleDefinitionId).toLowerCase())),
  ]
  const definitions = await Promise.all(
    ids.map((id) =>
      arm.get({ path: `${scope}/${authorization}/roleDefinitions/${id}`, apiVersion }, definitionSchema),
    ),
  )
  const grants = assignments.flatMap(({ properties }) => {
    const definition = definitions.find(({ id }) =>
      sameText(lastSegment(id), lastSegment(properties.roleDefinitionId)),
    )
    return definition === undefined ? [] : [grantOf(properties, definition)]
  })
  return { grants, principals: [principalId, ...assignments.map(({ properties }) => properties.principalId)] }
}

const grantOf = (
  { scope, principalId, condition }: z.infer<typeof assignmentSchema>['properties'],
  { properties: { roleName, permissions } }: z.infer<typeof definitionSchema>,
): Grant => ({
  scope,
  principalId,
  roleName,
  permissions: permissions.map(withoutCondition),
  conditions: [condition, ...permissions.map((one) => one.condition)].flatMap((one) => one || []),
})

const withoutCondition = ({
  condition: _,
  ...permissions
}: z.infer<typeof conditionedSchema>): RolePermissions => permissions

/** Everybody, as deny assignments name them. https://learn.microsoft.com/azure/role-based-access-control/deny-assignments#deny-assignment-properties */
const everybody = '00000000-0000-0000-0000-000000000000'

const readDenials = (arm: Arm, scope: string): Promise<readonly z.infer<typeof denialSchema>[]> =>
  arm.list({ path: `${scope}/${authorization}/denyAssignments`, apiVersion }, denialSchema)

/**
 * The denial, when it is about one of these principals. A group that the identity is in is known when it holds a role;
 * of other groups Azure says in the end.
 */
function denialOf(
  { properties }: z.infer<typeof denialSchema>,
  principals: readonly string[],
): readonly Denial[] {
  const names = (
    list: readonly { readonly id: string }[] | null | undefined,
    wanted: readonly string[],
  ): boolean => (list ?? []).some(({ id }) => wanted.some((one) => sameText(one, id)))
  if (names(properties.excludePrincipals, principals)) return []
  if (!names(properties.principals, [...principals, everybody])) return []
  return [
    {
      name: properties.denyAssignmentName ?? 'without a name',
      scope: properties.scope,
      onlyAtScope: properties.doNotApplyToChildScopes === true,
      permissions: properties.permissions.map(withoutCondition),
    },
  ]
}
