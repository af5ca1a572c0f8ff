import type { ActualAssignment, DesiredAccess } from '../../access/model.ts'
import type { Resources } from '../../azure/resources.ts'
import type { RoleAssignments } from '../../azure/role-assignments.ts'
import { isWithin } from '../../resource-id.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

async function readAzureAssignments(
  desired: DesiredAccess,
  roleAssignments: RoleAssignments,
): Promise<readonly ActualAssignment[]> {
  const wanted = desired.assignments.filter(({ plane }) => plane === 'azure').map(({ scope }) => scope)
  const outside = wanted.filter((scope) => !desired.managedScopes.some((outer) => isWithin(scope, outer)))
  const scopes = [...new Set([...desired.managedScopes, ...outside])]
  const lists = await Promise.all(scopes.map((scope) => roleAssignments.listWithin(scope)))
  return lists.flat().map((assignment) => ({ plane: 'azure', ...assignment }))
}

async function readCosmosAssignments(
  desired: DesiredAccess,
  resources: Resources,
): Promise<readonly ActualAssignment[]> {
  const accounts = new Set(
    desired.assignments.filter(({ plane }) => plane === 'cosmos').map(({ scope }) => scope),
  )
  const lists = await Promise.all(
    [...accounts].map((account) => resources.list(`${account}/${cosmosAssignments}`, cosmosApiVersion)),
  )
  return lists.flat().map(({ id, properties }) => ({
    plane: 'cosmos',
    id,
    scope: text(properties['scope']),
    principalId: text(properties['principalId']),
    roleDefinitionId: text(properties['roleDefinitionId']),
  }))
}

/** The role assignments on the managed scopes and on what roles are desired for, Cosmos DB's own among them. */
export async function readAssignments(
  desired: DesiredAccess,
  { resources, roleAssignments }: Pick<AccessServices, 'resources' | 'roleAssignments'>,
): Promise<readonly ActualAssignment[]> {
  const lists = await Promise.all([
    readAzureAssignments(desired, roleAssignments),
    readCosmosAssignments(desired, resources),
  ])
  return lists.flat()
}
