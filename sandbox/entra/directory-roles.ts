/** A directory role that comes with Entra. */
export interface DirectoryRole {
  /** Template id, the same in every tenant. */
  readonly id: string
  readonly displayName: string
  /** Whether it can be given at an administrative unit. */
  readonly forUnits?: true
}

/**
 * Those that the sandbox knows.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference,
 * https://learn.microsoft.com/entra/identity/role-based-access-control/manage-roles-portal#assign-roles-with-administrative-unit-scope
 */
export const directoryRoles = [
  { id: '62e90394-69f5-4237-9190-012177145e10', displayName: 'Global Administrator' },
  { id: 'e8611ab8-c189-46e8-94e1-60213ab1f814', displayName: 'Privileged Role Administrator' },
  { id: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451', displayName: 'Global Reader' },
  { id: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b', displayName: 'Directory Readers' },
  { id: '9360feb5-f418-4baa-8175-e2a00bac4301', displayName: 'Directory Writers' },
  { id: 'fdd7a751-b60b-444a-984c-02652fe8fa1c', displayName: 'Groups Administrator', forUnits: true },
  { id: 'fe930be7-5e62-47db-91af-98c3a49a38b1', displayName: 'User Administrator', forUnits: true },
  { id: '729827e3-9c14-49f7-bb1b-9608f156bbb8', displayName: 'Helpdesk Administrator', forUnits: true },
  {
    id: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    displayName: 'Authentication Administrator',
    forUnits: true,
  },
  { id: '966707d0-3269-4727-9be2-8c3a10f19b9d', displayName: 'Password Administrator', forUnits: true },
  { id: '4d6ac14f-3453-41d0-bef9-a3e0c569773a', displayName: 'License Administrator', forUnits: true },
  { id: '95e79109-95c0-4d8e-aee3-d01accf2d47b', displayName: 'Guest Inviter' },
  { id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', displayName: 'Application Administrator' },
  { id: '158c047a-c907-4556-b7ef-446551a6b5f7', displayName: 'Cloud Application Administrator' },
  { id: 'cf1c38e5-3621-4004-a7cb-879624dced7c', displayName: 'Application Developer' },
  { id: '194ae4cb-b126-40b2-bd5b-6091b380977d', displayName: 'Security Administrator' },
  { id: '5d6b6bb7-de71-4623-b4af-96380a352509', displayName: 'Security Reader' },
] as const satisfies readonly DirectoryRole[]

/** The name of one of them. */
export type DirectoryRoleName = (typeof directoryRoles)[number]['displayName']

const byId: ReadonlyMap<string, DirectoryRole> = new Map(directoryRoles.map((role) => [role.id, role]))

/** The role with this template id, ignoring case. */
export const directoryRole = (id: string): DirectoryRole | undefined => byId.get(id.toLowerCase())
