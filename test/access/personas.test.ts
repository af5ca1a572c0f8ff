import { describe, expect, test } from '@jest/globals'
import { coreTeamRights } from '../../src/access/core-team-rights.ts'
import { customRolesOf } from '../../src/access/custom-roles.ts'
import { desiredAccess } from '../../src/access/desired-access.ts'
import {
  type ActualAccess,
  type ActualAssignment,
  type DesiredAccess,
  nobodyEligible,
} from '../../src/access/model.ts'
import { hasEligible } from '../../src/access/persona-grants.ts'
import { assignmentDescription, assignmentName } from '../../src/access/role-assignment.ts'
import { unwantedAssignments } from '../../src/access/unwanted-assignments.ts'
import { wideningNotes } from '../../src/access/widening.ts'
import { keysOf } from '../../src/by-key.ts'
import { projectResourceIds } from '../../src/compose/project-context.ts'
import { resolvePersonas } from '../../src/manifest/personas.ts'
import type { ResolvedFactory } from '../../src/manifest/resolved.ts'
import { accessSource } from '../../src/operations/access/access-source.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { lastSegment } from '../../src/resource-id.ts'
import { type Environment, environments, type RoleKind } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

type Said = Parameters<typeof resolvePersonas>[0]['personas']

const nobody: ActualAccess = {
  groups: new Map(),
  members: new Map(),
  identities: new Map(),
  inherited: [],
  eligible: nobodyEligible,
  gone: new Set(),
  assignments: [],
}

const project = (personas: Said, environment: Environment, kind: RoleKind = 'builtin') => {
  const factory = { personas: resolvePersonas({ personas }, environment), roles: kind }
  const team = Object.fromEntries(factory.personas.map(({ key }) => [key, ['anna@contoso.example']]))
  return exampleProject('all', environment, { factory, team })
}

/** What each persona gets in a project: `role on resource`, with the roles of Azure unless said otherwise. */
function rolesIn(
  personas: Said,
  environment: Environment,
  kind?: RoleKind,
): Readonly<Record<string, string[]>> {
  const resolved = project(personas, environment, kind)
  const names = exampleNames(resolved)
  const { assignments } = desiredAccess(
    accessSource({ project: resolved, names, ids: projectResourceIds(resolved, names) }),
  )
  const byGroup = Map.groupBy(assignments, ({ principal }) => ('group' in principal ? principal.group : ''))
  return Object.fromEntries(
    [...byGroup].map(([group, own]) => [
      group.replace('persona:', ''),
      own.map(({ role, scope }) => `${role} on ${lastSegment(scope)}`).toSorted(),
    ]),
  )
}

describe('What a persona may do in a project', () => {
  test('is in dev only, but that the lead sees the project everywhere', () => {
    for (const environment of ['stage', 'prod'] as const) {
      const roles = rolesIn({}, environment)
      expect(Object.keys(roles)).toEqual(['lead'])
      expect(roles['lead']?.map((one) => one.replace(/ on .*/, ''))).toEqual(['Reader'])
    }
    expect(Object.keys(rolesIn({}, 'dev'))).toEqual([
      'lead',
      'dataScientist',
      'aiEngineer',
      'agentDeveloper',
      'dataEngineer',
      'frontendDeveloper',
    ])
  })

  test('is replaced by what factory.yml chooses, for that environment and service, and nothing else changes', () => {
    const chosen: Said = {
      dataScientist: { rights: { dev: { keyVault: ['Key Vault Secrets User'], machineLearning: [] } } },
    }
    const before = rolesIn({}, 'dev')
    const after = rolesIn(chosen, 'dev')
    const was = before['dataScientist'] ?? []
    const gone = was
      .filter((one) => !after['dataScientist']?.includes(one))
      .map((one) => one.replace(/ on .*/, ''))
    expect(gone).toEqual([
      'AzureML Compute Operator',
      'AzureML Data Scientist',
      'Key Vault Secrets Officer',
      'Storage File Data Privileged Contributor',
    ])
    expect(after['dataScientist']?.filter((one) => !was.includes(one))).toEqual([
      expect.stringMatching(/^Key Vault Secrets User on kv-/),
    ])
    expect({ ...after, dataScientist: [] }).toEqual({ ...before, dataScientist: [] })
    expect(rolesIn(chosen, 'stage')).toEqual(rolesIn({}, 'stage'))
  })

  test('reaches stage where factory.yml widens it, and nowhere else', () => {
    const widened: Said = { dataScientist: { rights: { stage: { storage: ['Storage Blob Data Reader'] } } } }
    expect(rolesIn(widened, 'stage')['dataScientist']).toEqual([
      expect.stringMatching(/^Storage Blob Data Reader on saprj001sdca1b2c2001test$/),
    ])
    expect(rolesIn(widened, 'prod')['dataScientist']).toBeUndefined()
  })

  test('of a persona of the factory is what it starts from, with what is chosen for it', () => {
    const roles = rolesIn(
      {
        auditor: { title: 'Auditor', from: 'frontendDeveloper', rights: { dev: { keyVault: [] } } },
        guest: { title: 'Guest' },
      },
      'dev',
    )
    expect(roles['auditor']).toEqual(roles['frontendDeveloper']?.filter((one) => !one.includes('Key Vault')))
    expect(roles['guest']).toBeUndefined()
  })

  test('is one role of the factory, which has what was chosen', () => {
    const personas: Said = { auditor: { title: 'Auditor', from: 'frontendDeveloper' } }
    expect(rolesIn(personas, 'dev', 'custom')['auditor']).toContainEqual(
      expect.stringMatching(
        /^AI Factory auditor \(mrvela1b2c-001-sdc-dev\) on mrvel-esml-project001-sdc-dev-001-rg$/,
      ),
    )
    const { factory } = project({ dataScientist: { rights: { dev: { keyVault: [] } } } }, 'dev')
    const roles = customRolesOf(factory, commonAreaOf(factory).names)
    const dataScientist = roles.find(({ principal }) => principal === 'persona:dataScientist')
    expect(dataScientist?.permissions.dataActions.join()).not.toContain('KeyVault')
  })
})

