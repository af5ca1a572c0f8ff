import type { DirectoryStore } from './directory.ts'
import { type DirectoryRoleName, directoryRole } from './directory-roles.ts'
import { graphPermission } from './graph-permissions.ts'
import { graphServicePrincipal } from './graph-service-principal.ts'
import type { OpenDirectoryState, ServicePrincipal } from './model.ts'

/** The Graph application permissions of a service principal, however they were granted. */
export function graphRolesOf(state: OpenDirectoryState, principal: ServicePrincipal): readonly string[] {
  const graph = state.servicePrincipals.find(({ appId }) => appId === graphServicePrincipal.appId)
  const granted = (principal.appRoleAssignments ?? [])
    .filter(({ resourceId }) => resourceId === graph?.id)
    .map(({ appRoleId }) => graphPermission(appRoleId))
    .filter((name) => name !== undefined)
  return [...(principal.graphRoles ?? []), ...granted]
}

/** A directory role that counts now, and where. */
export interface HeldRole {
  readonly role: string
  /** `/` or `/administrativeUnits/{id}` */
  readonly scope: string
}

/** The directory roles that a principal has now: its own, those of role-assignable groups it is in, and activated ones. */
export function directoryRolesOf(
  directory: DirectoryStore,
  objectId: string,
  now: Date,
): readonly HeldRole[] {
  const { state } = directory
  const principals = new Set([objectId, ...directory.groupsOf(objectId)].map((id) => id.toLowerCase()))
  const time = now.getTime()
  const isOn = ({ startDateTime, endDateTime }: { startDateTime: string; endDateTime?: string }): boolean =>
    Date.parse(startDateTime) <= time && (endDateTime === undefined || Date.parse(endDateTime) > time)
  const scheduled = state.roleSchedules.filter((schedule) => schedule.kind === 'assigned' && isOn(schedule))
  return [...state.roleAssignments, ...scheduled]
    .filter(({ principalId }) => principals.has(principalId.toLowerCase()))
    .map(({ roleDefinitionId, directoryScopeId }) => ({
      role: directoryRole(roleDefinitionId)?.displayName ?? roleDefinitionId,
      scope: directoryScopeId.toLowerCase(),
    }))
}

/** Roles with which a service principal may read the directory of the whole tenant. */
export const readingRoles: readonly DirectoryRoleName[] = [
  'Directory Readers',
  'Directory Writers',
  'Global Reader',
  'Global Administrator',
  'Privileged Role Administrator',
  'Groups Administrator',
  'User Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
]
