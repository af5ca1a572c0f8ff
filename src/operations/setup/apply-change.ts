import { writeFileSync } from 'node:fs'
import { assignmentName } from '../../access/role-assignment.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { type WrittenKeys, writeIdentities } from '../../manifest/write-identities.ts'
import type { SetupChange, Subject } from '../../setup/setup-change.ts'
import { readDocument } from '../documents.ts'
import type { SetupServices } from './setup-services.ts'

/**
 * Does one thing. All can be repeated.
 * @param created the client ids of the applications that this run has registered, by name; one more is added
 */
export async function applyChange(
  change: SetupChange,
  file: string,
  services: SetupServices,
  created: Map<string, string>,
): Promise<void> {
  const { applications, principals, roles, groups, resources, graph, githubEnvironments } = services
  switch (change.kind) {
    case 'githubEnvironment':
      return githubEnvironments.restrict(change.environment.name, change.branch, change.exists)
    case 'resourceGroup': {
      const { id, location, tags } = change.group
      await resources.put(id, apiVersions['Microsoft.Resources/resourceGroups'], { location, tags })
      return
    }
    case 'roleDefinition':
      return roles.define(change.definition)
    case 'formerRoleDefinition':
      return roles.undefine(change.role)
    case 'application': {
      const { name, environment, kind } = change.identity
      const { clientId } = await applications.create(name)
      created.set(name, clientId)
      if (kind !== 'people')
        writeKeys(file, { [environment]: kind === 'plan' ? { plan: { clientId } } : { clientId } })
      return
    }
    case 'servicePrincipal': {
      const { environment, kind } = change.identity
      const { clientId, objectId } = await principals.create(known(change.identity.clientId))
      if (kind === 'people') writeKeys(file, { [environment]: { people: { clientId, objectId } } })
      return
    }
    case 'credential':
      return writeCredential(change, services)
    case 'role': {
      const { scope, id: roleId, condition } = change.role
      const principalId = objectIdOf(change.identity)
      const assignment = change.assignment ?? assignmentName({ scope, principalId, roleDefinitionId: roleId })
      return roles.assign({ assignment, scope, principalId, roleId }, condition)
    }
    case 'permission': {
      const appRoleId = known(graph.permissionIds.get(change.permission))
      return principals.grant(objectIdOf(change.identity), { resourceId: graph.objectId, appRoleId })
    }
    case 'directoryRole':
      return principals.assignDirectoryRole(objectIdOf(change.identity), change.role.id, change.role.scope)
    case 'formerPermission':
      return principals.withdraw(objectIdOf(change.identity), change.grant)
    case 'owner':
      return groups.addOwner(change.group.objectId, objectIdOf(change.identity))
    case 'formerOwner':
      return groups.removeOwner(change.group.objectId, change.owner.objectId)
    case 'manifest':
      writeFileSync(file, writeIdentities(readDocument(file, 'factory-file'), change.keys))
  }
}

/** At once: a run that breaks off leaves a factory.yml with which somebody else can go on. */
const writeKeys = (file: string, environments: WrittenKeys['environments']): void =>
  writeFileSync(file, writeIdentities(readDocument(file, 'factory-file'), { environments }))

async function writeCredential(
  { credential, principal, instead }: Extract<SetupChange, { kind: 'credential' }>,
  { applications, managedCredentials }: SetupServices,
): Promise<void> {
  const { audience, ...rest } = credential
  const written = { ...rest, audiences: [audience] }
  const place = known(principal)
  if (place.kind === 'application') {
    await applications.writeCredential(place.objectId, written, instead?.id)
    return
  }
  await managedCredentials.write(place.resourceId, written)
}

const objectIdOf = ({ objectId }: Subject): string => known(objectId)

/** A change is done only when all is known that it takes. */
function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('A change was begun before all was known that it takes.')
  return value
}