const principalId = '99999999-9999-9999-9999-999999999999'

const desiredWith = (personas: Said, environment: Environment = 'dev') => {
  const resolved = project(personas, environment, 'custom')
  const names = exampleNames(resolved)
  return desiredAccess(accessSource({ project: resolved, names, ids: projectResourceIds(resolved, names) }))
}

/** What was assigned to the group of a persona with its own role. */
const assignedTo = (desired: DesiredAccess, key: string): ActualAssignment => {
  const found = desired.assignments.find(
    ({ principal, role }) =>
      'group' in principal && principal.group === `persona:${key}` && role.startsWith('AI Factory'),
  )
  if (found === undefined) throw new Error(`Nothing is assigned to ${key}.`)
  const tuple = { scope: found.scope, principalId, roleDefinitionId: found.roleDefinitionId }
  const id = `${found.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(tuple)}`
  return {
    plane: 'azure',
    id,
    ...tuple,
    description: assignmentDescription(found.role, found.principalName),
  }
}
const removedBy = (
  desired: DesiredAccess,
  assignment: ActualAssignment,
  groups: ActualAccess['groups'] = new Map(),
) =>
  unwantedAssignments(desired, { ...nobody, groups, assignments: [assignment] }).map(
    ({ role, principalName }) => `${role} for ${principalName}`,
  )

/** The group that a persona has. */
const groupOf = (desired: DesiredAccess, key: string): ActualAccess['groups'] => {
  const group = desired.groups.find((one) => one.key === `persona:${key}`)
  if (group === undefined) throw new Error(`There is no group of ${key}.`)
  const { displayName } = group
  return new Map([
    [
      group.key,
      { objectId: principalId, displayName, ownership: { kind: 'ours', missing: [] }, members: [] },
    ],
  ])
}

