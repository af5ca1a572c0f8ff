import { shellArgument, shellQuoted } from '../diagnostics/shell.ts'
import { lastSegment, resourceGroupIdOf, subscriptionOf } from '../resource-id.ts'
import type { CredentialPrincipal } from './actual-setup.ts'
import type { Credential, DesiredRoleDefinition } from './desired-setup.ts'
import type { SetupChange, Subject } from './setup-change.ts'

/** Where the commands go, and what Microsoft Graph is called in this tenant. */
export interface CommandPlace {
  /** Address of Azure Resource Manager. */
  readonly resourceManager: string
  /** Address of Microsoft Graph. */
  readonly graph: string
  /** Object id of Microsoft Graph's service principal. */
  readonly graphObjectId: string
  /** The ids of Microsoft Graph's application permissions. */
  readonly permissionIds: ReadonlyMap<string, string>
}

/** The commands that do the same as a change that waits for no other, for whoever has the right to it. Bash, signed in with the Azure CLI. */
export function commandsFor(change: SetupChange, place: CommandPlace): readonly string[] {
  switch (change.kind) {
    case 'githubEnvironment': {
      const at = `repos/${change.repository}/environments/${encodeURIComponent(change.environment.name)}`
      const only = ['protected_branches=false', 'custom_branch_policies=true'].map(
        (setting) => `-F 'deployment_branch_policy[${setting.replace('=', ']=')}'`,
      )
      const made = change.exists ? [] : [`gh api --method PUT ${at} ${only.join(' ')}`]
      return [
        ...made,
        `gh api --method POST ${at}/deployment-branch-policies -f name=${shellArgument(change.branch)}`,
      ]
    }
    case 'resourceGroup': {
      const { id, location, tags } = change.group
      const words = Object.entries(tags).map(([name, value]) => shellArgument(`${name}=${value}`))
      const tagged = words.length === 0 ? '' : ` --tags ${words.join(' ')}`
      return [
        `az group create --subscription ${subscriptionOf(id)} --name ${shellArgument(lastSegment(id))} --location ${location}${tagged}`,
      ]
    }
    case 'roleDefinition':
      return [definitionCommand(change.definition, place)]
    case 'formerRoleDefinition':
      return [`az rest --method DELETE --url ${shellQuoted(definitionUrl(change.role, place))}`]
    case 'application':
      return [
        `az ad app create --display-name ${shellArgument(change.identity.name)} --sign-in-audience AzureADMyOrg --query appId --output tsv   # into factory.yml, as ${keyOf(change.identity)}`,
      ]
    case 'servicePrincipal':
      return [`az ad sp create --id ${clientIdOf(change.identity)}`]
    case 'credential':
      return [credentialCommand(change)]
    case 'role':
      return roleCommands(change)
    case 'permission':
      return [permissionCommand(change, place)]
    case 'directoryRole':
      return [directoryRoleCommand(change, place)]
    case 'formerPermission':
      return [
        `az rest --method DELETE --url ${place.graph}/v1.0/servicePrincipals/${objectIdOf(change.identity)}/appRoleAssignments/${shellArgument(change.grant)}`,
      ]
    case 'owner':
      return [
        `az ad group owner add --group ${change.group.objectId} --owner-object-id ${objectIdOf(change.identity)}`,
      ]
    case 'formerOwner':
      return [
        `az ad group owner remove --group ${change.group.objectId} --owner-object-id ${change.owner.objectId}`,
      ]
    case 'manifest':
      return []
  }
}

/** Set-up uses an application of somebody else's only when factory.yml names it. */
const keyOf = ({ environment, kind }: Subject): string =>
  kind === 'deliver'
    ? `environments.${environment}.clientId`
    : `environments.${environment}.identities.${kind}.clientId`

/** Never by its name, which anybody may give an application of theirs: what is not registered yet has no commands. */
const clientIdOf = ({ clientId }: Subject): string => known(clientId)

const objectIdOf = ({ objectId }: Subject): string => known(objectId)

