import type { ActualAccess, DesiredAccess, ResolvedMember } from './model.ts'

/** What an audit looks for, each with what it means. */
export const auditKinds = {
  'direct-assignment': 'a person has a role themselves, and not by a group',
  'orphaned-assignment': 'a role of somebody whom the directory does not have any more',
  'disabled-account': 'somebody in a group who cannot sign in',
  'foreign-member': 'somebody in a group whom no manifest names',
  'beyond-manifest': 'a role that no manifest asks for',
  'other-condition': 'a role that is limited otherwise than the documents mean, or not at all',
  'unasked-group': 'a group of the factory with people in it that no document asks for',
  'unowned-group': 'a group that nobody owns, so that nobody here can change it',
  'foreign-owner': 'a group that somebody else owns, who decides who is in it',
  'not-audited': 'what could not be looked at, so that nobody knows',
} as const
/** One of them. */
export type AuditKind = keyof typeof auditKinds

/** One thing that should not be. */
export interface AuditFinding {
  readonly kind: AuditKind
  /** Of which project or group it was found, e.g. `project 001`. */
  readonly of: string
  /** Whom it is about, as people know them; the object id where nobody knows. */
  readonly who: string
  /** Object id. */
  readonly whoId?: string
  /** A group, or the id of a resource. */
  readonly where: string
  /** One sentence. */
  readonly what: string
  readonly fix: string
}

/** What an audit is about: the people and roles of a project, or of the core team. */
export interface AuditSubject {
  /** E.g. `project 001`. */
  readonly title: string
  readonly desired: DesiredAccess
  readonly actual: ActualAccess
  /** Within these scopes nobody else should have a role; elsewhere only people and those who are gone are looked at. */
  readonly ownScopes: readonly string[]
  /** Who else may have roles within them: others judge what these have; nobody, where it is absent. */
  readonly mayHave?: (stranger: ResolvedMember) => boolean
  /** What the directory has of those who are in the groups or have roles, by object id in lower case. */
  readonly known: ReadonlyMap<string, ResolvedMember>
}
