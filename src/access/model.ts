import type { RolePlane } from '../catalog/facts/roles.ts'
import type { ResourceKey } from '../catalog/index.ts'
import type { Location } from '../diagnostics/user-error.ts'
import type { Member } from '../manifest/resolved.ts'
import type { Change } from '../plan/model.ts'
import type { PersonaKey } from '../vocabulary.ts'

/** One of the Entra security groups of a project, or of its factory. */
export type GroupKey =
  | `persona:${PersonaKey}`
  | `coreTeam:${PersonaKey}`
  /** Of a persona that factory.yml no longer has, or whose group it calls otherwise. */
  | `former:${string}`
  | 'lakeTraversal'

/** An Entra group as it should be. */
export interface DesiredGroup {
  readonly key: GroupKey
  /**
   * `if-exists`: nobody needs the group any more. It is not created, but where it exists its members and roles are
   * managed.
   */
  readonly presence: 'always' | 'if-exists'
  readonly displayName: string
  /** At most 64 ASCII characters. What the group is found by again. */
  readonly mailNickname: string
  readonly description: string
  /**
   * `exact`: whoever else is in it is removed. `named`: of the others those whom an earlier version of the documents named.
   * `at-least`: others are left alone.
   */
  readonly membership: 'exact' | 'named' | 'at-least'
  readonly members: readonly Member[]
  /** Members to remove, requested by name. */
  readonly remove: readonly Member[]
  /** Our groups that are members of this one. */
  readonly memberGroups: readonly GroupKey[]
  /** Our groups that must not be members of this one any more. */
  readonly formerGroups: readonly GroupKey[]
  /** Managed identities of the project that are members of this one. */
  readonly memberIdentities: readonly ResourceKey[]
  /** Must somebody always be in it, once somebody was? */
  readonly neverEmpty: boolean
  /** The places in the manifest that name its members, in their order. */
  readonly memberPlaces: readonly Location[]
}

/** Whom a role is assigned to: one of our groups, or a managed identity of the project. */
export type Principal = { readonly group: GroupKey } | { readonly identity: ResourceKey }

/** What limits a role assignment to some of what the role lets do. https://learn.microsoft.com/azure/role-based-access-control/conditions-overview */
export interface RoleCondition {
  readonly expression: string
  /** What it leaves, as people call it, e.g. `repositories prj001/*`. */
  readonly limit: string
}

/** A role assignment as it should be. Its identity is (scope, principal, role). */
export interface DesiredAssignment {
  readonly plane: RolePlane
  /** Resource id. */
  readonly scope: string
  /** Its name: of a role of Azure, or of one of the factory's own. */
  readonly role: string
  /** The last segment of the role definition's id: a GUID. */
  readonly roleDefinitionId: string
  readonly principal: Principal
  /** Name of the principal: the group's display name, or the name of the identity's resource. */
  readonly principalName: string
  /** Absent when all that the role lets do is meant. */
  readonly condition?: RoleCondition
  /** Its people activate it when they need it; absent when they have it all the time. */
  readonly eligible?: Eligibility
}

/** For how long somebody may activate a role, and why. */
export interface Eligibility {
  /** After which it ends, unless a run extends it. */
  readonly days: number
  readonly justification: string
}

/** A role that is to be activated when it is needed. */
export type EligibleDesired = DesiredAssignment & { readonly eligible: Eligibility }

