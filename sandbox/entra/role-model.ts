/** A part of the directory that is administered on its own. https://learn.microsoft.com/graph/api/resources/administrativeunit */
export interface AdministrativeUnit {
  readonly id: string
  displayName: string
  description: string | null
  visibility: string | null
  /** Whether only roles at this unit count for its members; never changes. */
  readonly isMemberManagementRestricted: boolean
  /** Object ids of users and groups. */
  members: readonly string[]
}

/** A directory role that somebody has. https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
export interface RoleAssignment {
  readonly id: string
  readonly principalId: string
  readonly roleDefinitionId: string
  /** `/` for the tenant, or `/administrativeUnits/{id}`. */
  readonly directoryScopeId: string
}

/** A role that somebody can activate, or has for a time. https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview */
export interface RoleSchedule extends RoleAssignment {
  readonly kind: 'eligible' | 'assigned'
  readonly assignmentType: 'Assigned' | 'Activated'
  readonly startDateTime: string
  /** Absent for one that does not end. */
  readonly endDateTime?: string
  readonly createdUsing: string
}

/** What was asked of Privileged Identity Management, as it is shown again. */
export interface RoleScheduleRequest extends RoleAssignment {
  readonly kind: 'eligible' | 'assigned'
  readonly shown: Readonly<Record<string, unknown>>
}
