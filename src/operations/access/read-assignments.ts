import type { ActualAssignment, DesiredAccess } from '../../access/model.ts'
import type { Resources } from '../../azure/resources.ts'
import type { RoleAssignments } from '../../azure/role-assignments.ts'
import { isWithin } from '../../resource-id.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An assignment on a scope above those that were asked for. */
export interface AssignmentAbove extends ActualAssignment {
  readonly principalType: string
  /** The scopes that were asked for and that it holds in. */
  readonly holdsIn: readonly string[]
}

/** Role assignments, by where they are. */
export interface AssignmentsRead {
  /** On the managed scopes and on what roles are desired for. */
  readonly assignments: readonly ActualAssignment[]
  /** On subscriptions, management groups and whatever else is above. */
  readonly above: readonly AssignmentAbove[]
}

async function readAzureAssignments(
  desired: DesiredAccess,
  roleAssignments: RoleAssignments,
): Promise<AssignmentsRead> {
  const wanted = desired.assignments.filter(({ plane }) => plane === 'azure').map(({ scope }) => scope)
  const outside = wanted.filter((scope) => !desired.managedScopes.some((outer) => isWithin(scope, outer)))
  const scopes = [...new Set([...desired.managedScopes, ...outside])]
  const lists = await Promise.all(
    scopes.map(async (scope) => {
      const around = await roleAssignments.listAround(scope)
      return around.map((one) => ({ ...one, plane: 'azure' as const, asked: scope }))
    }),
  )
  // What is above several of the scopes is listed for each of them.
  const [within, above] = [new Map<string, ActualAssignment>(), new Map<string, AssignmentAbove>()]
  for (const { asked, ...one } of lists.flat()) {
    const id = one.id.toLowerCase()
    if (scopes.some((scope) => isWithin(one.scope, scope))) within.set(id, one)
    else above.set(id, { ...one, holdsIn: [...(above.get(id)?.holdsIn ?? []), asked] })
  }
  return { assignments: [...within.values()], above: [...above.values()] }
}

async function readCosmosAssignments(
  desired: DesiredAccess,
  resources: Resources,
): Promise<readonly ActualAssignment[]> {
  const accounts = new Set([
    ...(desired.cosmosAccounts ?? []),
    ...desired.assignments.filter(({ plane }) => plane === 'cosmos').map(({ scope }) => scope),
  ])
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

/** The role assignments on the managed scopes and on what roles are desired for, Cosmos DB's own among them, and those above. */
export async function readAssignments(
  desired: DesiredAccess,
  { resources, roleAssignments }: Pick<AccessServices, 'resources' | 'roleAssignments'>,
): Promise<AssignmentsRead> {
  const [{ assignments, above }, inCosmos] = await Promise.all([
    readAzureAssignments(desired, roleAssignments),
    readCosmosAssignments(desired, resources),
  ])
  return { assignments: [...assignments, ...inCosmos], above }
}