/** Who should be in which group, and which role each group and identity should hold. */
export interface DesiredAccess {
  readonly groups: readonly DesiredGroup[]
  readonly assignments: readonly DesiredAssignment[]
  /** Nobody is given these any more, and who has them keeps them: what replaces them does not let do all of it yet. */
  readonly kept?: readonly DesiredAssignment[]
  /** Within these scopes, role assignments of our groups and identities that are not desired are removed. */
  readonly managedScopes: readonly string[]
  /** Accounts of Cosmos DB, which keep assignments of their own, whether any is desired or not. */
  readonly cosmosAccounts?: readonly string[]
  /**
   * What is managed here, everything else being left alone: all people with their groups, what one change to one persona
   * is about, the identities of the project, or the core team of the environment.
   */
  readonly extent: 'people' | 'persona' | 'identities' | 'coreTeam'
  /** Id of the tenant, when people whom its directory does not have are invited as guests. */
  readonly invitesInto?: string
  /** Names of the factory's own roles in this environment, by their GUIDs in lower case, whether they exist or not. */
  readonly customRoles: ReadonlyMap<string, string>
  /** Names of the groups whose assignments are managed here, as descriptions of assignments have them. */
  readonly groupNames: readonly string[]
  /**
   * How the names of all groups begin whose assignments are managed here, of personas too that factory.yml no longer has or
   * calls otherwise; absent where only some are managed.
   */
  readonly groupPrefix?: string
  /** Those of the identities whose assignments are managed here, whether the project has them now or not. */
  readonly identityNames: ReadonlyMap<ResourceKey, string>
}

/** A person, group or service principal as Entra knows it. */
export interface GroupMember {
  readonly objectId: string
  /** User principal name or display name. */
  readonly display: string
}

/** A directory object that a manifest names. */
export interface ResolvedMember extends GroupMember {
  readonly kind: 'user' | 'group' | 'servicePrincipal' | 'device' | 'other'
  /** Absent when there is nothing to know before making it a member. */
  readonly state?: 'disabled' | 'invited' | 'noSecurityGroup'
}

/** Why somebody whom a manifest names could not be resolved, and whom a person may have meant. */
export interface UnresolvedMember {
  readonly reason: 'several' | 'deleted' | 'unknown'
  readonly candidates: readonly GroupMember[]
}

/** Whose a group is: names of groups are not unique, and whoever owns a group decides who is in it. */
export type GroupOwnership =
  /** `missing`: object ids of identities of this environment that should own it as well. */
  | { readonly kind: 'ours'; readonly missing: readonly string[] }
  | { readonly kind: 'nobody' }
  /** Somebody else owns it, alone or besides: who that is. */
  | { readonly kind: 'others'; readonly owners: readonly string[] }
  /** Whoever is signed in may not see it. */
  | { readonly kind: 'unknown' }

/** A group as it is in Entra. */
export interface ActualGroup {
  readonly objectId: string
  readonly displayName: string
  readonly ownership: GroupOwnership
  readonly members: readonly GroupMember[]
}

/** A role assignment as it is in Azure. */
export interface ActualAssignment {
  readonly plane: RolePlane
  /** Resource id of the assignment itself. */
  readonly id: string
  readonly scope: string
  readonly principalId: string
  /** The role definition's id, or its last segment. */
  readonly roleDefinitionId: string
  /** Its description; assignments inside Cosmos DB have none. */
  readonly description?: string
  /** The expression that limits it; absent or empty when nothing does. */
  readonly condition?: string
}

/** What somebody may activate in Azure. */
export interface ActualEligibility {
  readonly id: string
  readonly scope: string
  readonly principalId: string
  /** The role definition's id, or its last segment. */
  readonly roleDefinitionId: string
  /** The expression that limits it; empty when nothing does. */
  readonly condition: string
  /** When it ends; undefined for one that does not. */
  readonly end: string | undefined
  readonly daysLeft: number | undefined
}

/** Who is eligible. `unlicensed`: the tenant cannot, so nobody is. `forbidden`: whoever is signed in may not see it. */
export type EligibleRead =
  | { readonly kind: 'known'; readonly eligible: readonly ActualEligibility[] }
  | { readonly kind: 'unlicensed' | 'forbidden' }

/** An assignment on a scope above that holds below as well: on a subscription or a management group. */
export interface InheritedAssignment extends ActualAssignment {
  /** Object ids of those of our principals that hold it: its own principal, or those in the group that it is for. */
  readonly heldBy: readonly string[]
  /** The scopes below that were asked for and that it holds in. */
  readonly holdsIn: readonly string[]
}