describe('Rights that factory.yml takes back', () => {
  const widened: Said = {
    dataScientist: {
      rights: {
        stage: { storage: ['Storage Blob Data Reader'], keyVault: ['Key Vault Secrets User'] },
      },
    },
  }

  test('take the role of the persona away, of whom no role is left', () => {
    const before = assignedTo(desiredWith(widened, 'stage'), 'dataScientist')
    const now = desiredWith({}, 'stage')
    const role = 'AI Factory data scientist (mrvela1b2c-001-sdc-test)'
    const removed = [`${role} for aif001sdc_mrvela1b2c_prj001_test_data_scientist`]
    expect(removedBy(now, before, groupOf(now, 'dataScientist'))).toEqual(removed)
    // Whoever assigned it.
    const byHand = { ...before, id: `${before.scope}/roleAssignments/1`, description: '' }
    expect(removedBy(now, byHand, groupOf(now, 'dataScientist'))).toEqual(removed)
  })

  test('take it away also in the version that no longer knows the role', () => {
    const before = assignedTo(desiredWith({}), 'lead')
    const now = desiredWith({})
    const roleDefinitionId = '88888888-8888-8888-8888-888888888888'
    const tuple = { scope: before.scope, principalId, roleDefinitionId }
    const id = `${before.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(tuple)}`
    const unknown = {
      ...before,
      ...tuple,
      id,
      description: assignmentDescription('AcrImageSigner', 'aif001sdc_mrvela1b2c_prj001_dev_team_lead'),
    }
    expect(removedBy(now, unknown, groupOf(now, 'lead'))).toEqual([
      'AcrImageSigner for aif001sdc_mrvela1b2c_prj001_dev_team_lead',
    ])
    // Of what others assign to our groups, only roles that we know are looked at.
    const byOthers = { ...unknown, id: `${before.scope}/roleAssignments/1` }
    expect(removedBy(now, byOthers, groupOf(now, 'lead'))).toEqual([])
  })
})

describe('A persona that factory.yml no longer has, or calls otherwise', () => {
  const auditor: Said = { auditor: { title: 'Auditor', from: 'frontendDeveloper' } }

  test('loses the roles that its group was given', () => {
    const before = assignedTo(desiredWith(auditor), 'auditor')
    expect(removedBy(desiredWith({}), before)).toEqual([
      'AI Factory auditor (mrvela1b2c-001-sdc-dev) for aif001sdc_mrvela1b2c_prj001_dev_auditor',
    ])
    const renamed: Said = { auditor: { title: 'Auditor', from: 'frontendDeveloper', group: 'revision' } }
    expect(removedBy(desiredWith(renamed), before)).toHaveLength(1)
  })

  test('but not what somebody else has assigned, or what is another project’s', () => {
    const before = assignedTo(desiredWith(auditor), 'auditor')
    expect(removedBy(desiredWith({}), { ...before, id: `${before.scope}/roleAssignments/1` })).toEqual([])
    const description = before.description?.replace('prj001', 'prj002') ?? ''
    expect(removedBy(desiredWith({}), { ...before, description })).toEqual([])
  })
})

describe('More than the product gives people in stage or prod', () => {
  const notesOf = (personas: Said, environment: Environment) =>
    wideningNotes({ personas: resolvePersonas({ personas }, environment), environment })

  test('is said with what, of whom and where, and nothing else is', () => {
    const personas: Said = {
      dataScientist: {
        rights: { dev: { storage: [] }, stage: { storage: ['Storage Blob Data Reader'], keyVault: [] } },
      },
      lead: { rights: { stage: { resourceGroup: ['Reader'] } } },
      itAdmin: { rights: { prod: { commonKeyVault: ['Key Vault Secrets User'] } } },
    }
    expect(notesOf(personas, 'dev')).toEqual([])
    expect(notesOf(personas, 'stage')).toEqual([
      "In stage factory.yml gives people more than the product does: Data scientist has Storage Blob Data Reader (The team's storage account) ('personas.dataScientist.rights.stage'). Without it, only identities work in stage.",
    ])
    expect(notesOf(personas, 'prod')).toEqual([
      expect.stringContaining('IT administrator has Key Vault Secrets User (Key vault for administration)'),
    ])
    for (const environment of environments) expect(notesOf({}, environment)).toEqual([])
  })
})

describe('The right to make eligible is needed', () => {
  const needed = (personas: Said, environment: Environment, shared = true): boolean =>
    hasEligible({
      ...project(personas, environment).factory,
      sharedContainerRegistry: shared,
    })
  const eligible = {}
  const images: Said = {
    puller: {
      title: 'Puller',
      eligible,
      rights: { dev: { containerRegistry: ['AcrPull'] } },
    },
  }

  test('where somebody is eligible for something in the resource group of a project', () => {
    expect(needed({}, 'dev')).toBe(false)
    expect(needed({ lead: { eligible } }, 'dev')).toBe(true)
    expect(needed({ aiEngineer: { eligible } }, 'prod')).toBe(false)
    const inDev: Said = { lead: { eligible: { environments: ['dev'] } } }
    expect([needed(inDev, 'dev'), needed(inDev, 'prod')]).toEqual([true, false])
  })

  test('not for what is in the common area, but where projects have that themselves', () => {
    expect(needed(images, 'dev')).toBe(false)
    expect(needed(images, 'dev', false)).toBe(true)
  })

  test('for the core team, in the common area', () => {
    expect(needed({ itAdmin: { eligible } }, 'prod')).toBe(true)
  })
})