function known(id: string | undefined): string {
  if (id === undefined) throw new TypeError('A command was asked for before all was known that it takes.')
  return id
}

const definitionUrl = (
  { id, scope }: Pick<DesiredRoleDefinition, 'id' | 'scope'>,
  { resourceManager }: CommandPlace,
): string =>
  `${resourceManager}${scope}/providers/Microsoft.Authorization/roleDefinitions/${id}?api-version=2022-04-01`

/** By REST, since the command of its own gives the role another id each time. */
function definitionCommand(
  { id, name, description, permissions, scope }: DesiredRoleDefinition,
  place: CommandPlace,
): string {
  const body = JSON.stringify({
    properties: {
      roleName: name,
      description,
      type: 'CustomRole',
      permissions: [permissions],
      assignableScopes: [scope],
    },
  })
  const url = definitionUrl({ id, scope }, place)
  return `az rest --method PUT --url ${shellQuoted(url)} --body ${shellQuoted(body)}`
}

function credentialCommand({
  identity,
  credential,
  principal,
  instead,
}: Extract<SetupChange, { kind: 'credential' }>): string {
  if (principal?.kind === 'managedIdentity') return managedCredentialCommand(principal, credential)
  const { name, issuer, subject, audience } = credential
  const parameters = shellQuoted(JSON.stringify({ name, issuer, subject, audiences: [audience] }))
  const which =
    instead === undefined ? 'create' : `update --federated-credential-id ${shellArgument(instead.id)}`
  return `az ad app federated-credential ${which} --id ${clientIdOf(identity)} --parameters ${parameters}`
}

const managedCredentialCommand = (
  { resourceId }: Extract<CredentialPrincipal, { kind: 'managedIdentity' }>,
  { name, issuer, subject, audience }: Credential,
): string =>
  [
    `az identity federated-credential create --subscription ${subscriptionOf(resourceId)}`,
    `--resource-group ${shellArgument(lastSegment(resourceGroupIdOf(resourceId)))}`,
    `--identity-name ${shellArgument(lastSegment(resourceId))} --name ${shellArgument(name)}`,
    `--issuer ${shellArgument(issuer)} --subject ${shellArgument(subject)} --audiences ${shellArgument(audience)}`,
  ].join(' ')

/** A condition is given with the role, so a role that lacks it is taken away first. */
function roleCommands({
  identity,
  role,
  assignment,
}: Extract<SetupChange, { kind: 'role' }>): readonly string[] {
  const { id, scope, condition } = role
  const limited =
    condition === undefined ? '' : ` --condition ${shellQuoted(condition)} --condition-version 2.0`
  const create = `az role assignment create --assignee-object-id ${objectIdOf(identity)} --assignee-principal-type ServicePrincipal --role ${id} --scope ${shellArgument(scope)}${limited}`
  if (assignment === undefined) return [create]
  const remove = `az role assignment delete --ids ${shellArgument(`${scope}/providers/Microsoft.Authorization/roleAssignments/${assignment}`)}`
  return [remove, create]
}

function directoryRoleCommand(
  { identity, role }: Extract<SetupChange, { kind: 'directoryRole' }>,
  { graph }: CommandPlace,
): string {
  const body = { principalId: objectIdOf(identity), roleDefinitionId: role.id, directoryScopeId: role.scope }
  const url = `${graph}/v1.0/roleManagement/directory/roleAssignments`
  return `az rest --method POST --url ${url} --body ${shellQuoted(JSON.stringify(body))}`
}

function permissionCommand(
  { identity, permission }: Extract<SetupChange, { kind: 'permission' }>,
  { graph, graphObjectId, permissionIds }: CommandPlace,
): string {
  const rest = { resourceId: graphObjectId, appRoleId: permissionIds.get(permission) ?? '' }
  const principal = objectIdOf(identity)
  const url = `${graph}/v1.0/servicePrincipals/${graphObjectId}/appRoleAssignedTo`
  const body = JSON.stringify({ ...rest, principalId: principal })
  return `az rest --method POST --url ${url} --body ${shellQuoted(body)}`
}
