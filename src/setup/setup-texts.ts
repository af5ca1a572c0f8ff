import { quoted } from '../diagnostics/escape.ts'
import { lastSegment, subscriptionOf } from '../resource-id.ts'
import { listedPatterns, permissionDifference } from '../role-permissions.ts'
import { identityKindDefinitions } from './identity-kinds.ts'
import type { SetupChange, Subject } from './setup-change.ts'

const nameOf = ({ name }: Subject): string => quoted(name)

/** A place in Azure, as people call it. */
const placeOf = (scope: string): string =>
  /\/resourceGroups\//i.test(scope)
    ? `resource group ${quoted(lastSegment(scope))}`
    : `subscription ${subscriptionOf(scope)}`

/** What a change does, as one line of a list. */
export function describeChange(change: SetupChange): string {
  switch (change.kind) {
    case 'githubEnvironment':
      return `${change.exists ? 'Let' : 'Create'} the GitHub environment ${quoted(change.environment.name)}${change.exists ? ' take jobs of' : ', for jobs of'} ${quoted(change.branch)} only`
    case 'resourceGroup':
      return `Create ${placeOf(change.group.id)} in ${change.group.location}`
    case 'roleDefinition':
      return describeDefinition(change)
    case 'formerRoleDefinition':
      return `Delete the role ${quoted(change.role.name)}, which nobody has any more`
    case 'application':
      return `Register the application ${nameOf(change.identity)}. ${purposeOf(change.identity)}`
    case 'servicePrincipal':
      return `Create the service principal of ${nameOf(change.identity)}`
    case 'credential':
      return `Let ${nameOf(change.identity)} sign in as ${quotedWhole(change.credential.subject)}${change.instead === undefined ? '' : `, and no longer as ${quotedWhole(change.instead.subject)}`}`
    case 'role':
      return describeRole(change)
    case 'permission':
      return `Grant ${nameOf(change.identity)} ${change.permission} in Microsoft Graph`
    case 'directoryRole':
      return `Give ${nameOf(change.identity)} the role ${change.role.name} in the directory, ${change.role.scope === '/' ? 'for the tenant' : `at the administrative unit ${lastSegment(change.role.scope)}`}`
    case 'formerPermission':
      return `Take ${change.permission} in Microsoft Graph from ${nameOf(change.identity)}: it reaches the groups of every environment`
    case 'owner':
      return `Make ${nameOf(change.identity)} an owner of the group ${quoted(change.group.name)} (${change.group.memberCount} ${change.group.memberCount === 1 ? 'member' : 'members'})`
    case 'formerOwner':
      return `Take the ownership of the group ${quoted(change.group.name)} from ${quoted(change.owner.display)}`
    case 'manifest':
      return `Write into factory.yml: ${change.lines.join('; ')}`
  }
}

/** Subjects are longer than other quotations, and only of use whole. */
export const quotedWhole = (text: string): string => `'${text.replaceAll(/[^\x20-\x7e]/g, '?')}'`

const purposeOf = ({ kind, environment }: Subject): string => {
  const { title, githubEnvironment } = identityKindDefinitions[kind]
  return `${title}, in jobs of the GitHub environment ${githubEnvironment(environment)}`
}

const describeRole = ({ identity, role, assignment }: Extract<SetupChange, { kind: 'role' }>): string => {
  const limit =
    role.condition === undefined
      ? ''
      : ', limited to the roles that AI Factory Actions assign, for groups and identities'
  const verb = assignment === undefined ? 'Assign' : 'Limit'
  return `${verb} the role ${quoted(role.name)} on ${placeOf(role.scope)} ${assignment === undefined ? 'to' : 'of'} ${nameOf(identity)}${limit}`
}

/** Who may do it, when the one who runs set-up may not. */
export function whoMay(change: SetupChange): string {
  switch (change.kind) {
    case 'githubEnvironment':
      return 'an administrator of the repository on GitHub'
    case 'resourceGroup':
      return 'a Contributor of the subscription'
    case 'roleDefinition':
    case 'formerRoleDefinition':
    case 'role':
      return 'an Owner of that place'
    case 'application':
    case 'servicePrincipal':
      return 'an Application Developer or Application Administrator in Entra ID'
    case 'credential':
      return change.principal?.kind === 'managedIdentity'
        ? 'a Contributor of the managed identity'
        : 'an owner of the application, or an Application Administrator in Entra ID'
    case 'permission':
    case 'directoryRole':
    case 'formerPermission':
      return 'a Privileged Role Administrator in Entra ID'
    case 'owner':
    case 'formerOwner':
      return 'an owner of the group, or a Groups Administrator in Entra ID'
    case 'manifest':
      return 'who may write the file'
  }
}

/** Who holds the role gains and loses with it, in every project of the environment. */
function describeDefinition({
  definition,
  before,
}: Extract<SetupChange, { kind: 'roleDefinition' }>): string {
  const { name, description, permissions } = definition
  if (before === undefined) return `Create the role ${quoted(name)}: ${description}`
  const { missing, beyond } = permissionDifference(permissions, before)
  const gained = missing.length === 0 ? [] : [`gains ${listedPatterns(missing)}`]
  const lost = beyond.length === 0 ? [] : [`loses ${listedPatterns(beyond)}`]
  return `Update the role ${quoted(name)}: whoever holds it ${[...gained, ...lost].join(' and ')}`
}
