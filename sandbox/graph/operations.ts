import type { DirectoryRoleName } from '../entra/directory-roles.ts'
import type { GraphPermission } from '../entra/graph-permissions.ts'

/** What allows a call. Each entry suffices alone. */
export interface Requirement {
  /** Application permissions, least privileged first. */
  readonly permissions: readonly GraphPermission[]
  /** Application permissions that count only for what the caller owns. */
  readonly owned?: readonly GraphPermission[]
  /** Directory roles, at the tenant or at an administrative unit of the object. */
  readonly roles?: readonly DirectoryRoleName[]
  /** Owning the object. */
  readonly owner?: true
  /** Owning the object as a person; applications need a permission for what they own. https://learn.microsoft.com/entra/fundamentals/users-default-permissions#object-ownership */
  readonly personOwner?: true
  /** Being a person of the tenant, not a guest. https://learn.microsoft.com/entra/fundamentals/users-default-permissions */
  readonly member?: true
  /** Whether it changes an object, which restricted management and role-assignable groups protect. */
  readonly changes?: true
}

const all: DirectoryRoleName = 'Global Administrator'
const readers: readonly DirectoryRoleName[] = ['Directory Readers', 'Directory Writers', 'Global Reader', all]
const groupAdmins: readonly DirectoryRoleName[] = ['Groups Administrator', 'User Administrator', all]
const appAdmins: readonly DirectoryRoleName[] = [
  'Cloud Application Administrator',
  'Application Administrator',
  all,
]
const roleAdmins: readonly DirectoryRoleName[] = ['Privileged Role Administrator', all]
const readingGroups: readonly GraphPermission[] = [
  'GroupMember.Read.All',
  'Group.Read.All',
  'Directory.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.ReadWrite.All',
  'Directory.ReadWrite.All',
]

/**
 * The calls of Microsoft Graph and what each takes, as the pages of the calls list it.
 * https://learn.microsoft.com/graph/permissions-reference, https://learn.microsoft.com/graph/api/overview
 */
export const operations = {
  readUser: {
    permissions: [
      'User.ReadBasic.All',
      'User.Read.All',
      'Directory.Read.All',
      'User.ReadWrite.All',
      'Directory.ReadWrite.All',
    ],
    roles: [...readers, 'User Administrator', 'Groups Administrator'],
    member: true,
  },
  // User.ReadBasic.All is answered with 403 here when an application has it.
  listUsers: {
    permissions: ['User.Read.All', 'Directory.Read.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...readers, 'User Administrator', 'Groups Administrator'],
    member: true,
  },
  createUser: {
    permissions: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: ['User Administrator', 'Directory Writers', all],
    changes: true,
  },
  changeUser: {
    permissions: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: ['User Administrator', all],
    changes: true,
  },
  deleteUser: { permissions: ['User.ReadWrite.All'], roles: ['User Administrator', all], changes: true },
  inviteUser: {
    permissions: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: ['Guest Inviter', 'User Administrator', all],
    member: true,
  },
  // An owner sees its group, and not who is in it.
  readGroup: { permissions: readingGroups, roles: [...readers, ...groupAdmins], owner: true, member: true },
  listMembers: { permissions: readingGroups, roles: [...readers, ...groupAdmins], member: true },
  createGroup: {
    permissions: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...groupAdmins, 'Directory Writers'],
    member: true,
    changes: true,
  },
  // https://learn.microsoft.com/graph/api/group-upsert: by its unique name, in the whole tenant.
  upsertGroup: {
    permissions: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: groupAdmins,
    changes: true,
  },
  changeGroup: {
    permissions: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...groupAdmins, 'Directory Writers'],
    owner: true,
    changes: true,
  },
  deleteGroup: { permissions: ['Group.ReadWrite.All'], roles: groupAdmins, owner: true, changes: true },
  changeMembers: {
    permissions: ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...groupAdmins, 'Directory Writers'],
    owner: true,
    changes: true,
  },
  changeOwners: {
    permissions: ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...groupAdmins, 'Directory Writers'],
    owner: true,
    changes: true,
  },
  makeRoleAssignable: {
    permissions: ['RoleManagement.ReadWrite.Directory'],
    roles: roleAdmins,
    changes: true,
  },
  readApplication: {
    permissions: [
      'Application.Read.All',
      'Application.ReadWrite.OwnedBy',
      'Application.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
    roles: [...readers, ...appAdmins, 'Application Developer'],
    member: true,
  },
  createApplication: {
    permissions: ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All', 'Directory.ReadWrite.All'],
    roles: [...appAdmins, 'Application Developer'],
    member: true,
    changes: true,
  },
  changeApplication: {
    permissions: ['Application.ReadWrite.All', 'Directory.ReadWrite.All'],
    owned: ['Application.ReadWrite.OwnedBy'],
    personOwner: true,
    roles: appAdmins,
    changes: true,
  },
  grantAppRole: { permissions: ['AppRoleAssignment.ReadWrite.All'], roles: roleAdmins, changes: true },
  readUnit: {
    permissions: [
      'AdministrativeUnit.Read.All',
      'Directory.Read.All',
      'AdministrativeUnit.ReadWrite.All',
      'Directory.ReadWrite.All',
    ],
    roles: [...readers, ...roleAdmins],
    member: true,
  },
  changeUnit: { permissions: ['AdministrativeUnit.ReadWrite.All'], roles: roleAdmins, changes: true },
  readRoles: {
    permissions: [
      'RoleManagement.Read.Directory',
      'Directory.Read.All',
      'RoleManagement.ReadWrite.Directory',
      'Directory.ReadWrite.All',
    ],
    roles: [...readers, ...roleAdmins],
    member: true,
  },
  changeRoles: { permissions: ['RoleManagement.ReadWrite.Directory'], roles: roleAdmins, changes: true },
  readEligibility: {
    permissions: [
      'RoleEligibilitySchedule.Read.Directory',
      'RoleManagement.Read.Directory',
      'RoleEligibilitySchedule.ReadWrite.Directory',
      'RoleManagement.ReadWrite.Directory',
    ],
    roles: [...roleAdmins, 'Global Reader'],
  },
  changeEligibility: {
    permissions: ['RoleEligibilitySchedule.ReadWrite.Directory', 'RoleManagement.ReadWrite.Directory'],
    roles: roleAdmins,
    changes: true,
  },
  readSchedules: {
    permissions: [
      'RoleAssignmentSchedule.Read.Directory',
      'RoleManagement.Read.Directory',
      'RoleAssignmentSchedule.ReadWrite.Directory',
      'RoleManagement.ReadWrite.Directory',
    ],
    roles: [...roleAdmins, 'Global Reader'],
  },
  changeSchedules: {
    permissions: ['RoleAssignmentSchedule.ReadWrite.Directory', 'RoleManagement.ReadWrite.Directory'],
    roles: roleAdmins,
    changes: true,
  },
} as const satisfies Record<string, Requirement>

/** A kind of call. */
export type Operation = keyof typeof operations
