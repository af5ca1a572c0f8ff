import { z } from 'zod'
import { lastSegment } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { hasCode, isMissing } from './failure.ts'
import { includes } from './granted-rights.ts'
import { retryWhile } from './retry.ts'
import { customRoleSchema } from './role-definitions.ts'
import type { Session } from './session.ts'

/** A role that a principal holds, itself or by a group. */
export interface PrincipalRole {
  /** Under which the assignment is kept, a GUID. */
  readonly assignment: string
  readonly scope: string
  readonly principalId: string
  /** A GUID. */
  readonly roleId: string
  /** Empty when there is none. */
  readonly condition: string
}

/** A role definition that somebody makes. */
export interface CustomRole {
  /** A GUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly permissions: RolePermissions
  /** The only scope at which, and below which, it can be assigned. */
  readonly scope: string
}

/** What a role lets somebody do at worst: give roles, itself any; change or see something of what is there; or only see how it is set up. */
export type RoleReach = 'gives' | 'changes' | 'reads'

/** What identities hold, and the roles that a factory has of its own, as the one who sets them up writes them. */
export interface PrincipalRoles {
  /** The roles at a scope, above and below it, those of its groups included. */
  readonly heldBy: (principalId: string, scope: string) => Promise<readonly PrincipalRole[]>
  /** Assigns a role to an identity; under the name of one that is there, its condition becomes another. */
  readonly assign: (role: Omit<PrincipalRole, 'condition'>, condition: string | undefined) => Promise<void>
  /** What a role of somebody's own lets do; undefined when it is not there. */
  readonly permissionsOf: (scope: string, id: string) => Promise<RolePermissions | undefined>
  /** @param scope anywhere that the role is known */
  readonly reachOf: (scope: string, id: string) => Promise<RoleReach>
  readonly define: (role: CustomRole) => Promise<void>
  /** Those that people have defined, as far as they can be assigned at a scope. */
  readonly customAt: (scope: string) => Promise<readonly Pick<CustomRole, 'id' | 'name'>[]>
  /** GUIDs of the roles that are assigned at a scope, above and below it, once for each assignment. */
  readonly assignedAt: (scope: string) => Promise<readonly string[]>
  /** Deletes one, which Azure does only while it is assigned to nobody. */
  readonly undefine: (role: Pick<CustomRole, 'id' | 'name' | 'scope'>) => Promise<void>
}

const apiVersion = '2022-04-01'
const authorization = 'providers/Microsoft.Authorization'

const assignmentSchema = z
  .object({
    id: z.string(),
    properties: z.object({
      scope: z.string(),
      principalId: z.string(),
      roleDefinitionId: z.string(),
      condition: z.string().nullish(),
    }),
  })
  .transform(
    ({ id, properties: { roleDefinitionId, condition, ...rest } }): PrincipalRole => ({
      assignment: lastSegment(id),
      roleId: lastSegment(roleDefinitionId),
      condition: condition ?? '',
      ...rest,
    }),
  )

const patterns = z
  .array(z.string())
  .nullish()
  .transform((all) => all ?? [])
const permissionSchema = z.object({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
})
const namedSchema = z
  .object({ id: z.string(), properties: z.object({ roleName: z.string() }) })
  .transform(({ id, properties: { roleName } }) => ({ id: lastSegment(id).toLowerCase(), name: roleName }))
const definitionSchema = z.object({ properties: z.object({ permissions: z.array(permissionSchema) }) })

/**
 * Each gives roles, now or when somebody asks for them, or makes a role into another one.
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance#microsoftauthorization
 */
const givingActions = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
  'Microsoft.Authorization/roleEligibilityScheduleRequests/write',
  'Microsoft.Authorization/roleDefinitions/write',
]

function reachOf(permissions: readonly RolePermissions[]): RoleReach {
  if (givingActions.some((action) => includes(permissions, { action, plane: 'control' }))) return 'gives'
  const onlyReads = permissions.every(
    ({ actions, dataActions }) =>
      dataActions.length === 0 && actions.every((action) => /\/read$/i.test(action)),
  )
  return onlyReads ? 'reads' : 'changes'
}

