import type {
  ActualAccess,
  ActualAssignment,
  ActualGroup,
  DesiredAccess,
  GroupKey,
  ResolvedMember,
} from '../../access/model.ts'
import type { Directory } from '../../azure/directory.ts'
import type { Resources } from '../../azure/resources.ts'
import type { RoleAssignments } from '../../azure/role-assignments.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, type ResourceKey } from '../../catalog/index.ts'
import type { ResourceIds } from '../../catalog/resource-ids.ts'
import { isWithin } from '../../resource-id.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

async function readGroups(
  desired: DesiredAccess,
  directory: Directory,
): Promise<ReadonlyMap<GroupKey, ActualGroup>> {
  const found = await Promise.all(
    desired.groups.map(async ({ key, uniqueName }) => [key, await directory.findGroup(uniqueName)] as const),
  )
  return new Map(found.flatMap(([key, group]) => (group === undefined ? [] : [[key, group] as const])))
}

const readMembers = (
  { groups }: DesiredAccess,
  { resolve }: Directory,
): Promise<ReadonlyMap<string, ResolvedMember>> =>
  resolve(new Set(groups.flatMap(({ members, remove }) => [...members, ...remove])))

async function readIdentity(key: ResourceKey, id: string, resources: Resources): Promise<string | undefined> {
  const { type, identity } = catalogue.resources[key]
  if (identity === undefined)
    throw new Error(`The catalogue does not say how to find the identity of '${key}'.`)
  const resource = await resources.read(id, apiVersions[type])
  const principalId =
    identity === 'system' ? resource?.identityPrincipalId : text(resource?.properties['principalId'])
  return principalId === '' ? undefined : principalId
}

async function readIdentities(
  desired: DesiredAccess,
  ids: ResourceIds,
  resources: Resources,
): Promise<ReadonlyMap<ResourceKey, string>> {
  const keys = new Set([
    ...desired.assignments.flatMap(({ principal }) => ('identity' in principal ? [principal.identity] : [])),
    ...desired.groups.flatMap(({ memberIdentities }) => memberIdentities),
  ])
  const found = await Promise.all(
    [...keys].map(async (key) => [key, await readIdentity(key, ids[key], resources)] as const),
  )
  return new Map(
    found.flatMap(([key, principal]) => (principal === undefined ? [] : [[key, principal] as const])),
  )
}

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

/** Reads who is in the groups and who holds which role. Changes nothing. */
export async function readAccess(
  desired: DesiredAccess,
  ids: ResourceIds,
  { directory, resources, roleAssignments }: AccessServices,
): Promise<ActualAccess> {
  const [groups, members, identities, azure, cosmos] = await Promise.all([
    readGroups(desired, directory),
    readMembers(desired, directory),
    readIdentities(desired, ids, resources),
    readAzureAssignments(desired, roleAssignments),
    readCosmosAssignments(desired, resources),
  ])
  return { groups, members, identities, assignments: [...azure, ...cosmos] }
}