/** Whom earlier versions of the documents named, of those who are in a group and whom the documents do not name. */
export type FormerMembers =
  | {
      readonly kind: 'known'
      /** In lower case. */
      readonly objectIds: ReadonlyMap<GroupKey, ReadonlySet<string>>
      /** The names in them that find nobody today: whoever was called so may be called otherwise now. */
      readonly unresolved?: ReadonlyMap<GroupKey, readonly string[]>
      /** How many versions were read, where there are more. */
      readonly versions?: number
    }
  /** `why`: part of a sentence. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** What Entra and Azure have. */
export interface ActualAccess {
  /** Those of the desired groups that exist, and those of former personas. */
  readonly groups: ReadonlyMap<GroupKey, ActualGroup>
  /** Everyone the desired groups name, as far as Entra knows them. */
  readonly members: ReadonlyMap<Member, ResolvedMember>
  /** Of the others, what is known about why. */
  readonly unresolved?: ReadonlyMap<Member, UnresolvedMember>
  /** Absent when nobody had to ask, because the documents name all members. */
  readonly former?: FormerMembers
  /** Principal (object) ids of the managed identities that exist. */
  readonly identities: ReadonlyMap<ResourceKey, string>
  /** Object ids in {@link assignments} of which the directory knows nothing any more; only those that were asked for. */
  readonly gone: ReadonlySet<string>
  /** Assignments on the managed scopes and below; others are ignored. */
  readonly assignments: readonly ActualAssignment[]
  /** What our principals hold in the managed scopes by assignments on scopes above. */
  readonly inherited: readonly InheritedAssignment[]
  /** What may be activated in the managed scopes. */
  readonly eligible: EligibleRead
}

/** Of those who cannot activate anything, as identities. */
export const nobodyEligible: EligibleRead = { kind: 'known', eligible: [] }

/** One operation that closes the difference. They are listed in an order in which they can be applied. */
export type AccessOperation =
  | {
      readonly kind: 'invite'
      /** An e-mail address. */
      readonly address: string
      readonly tenantId: string
    }
  | { readonly kind: 'create-group'; readonly group: DesiredGroup }
  | { readonly kind: 'complete-owners'; readonly group: GroupKey; readonly groupName: string }
  | {
      readonly kind: 'add-members'
      readonly group: GroupKey
      /** Its display name. */
      readonly groupName: string
      readonly objectIds: readonly string[]
      /** Our groups to add; some exist only once they have been created. */
      readonly groups: readonly GroupKey[]
      /** Addresses of guests to add, who exist only once they have been invited. */
      readonly guests?: readonly string[]
    }
  | { readonly kind: 'assign'; readonly assignment: DesiredAssignment }
  | {
      readonly kind: 'set-condition'
      readonly assignment: DesiredAssignment
      /** The assignment that is there, with another condition, or with one where none is meant, or the other way round. */
      readonly existing: ActualAssignment
    }
  | {
      readonly kind: 'make-eligible'
      readonly assignment: EligibleDesired
      /** The id of the one that is there, which is extended or changed. */
      readonly replaces: string | undefined
    }
  | {
      readonly kind: 'end-eligibility'
      readonly eligibility: ActualEligibility
      readonly role: string
      readonly principalName: string
    }
  | {
      readonly kind: 'unassign'
      readonly assignment: ActualAssignment
      readonly role: string
      readonly principalName: string
    }
  | {
      readonly kind: 'remove-member'
      /**
       * `roles`: the group has none of its roles yet, and whoever is in it goes before it gets them. `all`: they leave and go
       * nowhere else, which nothing that comes may hold up.
       */
      readonly before?: 'roles' | 'all'
      readonly group: GroupKey
      readonly groupName: string
      readonly objectId: string
      readonly display: string
    }

/** Changes, and the operations that apply them. */
export interface Difference {
  readonly changes: readonly Change[]
  readonly operations: readonly AccessOperation[]
  readonly warnings: readonly string[]
}

/** The difference between what should be and what is. */
export interface AccessDifference extends Difference {
  /** Identities that should hold roles but do not exist: the project is not provisioned, or not yet. */
  readonly missingIdentities: readonly ResourceKey[]
}