describe('What the core team may do in the common area', () => {
  const rights = (
    environment: Environment,
    {
      personas,
      kind = 'builtin',
      missing = [],
    }: { personas?: Said; kind?: RoleKind; missing?: string[] } = {},
  ) => {
    const { factory } = project(personas ?? {}, environment, kind)
    const everybody: ResolvedFactory['coreTeam'] = Object.fromEntries(
      factory.personas.map(({ key }) => [key, ['ops@contoso.example']]),
    )
    const area = commonAreaOf({ ...factory, coreTeam: everybody })
    const { assignments, managedScopes } = coreTeamRights({
      ...area,
      exists: (id) => !missing.includes(lastSegment(id)),
    })
    expect(managedScopes).toEqual([area.ids.resourceGroup])
    return assignments.map(
      ({ role, scope, principalName }) =>
        `${principalName.replace(/^.*coreteam_/, '')}: ${role} on ${lastSegment(scope)}`,
    )
  }

  test('is to look at it, and to keep the secrets of administration in dev', () => {
    expect(rights('dev')).toEqual([
      'dev_it_admin: Reader on mrvel-esml-common-sdc-dev-001',
      'dev_it_admin: Key Vault Secrets Officer on kv-cmndev-a1b2c-001',
      'dev_data_ops: Reader on mrvela1b2cesml001dev',
      'dev_fabric_data_ops: Reader on mrvela1b2cesml001dev',
    ])
    expect(rights('prod')).toEqual([
      'prod_it_admin: Reader on mrvel-esml-common-sdc-prod-001',
      'prod_data_ops: Reader on mrvela1b2cesml001prod',
    ])
  })

  test('is one role of the factory where there are several', () => {
    expect(rights('dev', { kind: 'custom' })).toContain(
      'dev_it_admin: AI Factory it admin (mrvela1b2c-001-sdc-dev) on mrvel-esml-common-sdc-dev-001',
    )
    expect(rights('dev', { kind: 'custom' })).toHaveLength(3)
  })

  test('is lost by nobody when the role of the factory was made for another release', () => {
    const { factory } = project({}, 'dev', 'custom')
    const area = commonAreaOf({ ...factory, coreTeam: { itAdmin: ['ops@contoso.example'] } })
    const without = (pattern: string) => ({
      ...area.factory,
      definedRoles: new Map(
        customRolesOf(area.factory, area.names).map(({ id, permissions }) => [
          id,
          { ...permissions, dataActions: permissions.dataActions.filter((one) => one !== pattern) },
        ]),
      ),
    })
    const keptOf = (pattern: string) =>
      coreTeamRights({ ...area, factory: without(pattern), exists: () => true }).kept.map(({ role }) => role)
    expect(keptOf('Microsoft.KeyVault/vaults/secrets/*')).toEqual(['Key Vault Secrets Officer'])
    expect(keptOf('nothing')).toEqual([])
  })

  test('is what factory.yml chooses', () => {
    const personas: Said = {
      itAdmin: { rights: { prod: { commonKeyVault: ['Key Vault Secrets User'] } } },
      security: {
        title: 'Security',
        kind: 'coreTeam',
        from: 'itAdmin',
        rights: { prod: { commonArea: [] } },
      },
    }
    expect(rights('prod', { personas })).toEqual([
      'prod_it_admin: Reader on mrvel-esml-common-sdc-prod-001',
      'prod_it_admin: Key Vault Secrets User on kv-cmnprod-a1b2c-001',
      'prod_data_ops: Reader on mrvela1b2cesml001prod',
      'prod_security: Key Vault Secrets User on kv-cmnprod-a1b2c-001',
    ])
  })

  test('is nothing on what is not there, or is somebody else’s', () => {
    expect(rights('dev', { missing: ['kv-cmndev-a1b2c-001'] })).not.toContainEqual(
      expect.stringContaining('Key Vault'),
    )
  })

  test.each(environments)('never reaches into the data of projects in %s', (environment) => {
    const { factory } = project({}, environment)
    const roles = customRolesOf(factory, commonAreaOf(factory).names)
    for (const { permissions } of roles.filter(({ principal }) => principal.startsWith('coreTeam:'))) {
      expect(keysOf(permissions).length).toBe(4)
      expect(permissions.dataActions.join()).not.toMatch(/Storage|ContainerRegistry/)
    }
  })
})
