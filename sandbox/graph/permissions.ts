import type { DirectoryStore } from '../entra/directory.ts'
import { refusals } from './errors.ts'
import type { GraphRequest } from './http.ts'

/** Something one may be allowed to do, and the application permissions that each allow it. */
const permissions = {
  readUsers: [
    'User.Read.All',
    'User.ReadBasic.All',
    'User.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  readGroups: [
    'Group.Read.All',
    'Group.ReadWrite.All',
    'GroupMember.Read.All',
    'GroupMember.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  createGroups: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  writeGroups: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  writeMembers: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  readApplications: [
    'Application.Read.All',
    'Application.ReadWrite.All',
    'Application.ReadWrite.OwnedBy',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
} as const satisfies Record<string, readonly string[]>

/** What a call needs to be allowed. https://learn.microsoft.com/graph/permissions-reference */
type Need = keyof typeof permissions

/** Whether the caller's application permissions cover a need. They are read live, not from the token. */
function mayDo(directory: DirectoryStore, request: GraphRequest, need: Need): boolean {
  const principal = directory.lookup(request.caller.objectId)
  if (principal?.kind !== 'ServicePrincipal') return false
  const granted = principal.value.graphRoles ?? []
  return permissions[need].some((permission) => granted.includes(permission))
}

/** @throws GraphError 403 `Authorization_RequestDenied` unless one of the needs is covered */
export function demand(directory: DirectoryStore, request: GraphRequest, ...needs: readonly Need[]): void {
  if (!needs.some((need) => mayDo(directory, request, need))) throw refusals.denied()
}
