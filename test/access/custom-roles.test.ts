import { describe, expect, test } from '@jest/globals'
import { coreTeamGrants } from '../../src/access/core-team-grants.ts'
import { customRolesOf, permissionsOf, principalKind } from '../../src/access/custom-roles.ts'
import { desiredAccess } from '../../src/access/desired-access.ts'
import { desiredIdentityRoles } from '../../src/access/desired-identity-roles.ts'
import type { DesiredAssignment } from '../../src/access/model.ts'
import { fulfils } from '../../src/azure/role-conditions.ts'
import { keysOf } from '../../src/by-key.ts'
import { everything, grantsOf } from '../../src/catalog/contents.ts'
import type { RegistryMode } from '../../src/catalog/facts/registry-roles.ts'
import { rolePermissions, rolesByName } from '../../src/catalog/facts/role-permissions.ts'
import { type RoleName, roles } from '../../src/catalog/facts/roles.ts'
import { unlimitedRoles } from '../../src/catalog/facts/setup-roles.ts'
import { catalogue } from '../../src/catalog/index.ts'
import { productKeys, productPersonas } from '../../src/catalog/personas.ts'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import { accessSource } from '../../src/operations/access/access-source.ts'
import { deliveryCondition, isRightCondition } from '../../src/operations/delivery-condition.ts'
import { covers, type RolePermissions } from '../../src/role-permissions.ts'
import {
  type Environment,
  environments,
  type ProjectType,
  projectTypes,
  type RoleKind,
} from '../../src/vocabulary.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

/** Those are in the team whose personas the type has from the start. */
const projectOf = (
  type: ProjectType,
  environment: Environment,
  roles: RoleKind = 'custom',
  sharedRegistryMode: RegistryMode = 'AbacRepositoryPermissions',
) => {
  const own = productKeys('project').filter((key) =>
    productPersonas[key].projectTypes.some((one) => one === type),
  )
  const team = Object.fromEntries(
    productKeys('project').map((key) => [key, own.includes(key) ? ['anna@contoso.example'] : []]),
  )
  const project = exampleProject(type, environment, { team, factory: { roles, sharedRegistryMode } })
  const names = exampleNames(project)
  return { project, names, ids: projectResourceIds(project, names) }
}
const rolesOf = (environment: Environment) => {
  const { project, names } = projectOf('all', environment)
  return customRolesOf(project.factory, names.common)
}

/** What is assigned in a project, in Azure itself, when all the factory's own roles exist, or none. */
function assigned(
  type: ProjectType,
  environment: Environment,
  own: boolean,
  mode: RegistryMode = 'AbacRepositoryPermissions',
): readonly DesiredAssignment[] {
  const target = projectOf(type, environment, own ? 'custom' : 'builtin', mode)
  const source = accessSource(target)
  const desired = [desiredAccess(source), desiredIdentityRoles(source)]
  return desired.flatMap(({ assignments }) => assignments).filter(({ plane }) => plane === 'azure')
}

const allows = ({ actions, notActions, dataActions, notDataActions }: RolePermissions, action: string) => ({
  control: actions.some((one) => covers(one, action)) && !notActions.some((one) => covers(one, action)),
  data: dataActions.some((one) => covers(one, action)) && !notDataActions.some((one) => covers(one, action)),
})

/** An action for every pattern that anything granted speaks of. */
const samples = Object.values<RolePermissions>(rolePermissions)
  .flatMap((one) => [one.actions, one.notActions, one.dataActions].flat())
  .map((pattern) => pattern.replaceAll('*', 'Microsoft.Some/thing'))

describe("A role of the factory's own", () => {
  test('takes over every role that the catalogue assigns, or the table says why that one is assigned by its name', () => {
    const known = [...keysOf(rolePermissions), ...keysOf(rolesByName)]
    const inAzure = keysOf(roles).filter((role: RoleName) => roles[role].plane === 'azure')
    expect(known.toSorted()).toEqual(inAzure.toSorted())
  })

  test.each(environments)('lets do in %s what its grants let do, and nothing else', (environment) => {
    const inProjects = grantsOf(everything()).filter(
      (grant) => grant.in?.includes(environment) !== false && grant.on !== 'machineLearningRegistry',
    )
    const inCommonArea = coreTeamGrants(projectOf('all', environment).project.factory)
    const grants: readonly (readonly [string, RoleName])[] = [
      ...inProjects.map((one) => [principalKind(one), one.role] as const),
      ...inCommonArea.map(({ persona, role }) => [`coreTeam:${persona}`, role] as const),
    ]
    for (const { principal, permissions } of rolesOf(environment)) {
      const granted = grants
        .filter(([kind]) => kind === principal)
        .flatMap(([, role]) => permissionsOf(role) ?? [])
      for (const action of samples) {
        const wanted = {
          control: granted.some((one) => allows(one, action).control),
          data: granted.some((one) => allows(one, action).data),
        }
        const isContainer = /\/blobServices\/containers\/(delete|write)$/.test(action)
        const got = allows(permissions, action)
        expect([principal, action, got.data]).toEqual([principal, action, wanted.data])
        // A condition cannot say on which account.
        if (!isContainer || got.control)
          expect([principal, action, got.control]).toEqual([principal, action, wanted.control])
      }
    }
  })

  test.each(environments)(
    'lets nobody in %s create, replace or delete a resource of a project',
    (environment) => {
      const types = keysOf(catalogue.resources)
        .map((key) => catalogue.resources[key].type)
        .filter((type) => type.split('/').length === 2)
      for (const { principal, permissions } of rolesOf(environment)) {
        const may = types
          .flatMap((type) => [`${type}/write`, `${type}/delete`])
          .filter((action) => allows(permissions, action).control)
        expect([principal, may]).toEqual([principal, []])
      }
    },
  )
})