/** Opens them. */
export async function openPrincipalRoles(session: Session): Promise<PrincipalRoles> {
  const arm = await openArm(session)
  const definitionPath = (scope: string, id: string): string =>
    `${scope}/${authorization}/roleDefinitions/${id}`
  const permissionsOf = async (scope: string, id: string): Promise<readonly RolePermissions[]> =>
    (await arm.get({ path: definitionPath(scope, id), apiVersion }, definitionSchema)).properties.permissions
  return {
    heldBy: (principalId, scope) =>
      explaining(`Reading the roles on '${lastSegment(scope)}'`, () => {
        const query = { $filter: `assignedTo('${principalId}')` }
        return arm.list(
          { path: `${scope}/${authorization}/roleAssignments`, apiVersion, query },
          assignmentSchema,
        )
      }),
    assign: ({ assignment, scope, principalId, roleId }, condition) => {
      const what = `Assigning a role on '${lastSegment(scope)}'`
      const limit = condition === undefined ? {} : { condition, conditionVersion: '2.0' }
      const write = (): Promise<void> =>
        arm.write({
          path: `${scope}/${authorization}/roleAssignments/${assignment}`,
          apiVersion,
          body: {
            properties: {
              principalId,
              principalType: 'ServicePrincipal',
              roleDefinitionId: definitionPath(`/subscriptions/${scope.split('/')[2]}`, roleId),
              ...limit,
            },
          },
          waitingFor: 'a role assignment',
        })
      return explaining(what, () => retryWhile(write, notYetKnown, what, session))
    },
    permissionsOf: (scope, id) =>
      explaining(`Reading a role on '${lastSegment(scope)}'`, async () => {
        try {
          const found = await arm.get({ path: definitionPath(scope, id), apiVersion }, customRoleSchema)
          return found.permissions
        } catch (error) {
          if (isMissing(error)) return undefined
          throw error
        }
      }),
    reachOf: (scope, id) =>
      explaining(`Reading a role on '${lastSegment(scope)}'`, async () =>
        reachOf(await permissionsOf(scope, id)),
      ),
    define: ({ id, name, description, permissions, scope }) =>
      explaining(`Writing the role '${name}'`, () =>
        arm.write({
          path: definitionPath(scope, id),
          apiVersion,
          body: {
            properties: {
              roleName: name,
              description,
              type: 'CustomRole',
              permissions: [{ ...permissions }],
              assignableScopes: [scope],
            },
          },
          waitingFor: `role '${name}'`,
        }),
      ),
    customAt: (scope) =>
      explaining(`Listing the custom roles of '${lastSegment(scope)}'`, () => {
        const query = { $filter: "type eq 'CustomRole'" }
        return arm.list({ path: `${scope}/${authorization}/roleDefinitions`, apiVersion, query }, namedSchema)
      }),
    assignedAt: (scope) =>
      explaining(`Reading the roles on '${lastSegment(scope)}'`, async () => {
        const path = `${scope}/${authorization}/roleAssignments`
        return (await arm.list({ path, apiVersion }, assignmentSchema)).map(({ roleId }) => roleId)
      }),
    undefine: ({ id, name, scope }) =>
      explaining(`Deleting the role '${name}'`, () =>
        arm.delete({
          path: definitionPath(scope, id),
          apiVersion,
          waitingFor: `the removal of role '${name}'`,
        }),
      ),
  }
}

/** Entra and Azure are sets of replicas: an identity, and a role, of a moment ago are not everywhere yet. */
const notYetKnown = (error: unknown): string | undefined => {
  if (hasCode(error, 'PrincipalNotFound')) return 'the identity has not replicated yet'
  return hasCode(error, 'RoleDefinitionDoesNotExist') ? 'the role has not replicated yet' : undefined
}
