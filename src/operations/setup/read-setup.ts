import { unlessForbidden } from '../../azure/failure.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { sameText } from '../../resource-id.ts'
import type { ActualGroup, ActualSetup, FormerRole } from '../../setup/actual-setup.ts'
import type { DesiredSetup } from '../../setup/desired-setup.ts'
import { isGroupOf } from './group-names.ts'
import { readIdentities } from './read-identity.ts'
import type { SetupServices } from './setup-services.ts'
import type { SetupTarget } from './setup-target.ts'

/** What there is of a set-up. Where the person may not look, nothing is there: writing says what is lacking. */
export async function readSetup(
  target: SetupTarget,
  desired: DesiredSetup,
  services: SetupServices,
): Promise<ActualSetup> {
  const [resourceGroups, roleDefinitions, formerRoles, identities, groups, gitHub] = await Promise.all([
    readResourceGroups(desired, services),
    readRoleDefinitions(desired, services),
    readFormerRoles(target, desired, services),
    readIdentities(target, desired, services),
    readGroups(target, services),
    readGitHub(desired, services),
  ])
  return { resourceGroups, roleDefinitions, formerRoles, identities, groups, ...gitHub }
}

async function readResourceGroups(
  { resourceGroups }: DesiredSetup,
  { resources }: SetupServices,
): Promise<readonly string[]> {
  const version = apiVersions['Microsoft.Resources/resourceGroups']
  const found = await Promise.all(
    resourceGroups.map(({ id }) => unlessForbidden(() => resources.read(id, version), undefined)),
  )
  return resourceGroups.flatMap(({ id }, index) => (found[index] === undefined ? [] : [id]))
}

async function readRoleDefinitions(
  { roleDefinitions }: DesiredSetup,
  { roles }: SetupServices,
): Promise<ActualSetup['roleDefinitions']> {
  const found = await Promise.all(
    roleDefinitions.map(async ({ id, scope }) => {
      const permissions = await unlessForbidden(() => roles.permissionsOf(scope, id), undefined)
      return permissions === undefined ? [] : [[id, permissions] as const]
    }),
  )
  return new Map(found.flat())
}

/** The roles that set-up has defined for somebody who has none any more. */
async function readFormerRoles(
  { environments }: SetupTarget,
  { roleDefinitions }: DesiredSetup,
  { roles }: SetupServices,
): Promise<readonly FormerRole[]> {
  const desired = new Set(roleDefinitions.map(({ id }) => id))
  const found = environments.map(async ({ factory, isProjectRole }) => {
    const scope = `/subscriptions/${factory.subscriptionId}`
    const custom = await unlessForbidden(() => roles.customAt(scope), [])
    const former = custom.filter((role) => isProjectRole(role) && !desired.has(role.id))
    const assigned = former.length === 0 ? [] : await roles.assignedAt(scope)
    return former.map((role) => ({
      ...role,
      environment: factory.environment,
      scope,
      assignments: assigned.filter((id) => sameText(id, role.id)).length,
    }))
  })
  return (await Promise.all(found)).flat()
}

/** The groups of all environments that have a name of the factory's. */
async function readGroups(
  { environments, groupPrefix }: SetupTarget,
  { groups }: SetupServices,
): Promise<readonly ActualGroup[]> {
  const found = await groups.beginningWith(groupPrefix)
  return found.flatMap(({ mailNickname, ...group }) => {
    const environment = environments.find(({ factory }) => isGroupOf(mailNickname, factory))
    return environment === undefined
      ? []
      : [{ ...group, name: mailNickname, environment: environment.factory.environment }]
  })
}

/** The environments that not every branch may use; and, where one has no reviewers, whether pull requests have. */
async function readGitHub(
  { identities, defaultBranch }: DesiredSetup,
  { githubEnvironments: { read, needsApproval } }: SetupServices,
): Promise<Pick<ActualSetup, 'githubEnvironments' | 'mergesAreApproved'>> {
  const restricted = identities.filter(({ github }) => github.branch !== undefined)
  const found = await Promise.all(
    restricted.map(async ({ github }) => ({ github, actual: await read(github.name) })),
  )
  const isAsked = found.some(
    ({ github, actual }) => github.needsApproval && !(actual.kind === 'there' && actual.hasReviewers),
  )
  return {
    githubEnvironments: new Map(found.map(({ github, actual }) => [github.name, actual])),
    mergesAreApproved: isAsked ? await needsApproval(defaultBranch) : undefined,
  }
}