describe("A role of the factory's own", () => {
  test.each(environments)(
    'lets nobody in %s open a resource to another network, or read the keys of AI Search',
    (environment) => {
      const types = keysOf(catalogue.resources)
        .map((key) => catalogue.resources[key].type)
        .filter((type) => type.split('/').length === 2)
      const search = 'Microsoft.Search/searchServices'
      const actions = [
        ...[...types, search].flatMap((type) =>
          ['write', 'delete'].map((verb) => `${type}/privateEndpointConnections/${verb}`),
        ),
        ...['write', 'delete'].map((verb) => `${search}/sharedPrivateLinkResources/${verb}`),
        ...['listAdminKeys', 'regenerateAdminKey'].map((verb) => `${search}/${verb}/action`),
      ]
      for (const { principal, permissions } of rolesOf(environment)) {
        const may = actions.filter((action) => allows(permissions, action).control)
        expect([principal, may]).toEqual([principal, []])
      }
    },
  )

  test('lets whoever is granted one storage account do nothing to the containers of the other', () => {
    const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers'
    for (const { principal, permissions } of rolesOf('dev').filter(
      ({ principal }) => principal === 'persona:dataEngineer',
    ))
      expect([
        principal,
        ['write', 'delete'].filter((verb) => allows(permissions, `${containers}/${verb}`).control),
      ]).toEqual([principal, []])
  })
})

describe('A project takes few role assignments', () => {
  const goals = { esml: 13, 'genai-1': 14, all: 18 } as const
  const registries = ['AbacRepositoryPermissions', 'LegacyRegistryPermissions'] as const
  const cases = projectTypes.flatMap((type) => registries.map((mode) => ({ type, mode })))

  test.each(cases)('$type in dev, beside a shared registry with $mode', ({ type, mode }) => {
    const all = assigned(type, 'dev', true, mode)
    expect(all.length).toBeLessThanOrEqual(goals[type] + 3)
  })

  test('so that 190 projects of every kind of service fit into a subscription', () => {
    for (const mode of registries)
      expect(4_000 / assigned('all', 'dev', true, mode).length).toBeGreaterThan(190)
  })
})

describe('On which storage account blobs are read and written', () => {
  const conditionOf = (kind: string) =>
    assigned('all', 'dev', true).find(
      ({ role, scope }) => role.includes(` ${kind} (`) && scope.endsWith('-rg'),
    )?.condition

  test('a condition says to whoever is not granted the same on all', () => {
    expect(conditionOf('frontend developer')?.expression).toBe(
      "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts:name] StringEqualsIgnoreCase 'saprj001sdca1b2c2001dev'))",
    )
    expect(conditionOf('frontend developer')?.limit).toBe('blobs of saprj001sdca1b2c2001dev')
  })

  test('nothing has to say to whoever is granted the same on all', () => {
    expect(conditionOf('lead')).toBeUndefined()
  })
})

describe('A role that set-up made for an earlier version of the catalogue', () => {
  const secrets = 'Microsoft.KeyVault/vaults/secrets/*'
  const { project, names, ids } = projectOf('all', 'dev')
  const own = customRolesOf(project.factory, names.common)
  const lead = own.find(({ principal }) => principal === 'persona:lead')
  const without = (pattern: string) =>
    new Map(
      own.map(({ id, permissions }) => [
        id,
        { ...permissions, dataActions: permissions.dataActions.filter((one) => one !== pattern) },
      ]),
    )
  const keptBy = (definedRoles: ReadonlyMap<string, RolePermissions>) =>
    desiredAccess(
      accessSource({ project: { ...project, factory: { ...project.factory, definedRoles } }, names, ids }),
    )

  test("takes nobody a role of Azure's that it does not stand in for, and gives it to nobody either", () => {
    expect(lead?.permissions.dataActions).toContain(secrets)
    const { kept, assignments } = keptBy(without(secrets))
    const ofLead = kept?.filter(({ principal }) => 'group' in principal && principal.group === 'persona:lead')
    expect(ofLead?.map(({ role, scope }) => [role, scope])).toEqual([
      ['Key Vault Secrets Officer', ids.keyVault],
    ])
    expect(assignments.map(({ role }) => role)).not.toContain('Key Vault Secrets Officer')
  })

  test('that is as this version means it leaves nothing over', () => {
    expect(keptBy(without('nothing')).kept).toEqual([])
  })
})

test('the condition of the identity that delivers lets a project go over to roles of Azure, and back', () => {
  const [builtin, custom] = (['builtin', 'custom'] as const).map(
    (roles) => projectOf('all', 'dev', roles).project.factory,
  )
  if (builtin === undefined || custom === undefined) throw new Error('There are two.')
  expect(isRightCondition(deliveryCondition(builtin), custom)).toBe(true)
  expect(isRightCondition(deliveryCondition(custom), builtin)).toBe(true)
})

describe('what the identity that delivers may remove', () => {
  const factory = projectOf('all', 'dev').project.factory
  const may = (roleDefinitionId: string, principalType = 'Group') =>
    fulfils(deliveryCondition(factory), {
      action: 'Microsoft.Authorization/roleAssignments/delete',
      roleDefinitionId,
      principalType,
      principalId: undefined,
    })

  test('is also a role that factory.yml no longer has: of a persona that is gone, or of an earlier catalogue', () => {
    expect([may(crypto.randomUUID()), may(crypto.randomUUID(), 'ServicePrincipal')]).toEqual([true, true])
  })

  test('is nothing of a person, and nothing that others administer with', () => {
    expect(may(roles.Reader.id, 'User')).toBe(false)
    for (const id of Object.values(unlimitedRoles)) expect(may(id)).toBe(false)
  })
})
