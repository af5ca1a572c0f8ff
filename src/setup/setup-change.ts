import type { WrittenKeys } from '../manifest/write-identities.ts'
import type { RolePermissions } from '../role-permissions.ts'
import type {
  ActualCredential,
  ActualGroup,
  CredentialPrincipal,
  FormerRole,
  GroupOwner,
} from './actual-setup.ts'
import type {
  Credential,
  DesiredIdentity,
  DesiredResourceGroup,
  DesiredRole,
  DesiredRoleDefinition,
} from './desired-setup.ts'
import type { DesiredDirectoryRole } from './directory-rights.ts'
import type { GitHubEnvironment } from './github-environments.ts'

/** An identity that a change is about. What it is known by is absent until it has been created. */
export interface Subject extends Pick<DesiredIdentity, 'environment' | 'kind' | 'name'> {
  readonly clientId: string | undefined
  /** Of its service principal. */
  readonly objectId: string | undefined
  /** Those who could sign in as it, besides whoever runs set-up. */
  readonly otherOwners: readonly string[]
}

/** One thing that set-up does. */
export type SetupChange =
  | {
      readonly kind: 'githubEnvironment'
      readonly repository: string
      readonly environment: GitHubEnvironment
      readonly branch: string
      readonly exists: boolean
    }
  | { readonly kind: 'resourceGroup'; readonly group: DesiredResourceGroup }
  | {
      readonly kind: 'roleDefinition'
      readonly definition: DesiredRoleDefinition
      /** What it lets do now; undefined when it is to be created. */
      readonly before: RolePermissions | undefined
    }
  | { readonly kind: 'application'; readonly identity: Subject }
  | { readonly kind: 'servicePrincipal'; readonly identity: Subject }
  | {
      readonly kind: 'credential'
      readonly identity: Subject
      readonly credential: Credential
      /** Absent until there is an application. */
      readonly principal: CredentialPrincipal | undefined
      /** The one of this name that is there, and changed. */
      readonly instead: ActualCredential | undefined
      /** The GitHub environment that other branches can still use, or whoever adds it. */
      readonly openEnvironment: GitHubEnvironment | undefined
    }
  | {
      readonly kind: 'role'
      readonly identity: Subject
      readonly role: DesiredRole
      /** The assignment that lacks the condition. */
      readonly assignment: string | undefined
    }
  | { readonly kind: 'permission'; readonly identity: Subject; readonly permission: string }
  | { readonly kind: 'directoryRole'; readonly identity: Subject; readonly role: DesiredDirectoryRole }
  | { readonly kind: 'owner'; readonly group: ActualGroup; readonly identity: Subject }
  | { readonly kind: 'formerOwner'; readonly group: ActualGroup; readonly owner: GroupOwner }
  | {
      readonly kind: 'formerPermission'
      readonly identity: Subject
      readonly permission: string
      /** Id of what granted it. */
      readonly grant: string
    }
  | { readonly kind: 'formerRoleDefinition'; readonly role: FormerRole }
  | { readonly kind: 'manifest'; readonly keys: WrittenKeys; readonly lines: readonly string[] }

/** The kinds in the order in which they are done: what others need comes first, and nothing is taken away before the rest is there. */
export const changeKinds = [
  'githubEnvironment',
  'resourceGroup',
  'roleDefinition',
  'application',
  'servicePrincipal',
  'manifest',
  'credential',
  'role',
  'permission',
  'directoryRole',
  'owner',
  'formerOwner',
  'formerPermission',
  'formerRoleDefinition',
] as const satisfies readonly SetupChange['kind'][]

const untilRegistered = 'its application has to be registered first'
const untilPrincipal = 'its service principal has to be created first'
const untilDefined = 'the role has to be defined first'
const untilReplaced = 'what comes in its place has to be there first'

/** What has to be done before it can be; undefined when it can. */
export function waitsFor(change: SetupChange, rest: readonly SetupChange[]): string | undefined {
  switch (change.kind) {
    case 'credential':
      if (change.openEnvironment !== undefined)
        return `the GitHub environment ${change.openEnvironment.name} has to take jobs of ${change.openEnvironment.branch} only first`
      return change.principal === undefined ? untilRegistered : undefined
    case 'servicePrincipal':
      return change.identity.clientId === undefined ? untilRegistered : undefined
    case 'role':
      return rest.some((other) => defines(other, change)) ? untilDefined : untilSafe(change.identity)
    case 'permission':
    case 'directoryRole':
    case 'owner':
      return untilSafe(change.identity)
    case 'formerOwner':
    case 'formerPermission':
      return rest.some((other) => replaces(other, change)) ? untilReplaced : undefined
    default:
      return undefined
  }
}

/** Nothing is given to what others could sign in as. */
function untilSafe({ otherOwners, objectId }: Subject): string | undefined {
  if (otherOwners.length > 0) return `it belongs to ${otherOwners.join(', ')}, who could sign in as it`
  return objectId === undefined ? untilPrincipal : undefined
}

/** Is it the definition of the role that the other one assigns? Azure does not assign what is not there. */
const defines = (change: SetupChange, { role }: Extract<SetupChange, { kind: 'role' }>): boolean =>
  change.kind === 'roleDefinition' && change.before === undefined && change.definition.id === role.id

/** Does it come in the place of what the other one takes away? Nothing is taken before that. */
function replaces(
  change: SetupChange,
  taken: Extract<SetupChange, { kind: 'formerOwner' | 'formerPermission' }>,
): boolean {
  switch (change.kind) {
    case 'owner':
    case 'formerOwner':
      return taken.kind === 'formerOwner'
        ? change.kind === 'owner' && change.group.objectId === taken.group.objectId
        : change.group.environment === taken.identity.environment
    case 'servicePrincipal':
    case 'credential':
    case 'role':
    case 'permission':
    case 'directoryRole':
      return taken.kind === 'formerPermission' && who(change.identity) === who(taken.identity)
    default:
      return false
  }
}

const who = ({ environment, kind }: Pick<Subject, 'environment' | 'kind'>): string => `${kind} ${environment}`

/** What makes it the same change when it is looked for again. */
export function changeKey(change: SetupChange): string {
  switch (change.kind) {
    case 'resourceGroup':
      return `${change.kind} ${change.group.id}`
    case 'githubEnvironment':
      return `${change.kind} ${change.environment.name}`
    case 'roleDefinition':
      return `${change.kind} ${change.definition.id}`
    case 'formerRoleDefinition':
      return `${change.kind} ${change.role.id}`
    case 'application':
    case 'servicePrincipal':
      return `${change.kind} ${who(change.identity)}`
    case 'credential':
      return `${change.kind} ${who(change.identity)} ${change.credential.subject}`
    case 'role':
    case 'directoryRole':
      return `${change.kind} ${who(change.identity)} ${change.role.id} ${change.role.scope}`
    case 'permission':
    case 'formerPermission':
      return `${change.kind} ${who(change.identity)} ${change.permission}`
    case 'owner':
      return `${change.kind} ${change.group.objectId} ${who(change.identity)}`
    case 'formerOwner':
      return `${change.kind} ${change.group.objectId} ${change.owner.objectId}`
    case 'manifest':
      return `${change.kind} ${change.lines.join(' ')}`
  }
}
