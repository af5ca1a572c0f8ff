import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { daysOf } from '../../src/access/days.ts'
import { changedAccess, desiredAccess, notInManifest } from '../../src/access/desired-access.ts'
import { desiredIdentityRoles } from '../../src/access/desired-identity-roles.ts'
import { diffAccess } from '../../src/access/diff-access.ts'
import { isActivation } from '../../src/access/eligible.ts'
import { unnamedMembers } from '../../src/access/foreign-members.ts'
import type {
  AccessOperation,
  ActualAccess,
  ActualAssignment,
  ActualEligibility,
  ActualGroup,
  DesiredAccess,
  DesiredAssignment,
  GroupKey,
  InheritedAssignment,
  ResolvedMember,
  UnresolvedMember,
} from '../../src/access/model.ts'
import { nobodyEligible } from '../../src/access/model.ts'
import { principalIdOf } from '../../src/access/principal-id.ts'
import { assignmentDescription, assignmentName } from '../../src/access/role-assignment.ts'
import { byKey, keysOf } from '../../src/by-key.ts'
import { commonCatalogue } from '../../src/catalog/common/index.ts'
import type { ProjectGrant } from '../../src/catalog/contents.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { catalogue, type ResourceKey } from '../../src/catalog/index.ts'
import { productPersonas } from '../../src/catalog/personas.ts'
import type { ResourceIds } from '../../src/catalog/resource-ids.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { commonNames, projectNames } from '../../src/naming/names.ts'
import { inStages } from '../../src/operations/access/stages.ts'
import { type ProjectTraits, resolvedProject } from '../fixtures/resolved-project.ts'

const scheme = {
  factory: 'mrvel',
  instance: '001',
  locationCode: 'sdc',
  salt: 'a1b2c',
  environment: 'dev',
} as const
const names = projectNames(catalogue, scheme, '001')
const resourceGroup = '/subscriptions/s/resourceGroups/prj001'
const inProject = (name: string): string => `${resourceGroup}/providers/x/y/${name}`
const ids: ResourceIds = {
  ...byKey(keysOf(catalogue.resources), inProject),
  resourceGroup,
  containerRegistry: '/subscriptions/s/resourceGroups/common/providers/x/y/registry',
  logAnalytics: '/subscriptions/s/resourceGroups/common/providers/x/y/logs',
  virtualNetwork: '/subscriptions/s/resourceGroups/common/providers/x/y/vnet',
  lake: '/subscriptions/s/resourceGroups/common/providers/x/y/lake',
  machineLearningRegistry: '/subscriptions/s/resourceGroups/common/providers/x/y/registry',
}
const grants: ProjectGrant[] = [
  { to: { persona: 'lead' }, role: 'Reader', on: 'resourceGroup' },
  { to: { persona: 'lead' }, role: 'AcrPush', on: 'containerRegistry', in: ['dev'] },
  { to: { persona: 'aiEngineer' }, role: 'Search Service Contributor', on: 'aiSearch' },
  { to: { identity: 'appsIdentity' }, role: 'AcrPull', on: 'containerRegistry' },
  { to: { identity: 'aiFoundry' }, role: 'Cosmos DB Built-in Data Contributor', on: 'cosmosDb' },
]
/** A factory whose documents alone decide who is in its groups, unless a test says otherwise. */
const decided = { members: { foreign: 'remove', invite: false } } as const
const source = ({ factory, ...traits }: ProjectTraits = {}) => ({
  project: resolvedProject({ ...traits, factory: { ...decided, ...factory } }),
  names,
  common: commonNames(commonCatalogue, scheme),
  ids,
  commonRegistries: [ids.containerRegistry],
  customRoles: [],
  definedRoles: new Map(),
  grants,
})
const people = ['anna', 'bo', 'cy', 'dee']
const members = new Map(
  people.map((name) => [name, { objectId: `oid-${name}`, display: `${name}@x`, kind: 'user' as const }]),
)
const identities = new Map<ResourceKey, string>([
  ['appsIdentity', 'oid-apps'],
  ['aiFoundry', 'oid-foundry'],
  ['projectIdentity', 'oid-project'],
])
const nothing: ActualAccess = {
  groups: new Map(),
  members,
  identities,
  assignments: [],
  inherited: [],
  eligible: nobodyEligible,
  gone: new Set(),
}

const ours = { kind: 'ours', missing: [] } as const

const guestId = (address: string): string => `oid-${address}`

/** Entra and Azure, in memory: what the operations make of what there was. */
function appliedTo(actual: ActualAccess, operations: readonly AccessOperation[]): ActualAccess {
  const groups = new Map<GroupKey, ActualGroup>(actual.groups)
  let assignments = actual.assignments
  let eligible = actual.eligible.kind === 'known' ? actual.eligible.eligible : []
  const change = (
    key: GroupKey,
    change: (members: ActualGroup['members']) => ActualGroup['members'],
  ): void => {
    const group = groups.get(key)
    if (group === undefined) throw new Error(`There is no group ${key} yet.`)
    groups.set(key, { ...group, members: change(group.members) })
  }
  const memberOf = (objectId: string) => ({ objectId, display: objectId })
  for (const operation of operations) {
    switch (operation.kind) {
      case 'create-group': {
        const { key, displayName } = operation.group
        groups.set(key, { objectId: `oid-${key}`, displayName, ownership: ours, members: [] })
        break
      }
      case 'complete-owners': {
        const group = groups.get(operation.group)
        if (group !== undefined) groups.set(operation.group, { ...group, ownership: ours })
        break
      }
      case 'invite':
        break
      case 'add-members': {
        const nested = operation.groups.map((key) => groups.get(key)?.objectId ?? '')
        change(operation.group, (present) => [
          ...present,
          ...[...operation.objectIds, ...nested, ...(operation.guests ?? []).map(guestId)].map(memberOf),
        ])
        break
      }
      case 'remove-member':
        change(operation.group, (present) =>
          present.filter(({ objectId }) => objectId !== operation.objectId),
        )
        break
      case 'assign': {
        const { assignment } = operation
        const principalId = principalIdOf(assignment.principal, { groups, identities: actual.identities })
        if (principalId === undefined) throw new Error(`${assignment.principalName} does not exist yet.`)
        const { plane, scope, roleDefinitionId, role, principalName, condition } = assignment
        const tuple = { scope, principalId, roleDefinitionId }
        const description = assignmentDescription(role, principalName)
        assignments = [
          ...assignments,
          {
            plane,
            id: `${scope}/${assignmentName(tuple)}`,
            ...tuple,
            description,
            ...(condition && { condition: condition.expression }),
          },
        ]
        break
      }
      case 'set-condition': {
        const { assignment, existing } = operation
        assignments = assignments.map((one) =>
          one === existing ? { ...one, condition: assignment.condition?.expression ?? '' } : one,
        )
        break
      }
      case 'make-eligible': {
        const {
          scope,
          roleDefinitionId,
          principal,
          condition,
          eligible: { days },
        } = operation.assignment
        const principalId = principalIdOf(principal, { groups, identities: actual.identities })
        if (principalId === undefined) throw new Error('The group does not exist yet.')
        const id = `${scope}/${principalId}/${roleDefinitionId}`
        eligible = [
          ...eligible.filter((one) => one.id !== operation.replaces),
          {
            ...{ id, scope, principalId, roleDefinitionId, end: '2027-01-01T00:00:00Z', daysLeft: days },
            condition: condition?.expression ?? '',
          },
        ]
        break
      }
      case 'end-eligibility':
        eligible = eligible.filter(({ id }) => id !== operation.eligibility.id)
        break
      case 'unassign':
        assignments = assignments.filter(({ id }) => id !== operation.assignment.id)
    }
  }
  return { ...actual, groups, assignments, eligible: { kind: 'known', eligible } }
}

const applied = (desired: DesiredAccess, actual = nothing): ActualAccess =>
  appliedTo(actual, diffAccess(desired, actual).operations)

const changesOf = (desired: DesiredAccess, actual: ActualAccess): readonly string[] =>
  diffAccess(desired, actual)
    .changes.filter(({ change }) => change !== 'keep')
    .map(({ change, kind, name }) => `${change} ${kind} ${name}`)

const team = { lead: ['anna', 'bo'], aiEngineer: ['cy'] }

describe('A new project', () => {
  test('has a group for each persona of its type and each that somebody is in, with the roles of the catalogue', () => {
    const desired = desiredAccess(source({ team: { dataScientist: ['bo'] }, enabled: ['aiSearch'] }))
    expect(desired.groups.map(({ key }) => key)).toEqual([
      'persona:lead',
      'persona:dataScientist',
      'persona:aiEngineer',
      'persona:agentDeveloper',
      'persona:dataEngineer',
      'persona:frontendDeveloper',
      'coreTeam:itAdmin',
      'coreTeam:dataOps',
      'coreTeam:fabricDataOps',
      'lakeTraversal',
    ])
    expect(desired.assignments.map(({ plane, role, principal }) => [plane, role, principal])).toEqual([
      ['azure', 'Reader', { group: 'persona:lead' }],
      ['azure', 'AcrPush', { group: 'persona:lead' }],
      ['azure', 'Search Service Contributor', { group: 'persona:aiEngineer' }],
    ])
  })

  test('has identities with the roles of the catalogue, which are not among those of people', () => {
    const { groups, assignments } = desiredIdentityRoles(source({ enabled: ['aiSearch'] }))
    expect(groups).toEqual([])
    expect(assignments.map(({ plane, role, principal }) => [plane, role, principal])).toEqual([
      ['azure', 'AcrPull', { identity: 'appsIdentity' }],
      ['cosmos', 'Cosmos DB Built-in Data Contributor', { identity: 'aiFoundry' }],
    ])
  })

  test('assigns no role that belongs to another environment, type or service', () => {
    const desired = desiredAccess(source({ environment: 'prod', type: 'esml' }))
    expect(desired.assignments.map(({ role }) => role)).toEqual(['Reader'])
  })

  test('reaches its lake folder through one group for all projects, or through other', () => {
    const through = (traversal: 'group' | 'other') =>
      desiredAccess(source({ factory: { lake: { container: 'lake3', traversal } } })).groups.at(-1)
    expect(through('group')).toMatchObject({
      key: 'lakeTraversal',
      membership: 'at-least',
      memberGroups: expect.arrayContaining(['persona:lead', 'coreTeam:itAdmin']),
      memberIdentities: ['projectIdentity'],
    })
    expect(through('other')?.key).toBe('coreTeam:fabricDataOps')
  })

  test('is provisioned when it has its identity, and people get no roles before that', () => {
    const actual = { ...nothing, identities: new Map<ResourceKey, string>() }
    const other = { factory: { lake: { container: 'lake3', traversal: 'other' } } } as const
    expect(diffAccess(desiredAccess(source(other)), actual).missingIdentities).toEqual(['projectIdentity'])
    expect(diffAccess(desiredAccess(source()), actual).missingIdentities).toEqual(['projectIdentity'])
  })
})

describe('Applying the difference', () => {
  const teams = fc.record({
    lead: fc.subarray(people),
    aiEngineer: fc.subarray(people),
    dataScientist: fc.subarray(people),
  })

  test('twice changes nothing the second time, whatever the teams before and after', () => {
    fc.assert(
      fc.property(teams, teams, (before, after) => {
        const start = applied(desiredAccess(source({ team: before, enabled: ['aiSearch'] })))
        const desired = desiredAccess(source({ team: after }))
        const { changes } = diffAccess(desired, applied(desired, start))
        expect(changes.filter(({ change }) => change !== 'keep')).toEqual([])
      }),
    )
  })

  test('can die after any step: the next run finishes it', () => {
    const desired = desiredAccess(source({ team, enabled: ['aiSearch'] }))
    const { operations } = diffAccess(desired, nothing)
    for (let done = 0; done <= operations.length; done += 1) {
      const finished = applied(desired, appliedTo(nothing, operations.slice(0, done)))
      expect(changesOf(desired, finished)).toEqual([])
    }
  })
})

describe('A persona that its type does not have', () => {
  const dataScientists = names.personaGroup(productPersonas.dataScientist)
  const withBo = { ...team, dataScientist: ['bo'] }
  const { lakeTraversalGroup } = commonNames(commonCatalogue, scheme)
  const readers = [
    ...grants,
    { to: { persona: 'dataScientist' }, role: 'Reader', on: 'keyVault' } satisfies ProjectGrant,
  ]
  const wanted = (traits: ProjectTraits) => desiredAccess({ ...source(traits), grants: readers })

  test('has no group while nobody is in it', () => {
    expect(changesOf(wanted({ team }), nothing).filter((change) => change.includes(dataScientists))).toEqual(
      [],
    )
  })

  const gone = [
    'delete member oid-bo',
    `delete member oid-persona:dataScientist`,
    `delete role assignment Reader for ${dataScientists}`,
  ]

  test('loses its last member, its roles and its way through the lake when nobody is in it any more', () => {
    const actual = applied(wanted({ team: withBo }))
    expect(changesOf(wanted({ team }), actual)).toEqual(gone)
    const after = applied(wanted({ team }), actual)
    expect(after.groups.get('persona:dataScientist')?.members).toEqual([])
    expect(changesOf(wanted({ team }), after)).toEqual([])
  })

  test('likewise when the project becomes of a type without it', () => {
    const actual = applied(wanted({ type: 'all', team: withBo }))
    expect(changesOf(wanted({ type: 'genai-1', team }), actual)).toEqual(gone)
  })

  test('gets everything back with its next member', () => {
    const actual = applied(wanted({ team }), applied(wanted({ team: withBo })))
    expect(changesOf(wanted({ team: { ...team, dataScientist: ['dee'] } }), actual)).toEqual([
      'create member dee@x',
      `create member ${dataScientists}`,
      `create role assignment Reader for ${dataScientists}`,
    ])
  })

  const removeBo = { persona: 'dataScientist', add: [], remove: ['bo'] } as const
  test('can lose a member by one change, who is in the group and not in the manifest', () => {
    const actual = applied(wanted({ team: withBo }))
    expect(changesOf(changedAccess({ ...source({ team }), grants: readers }, removeBo), actual)).toEqual([
      'delete member oid-bo',
    ])
  })

  test('has nobody to remove by one change while it has no group', () => {
    expect(changesOf(changedAccess(source({ team }), removeBo), nothing)).toEqual([
      `create group ${lakeTraversalGroup}`,
    ])
  })
})

describe('Members whom others have added', () => {
  const keeping = { factory: { members: { foreign: 'keep', invite: false } } } as const
  const lead = names.personaGroup(productPersonas.lead)
  const desired = desiredAccess(source({ ...keeping, team }))
  const dee = { objectId: 'oid-dee', display: 'dee@x' }
  const eve = { objectId: 'oid-eve', display: 'eve@x' }
  const withOthers = (others: ActualGroup['members'], former?: ActualAccess['former']): ActualAccess => {
    const actual = applied(desired)
    const group = actual.groups.get('persona:lead')
    if (group === undefined) throw new Error('There is no group of leads.')
    const groups = new Map(actual.groups)
    groups.set('persona:lead', { ...group, members: [...group.members, ...others] })
    return { ...actual, groups, ...(former && { former }) }
  }
  const formerly = (...ids: readonly string[]): ActualAccess['former'] => ({
    kind: 'known',
    objectIds: new Map([['persona:lead', new Set(ids)]]),
  })

  test('are asked about only when there are any', () => {
    expect(unnamedMembers(desired, withOthers([]))).toEqual(new Map())
    expect(unnamedMembers(desired, withOthers([dee]))).toEqual(new Map([['persona:lead', [dee]]]))
    expect(unnamedMembers(desiredAccess(source({ team })), withOthers([dee]))).toEqual(new Map())
  })

  test('stay and are shown, and whom an earlier version named goes', () => {
    const actual = withOthers([dee, eve], formerly('oid-dee'))
    expect(changesOf(desired, actual)).toEqual(['delete member dee@x'])
    const { changes, warnings } = diffAccess(desired, actual)
    expect(changes).toContainEqual(
      expect.objectContaining({ change: 'keep', name: 'eve@x', reason: 'Not in the documents: stays.' }),
    )
    expect(warnings).toEqual([
      `eve@x is in ${lead}, and stays: others added them, and no version of the documents names them. 'members: { foreign: remove }' in factory.yml lets the documents alone decide.`,
    ])
  })

  test('are not said to be in no version while names in one of them find nobody', () => {
    const unresolved = new Map([['persona:lead', ['old@x']]] as const)
    const former: ActualAccess['former'] = { kind: 'known', objectIds: new Map(), unresolved }
    expect(diffAccess(desired, withOthers([dee], former)).warnings).toEqual([
      `dee@x is in ${lead}, and stays: no version of the documents names them as they are called now, but earlier ones name old@x, whom Entra ID does not find any more. Is that them? Then remove them with the inputs 'persona: lead' and 'remove: oid-dee'.`,
    ])
  })

  test('stay with those who have left when nobody can say who is who, with a way out', () => {
    const actual = withOthers([dee], { kind: 'unreadable', why: "there is no 'github-token'" })
    expect(changesOf(desired, actual)).toEqual([])
    expect(diffAccess(desired, actual).warnings.join()).toMatch(
      /^dee@x is in \S+ and not in the documents, and stays: .* because there is no 'github-token'\. Give the run a 'github-token' that may read the repository \(contents: read\)/,
    )
  })

  test('leave a group that has none of its roles yet, before it gets them', () => {
    const actual = { ...withOthers([dee]), assignments: [] }
    expect(unnamedMembers(desired, actual)).toEqual(new Map())
    expect(changesOf(desired, actual)).toContain('delete member dee@x')
  })

  test('are all that is left besides the team, whatever it was and becomes, and a second run changes nothing', () => {
    const some = fc.subarray(people)
    fc.assert(
      fc.property(some, some, some, (before, after, foreign) => {
        const keepingTeam = (lead: readonly string[]) =>
          desiredAccess(
            source({ ...keeping, team: { lead: ['anna', ...lead.filter((one) => one !== 'anna')] } }),
          )
        const start = applied(keepingTeam(before))
        const group = start.groups.get('persona:lead')
        if (group === undefined) throw new Error('There is no group of leads.')
        const strangers = foreign.filter((name) => name !== 'anna' && !before.includes(name))
        const added = strangers.map((name) => ({ objectId: `oid-${name}`, display: name }))
        const groups = new Map(start.groups).set('persona:lead', {
          ...group,
          members: [...group.members, ...added],
        })
        const former = formerly(...before.map((name) => `oid-${name}`))
        const actual: ActualAccess = { ...start, groups, ...(former && { former }) }
        const desired = keepingTeam(after)
        const end = applied(desired, actual)
        const left = new Set(end.groups.get('persona:lead')?.members.map(({ objectId }) => objectId))
        expect(left).toEqual(new Set(['anna', ...after, ...strangers].map((name) => `oid-${name}`)))
        expect(changesOf(desired, end)).toEqual([])
      }),
    )
  })

  test('leave when the documents alone decide', () => {
    expect(changesOf(desiredAccess(source({ team })), withOthers([dee]))).toEqual(['delete member dee@x'])
  })
})

describe('People outside of the tenant', () => {
  const inviting = { factory: { members: { foreign: 'keep', invite: true } } } as const
  const unknown = (...candidates: UnresolvedMember['candidates']): UnresolvedMember => ({
    reason: 'unknown',
    candidates,
  })
  const dora = 'dora@fabrikam.example'
  const withDora = { lead: ['anna'], aiEngineer: ['cy', dora] }
  const knowing = (member: string, unresolved = unknown()): ActualAccess => ({
    ...nothing,
    unresolved: new Map([[member, unresolved]]),
  })

  test('are invited before they become members, once for all groups, when the factory says so', () => {
    const both = desiredAccess(
      source({ ...inviting, team: { ...withDora, lead: ['anna', 'Dora@fabrikam.example'] } }),
    )
    const actual = {
      ...nothing,
      unresolved: new Map([
        [dora, unknown()],
        ['Dora@fabrikam.example', unknown()],
      ]),
    }
    const { changes, operations } = diffAccess(both, actual)
    expect(changes.filter(({ kind }) => kind === 'guest')).toHaveLength(1)
    expect(inStages(operations)[0]).toMatchObject({ kind: 'invite', address: dora })
    expect(operations.flatMap((one) => (one.kind === 'add-members' ? (one.guests ?? []) : []))).toEqual([
      'Dora@fabrikam.example',
      dora,
    ])
  })

  test('are invited by one change too, and one who is to be removed is not', () => {
    const change = { persona: 'aiEngineer', add: [dora], remove: [] } as const
    const { operations } = diffAccess(changedAccess(source({ ...inviting, team }), change), knowing(dora))
    expect(operations).toContainEqual(expect.objectContaining({ kind: 'invite', address: dora }))
    const removal = changedAccess(source({ ...inviting, team }), { ...change, add: [], remove: [dora] })
    expect(() => diffAccess(removal, knowing(dora))).toThrow(/no user or group 'dora@fabrikam\.example'/)
  })

  test('are an error otherwise', () => {
    expect(() => diffAccess(desiredAccess(source({ team: withDora })), knowing(dora))).toThrow(
      /^team\.aiEngineer\.1:1:1: Entra ID has no user or group 'dora@fabrikam\.example'\./,
    )
  })

  test.each<[string, string, UnresolvedMember]>([
    ['whose address is in a domain of the tenant', 'annna@x', unknown()],
    ['who was deleted', dora, { reason: 'deleted', candidates: [{ objectId: 'oid-1', display: dora }] }],
    ['of whom there are two', dora, { reason: 'several', candidates: [] }],
    ['who is named by object id', '44444444-4444-4444-4444-444444444499', unknown()],
  ])('are not those %s', (_what, member, unresolved) => {
    const desired = desiredAccess(source({ ...inviting, team: { ...withDora, aiEngineer: [member] } }))
    expect(() => diffAccess(desired, knowing(member, unresolved))).toThrow(UserError)
  })

  test('are asked about when their organisation has somebody of nearly the same name', () => {
    const similar = unknown({ objectId: 'oid-1', display: 'doris_fabrikam.example#EXT#@x' })
    const desired = desiredAccess(source({ ...inviting, team: withDora }))
    expect(diffAccess(desired, knowing(dora, similar)).warnings).toEqual([
      'dora@fabrikam.example is to be invited. Is not doris_fabrikam.example#EXT#@x meant, who is in Entra ID already?',
    ])
  })

  test('are shown as invited until they have accepted', () => {
    const known: ActualAccess = {
      ...nothing,
      members: new Map<string, ResolvedMember>([
        ...members,
        [dora, { objectId: 'oid-dora', display: dora, kind: 'user', state: 'invited' }],
      ]),
    }
    const { changes, operations } = diffAccess(desiredAccess(source({ ...inviting, team: withDora })), known)
    expect(changes).toContainEqual(
      expect.objectContaining({
        change: 'create',
        name: dora,
        reason: expect.stringMatching(/not accepted yet/),
      }),
    )
    expect(operations.filter(({ kind }) => kind === 'invite')).toEqual([])
  })
})

describe('Who may be in a team', () => {
  const lead = names.personaGroup(productPersonas.lead)
  const known = (kind: 'group' | 'servicePrincipal' | 'other', objectId = 'oid-thing'): ActualAccess => ({
    ...applied(desiredAccess(source({ team }))),
    members: new Map<string, ResolvedMember>([...members, ['thing', { objectId, display: 'Thing', kind }]]),
  })
  const withThing = (persona: 'lead' | 'aiEngineer') =>
    desiredAccess(source({ team: { ...team, [persona]: ['anna', 'thing'] } }))

  test('are groups too', () => {
    expect(changesOf(withThing('lead'), known('group'))).toContain('create member Thing')
  })

  test.each(['servicePrincipal', 'other'] as const)('is not a %s', (kind) => {
    expect(() => diffAccess(withThing('lead'), known(kind))).toThrow(UserError)
    expect(() => diffAccess(withThing('lead'), known(kind))).toThrow(
      /^team\.lead\.1:1:1: 'thing' \(Thing\) is neither a person nor a group\./,
    )
  })

  test('is no group that a security group cannot have', () => {
    const unified: ActualAccess = {
      ...nothing,
      members: new Map<string, ResolvedMember>([
        ...members,
        ['thing', { objectId: 'oid-thing', display: 'Everybody', kind: 'group', state: 'noSecurityGroup' }],
      ]),
    }
    expect(() => diffAccess(withThing('lead'), unified)).toThrow(
      /^team\.lead\.1:1:1: 'thing' \(Everybody\) is no security group\./,
    )
  })

  test('is nobody whose account is disabled, unless they are in already, which is said', () => {
    const anna: ResolvedMember = { objectId: 'oid-anna', display: 'anna@x', kind: 'user', state: 'disabled' }
    const known = new Map<string, ResolvedMember>([...members, ['anna', anna]])
    const desired = desiredAccess(source({ team }))
    expect(() => diffAccess(desired, { ...nothing, members: known })).toThrow(
      /^team\.lead\.0:1:1: The account 'anna' is disabled in Entra ID\./,
    )
    const { changes, warnings } = diffAccess(desired, { ...applied(desired), members: known })
    expect(changes.filter(({ change }) => change !== 'keep')).toEqual([])
    expect(warnings).toEqual([`anna@x is in ${lead}, and the account is disabled in Entra ID.`])
  })

  test('is named once: twice is said with both places, and changes nothing', () => {
    const known = new Map<string, ResolvedMember>([
      ...members,
      ['Anna', { objectId: 'OID-anna', display: 'anna@x', kind: 'user' }],
    ])
    const twice = desiredAccess(source({ team: { ...team, lead: ['anna', 'bo', 'Anna'] } }))
    const { warnings, operations } = diffAccess(twice, {
      ...applied(desiredAccess(source({ team }))),
      members: known,
    })
    expect(operations).toEqual([])
    expect(warnings).toEqual([
      `anna@x is named 2 times for ${lead}: anna (team.lead.0:1), Anna (team.lead.2:1). Once is enough.`,
    ])
  })

  test.each<[string, UnresolvedMember, RegExp]>([
    [
      'deleted',
      { reason: 'deleted', candidates: [{ objectId: 'oid-zoe', display: 'zoe@x' }] },
      /^team\.lead\.1:1:1: The account 'zoe' was deleted from Entra ID: zoe@x \(oid-zoe\)\./,
    ],
    [
      'known more than once',
      {
        reason: 'several',
        candidates: [
          { objectId: 'oid-1', display: 'zoe1@x' },
          { objectId: 'oid-2', display: 'zoe2@x' },
        ],
      },
      /^team\.lead\.1:1:1: More than one account in Entra ID has the address 'zoe': zoe1@x \(oid-1\), zoe2@x \(oid-2\)\. .*object id instead/,
    ],
    [
      'not known, with who may be meant',
      { reason: 'unknown', candidates: [{ objectId: 'oid-1', display: 'zoé@x' }] },
      /^team\.lead\.1:1:1: Entra ID has no user or group 'zoe'\. .*Is it zoé@x \(oid-1\)\?/,
    ],
  ])('is nobody who is %s', (_what, unresolved, message) => {
    const desired = desiredAccess(source({ team: { ...team, lead: ['anna', 'zoe'] } }))
    const actual = { ...nothing, unresolved: new Map([['zoe', unresolved]]) }
    expect(() => diffAccess(desired, actual)).toThrow(message)
  })

  test('is not the group itself, nor a group that it is in', () => {
    expect(() => diffAccess(withThing('lead'), known('group', 'oid-persona:lead'))).toThrow(
      `team.lead.1:1:1: 'thing' is the group ${lead}, which would be a member of itself.`,
    )
    expect(() => diffAccess(withThing('lead'), known('group', 'OID-lakeTraversal'))).toThrow(
      /'thing' is the group .*, which would be a member of itself\./,
    )
    expect(changesOf(withThing('aiEngineer'), known('group', 'oid-persona:lead'))).toContain(
      'create member Thing',
    )
  })

  test('can be taken out, whatever it is', () => {
    const remove = { persona: 'lead', add: [], remove: ['thing'] } as const
    expect(changesOf(changedAccess(source({ team }), remove), known('servicePrincipal'))).toEqual([])
  })
})

describe('In a shared registry that knows repositories', () => {
  const knowing = source({ team, factory: { sharedRegistryMode: 'AbacRepositoryPermissions' } })
  const desired = desiredIdentityRoles(knowing)
  const actual = applied(desired)

  test('a project has roles on its own repositories, and on what else there is as before', () => {
    const inFull = ({ role, condition }: DesiredAssignment) => [role, condition?.limit]
    expect(desiredAccess(knowing).assignments.map(inFull)).toEqual([
      ['Reader', undefined],
      ['Container Registry Repository Writer', 'repositories prj001/*'],
      ['Search Service Contributor', undefined],
    ])
    expect(desired.assignments.map(inFull)).toEqual([
      ['Container Registry Repository Reader', 'repositories prj001/*'],
      ['Cosmos DB Built-in Data Contributor', undefined],
    ])
    const alone = { ...knowing.project.factory, sharedContainerRegistry: false }
    expect(
      desiredIdentityRoles({ ...knowing, project: { ...knowing.project, factory: alone } }).assignments.map(
        inFull,
      ),
    ).toContainEqual(['AcrPull', undefined])
  })

  const withCondition = (change: (condition: string) => string | undefined): ActualAccess => ({
    ...actual,
    assignments: actual.assignments.map(({ condition, ...assignment }) => {
      const changed = condition === undefined ? undefined : change(condition)
      return changed === undefined ? assignment : { ...assignment, condition: changed }
    }),
  })

  test('a condition is the same however it is spaced, and another one or none is put right', () => {
    expect(
      changesOf(
        desired,
        withCondition((condition) => condition.replaceAll(' ', '\n  ')),
      ),
    ).toEqual([])
    for (const other of [
      withCondition(() => undefined),
      withCondition(() => ''),
      withCondition((condition) => condition.replace('prj001', 'prj002')),
    ]) {
      expect(changesOf(desired, other)).toEqual([
        'modify role assignment Container Registry Repository Reader for appsIdentity',
      ])
      expect(changesOf(desired, applied(desired, other))).toEqual([])
    }
  })

  test('a condition that others put on a role without one is shown, and goes', () => {
    const legacy = desiredIdentityRoles(source({ team }))
    const there = applied(legacy)
    const condition = "@Request[x] StringEquals 'a'"
    const narrowed = {
      ...there,
      assignments: there.assignments.map((one) => (one.plane === 'azure' ? { ...one, condition } : one)),
    }
    const { changes, operations } = diffAccess(legacy, narrowed)
    expect(changes.filter(({ change }) => change !== 'keep')).toEqual([
      {
        change: 'modify',
        kind: 'role assignment',
        name: 'AcrPull for appsIdentity',
        scope: ids.containerRegistry,
        properties: [{ path: 'condition', before: condition, after: '' }],
        reason: 'Others have put a condition on it, and the manifests mean all that the role lets do.',
      },
    ])
    expect(changesOf(legacy, appliedTo(narrowed, operations))).toEqual([])
  })
})

describe('A role that is assigned above', () => {
  const desired = desiredAccess(source({ team }))
  const lead = names.personaGroup(productPersonas.lead)
  const subscription = '/subscriptions/s'
  const reader = roles.Reader.id
  const groups = applied(desired).groups
  const inherited = (changes: Partial<InheritedAssignment> = {}): ActualAccess => ({
    ...nothing,
    groups,
    inherited: [
      {
        plane: 'azure',
        id: `${subscription}/providers/Microsoft.Authorization/roleAssignments/1`,
        scope: subscription,
        principalId: 'oid-persona:lead',
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
        heldBy: ['OID-persona:lead'],
        holdsIn: [resourceGroup],
        ...changes,
      },
    ],
  })
  const assigns = `create role assignment Reader for ${lead}`

  test('is not assigned again, and the plan says where it comes from', () => {
    const actual = inherited()
    expect(changesOf(desired, actual)).not.toContain(assigns)
    const [kept] = diffAccess(desired, actual).changes.filter(({ name }) => name === `Reader for ${lead}`)
    expect(kept).toMatchObject({
      change: 'keep',
      reason: `${lead} has it by an assignment on the subscription s, so it is not assigned again.`,
    })
    expect(diffAccess(desired, actual).warnings).toEqual([])
  })

  test('to a group that ours is in counts as well', () => {
    const actual = inherited({
      principalId: 'oid-outer',
      scope: '/providers/Microsoft.Management/managementGroups/corp',
    })
    const [kept] = diffAccess(desired, actual).changes.filter(({ name }) => name === `Reader for ${lead}`)
    expect(kept?.reason).toBe(
      `${lead} has it by an assignment on the management group corp, through the group oid-outer, so it is not assigned again.`,
    )
  })

  test.each<[string, Partial<InheritedAssignment>]>([
    ['is narrowed by a condition', { condition: "@Request[x] StringEquals 'a'" }],
    ['is for somebody else', { heldBy: ['oid-persona:aiEngineer'] }],
    ['holds in another place', { holdsIn: ['/subscriptions/s/resourceGroups/common'] }],
    ['is another role', { roleDefinitionId: roles['Search Service Contributor'].id }],
  ])('is assigned where the one above %s', (_, changes) => {
    expect(changesOf(desired, inherited(changes))).toContain(assigns)
  })

  test('without the limit that is meant is not assigned again, and the plan says that it goes further', () => {
    const knowing = source({ team, factory: { sharedRegistryMode: 'AbacRepositoryPermissions' } })
    const limited = desiredAccess(knowing)
    const writer = limited.assignments.find(({ condition }) => condition !== undefined)
    const wide = inherited({
      roleDefinitionId: writer?.roleDefinitionId ?? '',
      holdsIn: [resourceGroup, ids.containerRegistry],
    })
    const name = `Container Registry Repository Writer for ${lead}`
    const { changes, warnings } = diffAccess(limited, wide)
    expect(changes.find((one) => one.name === name)).toMatchObject({
      change: 'keep',
      reason: `${lead} has it by an assignment on the subscription s, without the limit to repositories prj001/*, so it is not assigned again.`,
    })
    expect(warnings).toEqual([
      `${lead} has Container Registry Repository Writer by an assignment on the subscription s, without the limit to repositories prj001/*. That is more than the manifests of this project ask for, and it stays: whoever assigned it there can remove it, and the next delivery then assigns it with the limit.`,
    ])
    const both = wide.inherited.flatMap((one) => [
      one,
      { ...one, id: `${one.id}2`, condition: writer?.condition?.expression ?? '' },
    ])
    const beside = diffAccess(limited, { ...wide, inherited: both }).warnings
    expect(beside).toEqual([expect.stringContaining('also has Container Registry Repository Writer')])
  })

  test('stays where it is assigned in the project too: whoever has it never loses it for a moment', () => {
    const there = { ...applied(desired), inherited: inherited().inherited }
    expect(changesOf(desired, there)).toEqual([])
  })

  test('and that no manifest asks for is said, and left alone', () => {
    const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
    const { operations, warnings } = diffAccess(desired, {
      ...applied(desired),
      inherited: inherited({ roleDefinitionId: owner }).inherited,
    })
    expect(operations).toEqual([])
    expect(warnings).toEqual([
      `${lead} also has Owner by an assignment on the subscription s. No manifest of this project asks for it, and it stays: whoever assigned it there can remove it.`,
    ])
  })
})

describe('A persona that is eligible', () => {
  const lead = names.personaGroup(productPersonas.lead)
  const active = desiredAccess(source({ team }))
  const { personas } = source().project.factory
  const asking = personas.map((one) =>
    one.key === 'lead' ? { ...one, eligible: { duration: 'P180D', justification: 'On call' } } : one,
  )
  const desired = desiredAccess(source({ team, factory: { personas: asking } }))
  const withTime = (actual: ActualAccess, changes: Partial<ActualEligibility>): ActualAccess => ({
    ...actual,
    eligible: {
      kind: 'known',
      eligible:
        actual.eligible.kind === 'known'
          ? actual.eligible.eligible.map((one) => ({ ...one, ...changes }))
          : [],
    },
  })
  const idsOf = (actual: ActualAccess) => ({
    active: actual.assignments.some(
      ({ principalId, scope }) => principalId === 'oid-persona:lead' && scope === resourceGroup,
    ),
    eligible: actual.eligible.kind === 'known' && actual.eligible.eligible.length === 1,
  })

  test('does not have the role, and what it has all the time is said', () => {
    expect(idsOf(applied(desired))).toEqual({ active: false, eligible: true })
    expect(diffAccess(desired, nothing).warnings).toEqual([
      `${lead} has AcrPush all the time: only what is in the project's resource group can wait for its activation.`,
    ])
    expect(diffAccess(desired, applied(desired)).operations).toEqual([])
  })

  test.each([
    ['becomes eligible', active, desired, ['make-eligible', 'unassign']],
    ['has it all the time again', desired, active, ['assign', 'end-eligibility']],
  ] as const)('that %s is never without both on the way', (_, before, after, kinds) => {
    const start = applied(before)
    const operations = inStages(diffAccess(after, start).operations)
    expect(operations.map(({ kind }) => kind)).toEqual(kinds)
    const between = appliedTo(start, operations.slice(0, 1))
    expect(idsOf(between)).toEqual({ active: true, eligible: true })
    expect(changesOf(after, applied(after, between))).toEqual([])
    expect(idsOf(applied(after, start))).toEqual({ active: after === active, eligible: after === desired })
  })

  test.each([
    ['nearly over', { daysLeft: 29 }, true],
    ['far from over', { daysLeft: 31 }, false],
    ['longer than it should be', { daysLeft: 300 }, true],
    ['without an end', { daysLeft: undefined, end: undefined }, true],
    ['narrowed by others', { condition: "@Request[x] StringEquals 'a'" }, true],
  ])('that is %s is renewed: %j %s', (_, changes, isRenewed) => {
    const { operations } = diffAccess(desired, withTime(applied(desired), changes))
    expect(operations.map(({ kind }) => kind)).toEqual(isRenewed ? ['make-eligible'] : [])
  })

  test('and nobody asks for goes, of groups of ours alone', () => {
    const other: ActualEligibility = {
      id: 'other',
      scope: resourceGroup,
      principalId: 'oid-of-somebody',
      roleDefinitionId: roles.Reader.id,
      condition: '',
      end: undefined,
      daysLeft: undefined,
    }
    const found = [other, { ...other, id: 'ours', principalId: 'OID-persona:aiEngineer' }]
    const actual = { ...applied(active), eligible: { kind: 'known' as const, eligible: found } }
    expect(changesOf(active, actual)).toEqual([
      `delete eligible role assignment Reader for ${names.personaGroup(productPersonas.aiEngineer)}`,
    ])
    expect(applied(active, actual).eligible).toEqual({ kind: 'known', eligible: [other] })
  })

  test.each([
    ['unlicensed' as const, 'Microsoft Entra ID P2'],
    ['forbidden' as const, 'Microsoft.Authorization/roleEligibilitySchedules/read'],
  ])('is refused where that is %s, before anything is done', (kind, sentence) => {
    expect(() => diffAccess(desired, { ...nothing, eligible: { kind } })).toThrow(sentence)
    expect(diffAccess(active, { ...nothing, eligible: { kind } }).operations).not.toEqual([])
  })

  test('keeps a role that is active for who leaves until it ends, and that is said', () => {
    const start = applied(desired)
    const now = {
      ...start,
      assignments: [
        ...start.assignments,
        {
          plane: 'azure' as const,
          id: 'activated',
          scope: resourceGroup,
          principalId: 'oid-anna',
          roleDefinitionId: roles.Reader.id,
        },
      ],
    }
    const without: DesiredAccess = {
      ...desired,
      groups: desired.groups.map((group) =>
        group.key === 'persona:lead' ? { ...group, members: ['bo'] } : group,
      ),
    }
    expect(diffAccess(without, now).warnings).toEqual([
      expect.stringMatching(/^oid-anna has activated Reader, and keeps it until that ends/),
    ])
  })

  test('is what a member who has the role themselves has activated, and nobody else has', () => {
    const there = applied(desired)
    const active = (changes: Partial<ActualAssignment>): boolean =>
      isActivation(
        {
          ...{ plane: 'azure', id: 'activated', scope: resourceGroup, principalId: 'OID-anna' },
          roleDefinitionId: roles.Reader.id,
          ...changes,
        },
        there,
      )
    expect(active({})).toBe(true)
    expect(active({ principalId: 'oid-dee' })).toBe(false)
    expect(active({ scope: '/subscriptions/s' })).toBe(false)
    expect(active({ roleDefinitionId: roles['Search Service Contributor'].id })).toBe(false)
  })

  test.each([
    ['P180D', 180],
    ['P4W', 28],
    ['P6M', 180],
    ['P1Y', 365],
  ])('for %s is so for %d days', (duration, days) => {
    expect(daysOf(duration)).toBe(days)
  })
})

test('who pushes into a registry needs no second role to pull from it', () => {
  const both: ProjectGrant[] = [
    { to: { identity: 'appsIdentity' }, role: 'AcrPush', on: 'containerRegistry' },
    { to: { identity: 'appsIdentity' }, role: 'AcrPull', on: 'machineLearningRegistry' },
    { to: { identity: 'projectIdentity' }, role: 'AcrPull', on: 'machineLearningRegistry' },
  ]
  const { assignments } = desiredIdentityRoles({ ...source(), grants: both })
  expect(assignments.map(({ role, principalName }) => `${role} ${principalName}`)).toEqual([
    'AcrPush appsIdentity',
    'AcrPull projectIdentity',
  ])
})

describe('What this project gave', () => {
  const registry = '/subscriptions/s/resourceGroups/common/providers/x/y/registry'
  const own = inProject('registry')
  const sharing = desiredAccess(source({ team }))
  const sharingIdentities = desiredIdentityRoles(source({ team }))
  const alone = { ...source({ team }), ids: { ...ids, containerRegistry: own } }
  const ofOthers: readonly ActualAssignment[] = [
    ['oid-persona:lead', 'contributor-by-hand', 'b24988ac-6180-42a0-ab88-20f7382dd24c', ''],
    ['oid-of-project-002', '', roles.AcrPull.id, 'AcrPull for mi-prj002, by the AI factory'],
    ['oid-foundry', 'by-hand', roles.AcrPull.id, 'AcrPull for aiFoundry, by the AI factory'],
    ['oid-gone', 'by-hand', roles.AcrPull.id, ''],
  ].map(([principalId = '', name = '', roleDefinitionId = '', description = '']) => {
    const tuple = { scope: registry, principalId, roleDefinitionId }
    return {
      plane: 'azure' as const,
      id: `${registry}/${name || assignmentName(tuple)}`,
      ...tuple,
      description,
    }
  })
  const shared = applied(sharingIdentities, applied(sharing))
  const actual = { ...shared, assignments: [...shared.assignments, ...ofOthers] }

  test('on the shared registry goes when it has one of its own, and nothing else does', () => {
    expect(changesOf(desiredAccess(alone), actual)).toEqual([
      `create role assignment AcrPush for ${names.personaGroup(productPersonas.lead)}`,
      `delete role assignment AcrPush for ${names.personaGroup(productPersonas.lead)}`,
    ])
    expect(changesOf(desiredIdentityRoles(alone), actual)).toEqual([
      'create role assignment AcrPull for appsIdentity',
      'delete role assignment AcrPull for appsIdentity',
    ])
    const after = applied(desiredIdentityRoles(alone), applied(desiredAccess(alone), actual))
    expect(after.assignments.filter(({ scope }) => scope === registry)).toEqual(ofOthers)
    expect(changesOf(sharing, actual)).toEqual([])
    expect(changesOf(sharingIdentities, actual)).toEqual([])
  })

  const idOf = (role: string): string => Object.entries(roles).find(([name]) => name === role)?.[1].id ?? ''
  const leftBehind = (
    description: string,
    plane: 'azure' | 'cosmos' = 'azure',
    role = 'AcrPush',
  ): ActualAssignment => {
    const tuple = {
      scope: plane === 'azure' ? registry : ids.cosmosDb,
      principalId: 'oid-of-what-is-gone',
      roleDefinitionId: plane === 'azure' ? idOf(role) : roles['Cosmos DB Built-in Data Contributor'].id,
    }
    return { plane, id: `${tuple.scope}/${assignmentName(tuple)}`, ...tuple, description }
  }
  const and = (assignment: ActualAssignment) => ({
    ...actual,
    assignments: [...actual.assignments, assignment],
  })

  test('to the identity of a resource that is gone goes with the roles of identities', () => {
    const left = leftBehind('AcrPush for machineLearning, by the AI factory')
    expect(changesOf(sharingIdentities, and(left))).toEqual([
      'delete role assignment AcrPush for machineLearning',
    ])
    expect(changesOf(sharing, and(left))).toEqual([])
  })

  test('to what is gone says whether the manifests still assign it to its successor', () => {
    const reasons = ({ wanted, left }: { wanted: DesiredAccess; left: ActualAssignment }) =>
      diffAccess(wanted, and(left)).changes.flatMap(({ change, reason }) =>
        change === 'delete' ? [reason] : [],
      )
    const [still] = sharingIdentities.assignments.filter(({ scope }) => scope === registry)
    if (still === undefined) throw new Error('No identity has a role on the registry.')
    const former = (role: string) =>
      leftBehind(`${role} for ${still.principalName}, by the AI factory`, 'azure', role)
    expect(reasons({ wanted: sharingIdentities, left: former(still.role) })).toEqual([
      'It was for an earlier principal of this name, which is gone.',
    ])
    const role = still.role === 'AcrPush' ? 'AcrPull' : 'AcrPush'
    expect(reasons({ wanted: sharingIdentities, left: former(role) })).toEqual([
      'The manifests no longer assign this role.',
    ])
  })

  test('to a group that is gone goes with the roles of people', () => {
    const lead = names.personaGroup(productPersonas.lead)
    const left = leftBehind(`AcrPush for ${lead}, by the AI factory`)
    expect(changesOf(sharing, and(left))).toEqual([`delete role assignment AcrPush for ${lead}`])
    expect(changesOf(sharingIdentities, and(left))).toEqual([])
  })

  test('inside Cosmos DB goes when the directory does not know the principal any more', () => {
    const left = leftBehind('', 'cosmos')
    const gone = new Set([left.principalId])
    expect(changesOf(sharing, { ...and(left), gone })).toEqual([
      'delete role assignment Cosmos DB Built-in Data Contributor for a deleted principal',
    ])
    expect(changesOf(sharing, and(left))).toEqual([])
    expect(changesOf(sharingIdentities, and(left))).toEqual([])
  })

  test('to an identity whose service is switched off goes while the identity is still there', () => {
    const off = { ...source({ team }), grants: grants.filter(({ on }) => on !== 'cosmosDb') }
    expect(changesOf(desiredIdentityRoles(off), actual)).toEqual([
      'delete role assignment Cosmos DB Built-in Data Contributor for aiFoundry',
    ])
  })

  test('is not managed by one change to one persona', () => {
    const change = changedAccess(source({ team }), { persona: 'lead', add: ['cy'], remove: [] })
    const left = leftBehind('AcrPush for machineLearning, by the AI factory')
    expect(changesOf(change, and(left))).toEqual(['create member cy@x'])
    expect(changesOf(change, and(leftBehind('', 'cosmos')))).toEqual(['create member cy@x'])
  })
})

describe('An existing project', () => {
  const desired = desiredAccess(source({ team }))
  const actual = applied(desired)
  const lead = names.personaGroup(productPersonas.lead)

  test('takes people out who are in the group and not in the manifest', () => {
    const now = desiredAccess(source({ team: { ...team, lead: ['bo', 'dee'] } }))
    expect(changesOf(now, actual)).toEqual(['create member dee@x', 'delete member oid-anna'])
  })

  test('never takes out the last lead', () => {
    const difference = diffAccess(desiredAccess(source({ team: { aiEngineer: ['cy'] } })), actual)
    expect(difference.operations).toEqual([
      {
        kind: 'remove-member',
        before: 'all',
        group: 'persona:lead',
        groupName: 'aif001sdc_mrvela1b2c_prj001_dev_team_lead',
        objectId: 'oid-bo',
        display: 'oid-bo',
      },
    ])
    expect(difference.warnings).toEqual([
      `oid-anna stays in ${lead}, because somebody must be in it. Name a successor first, or allow it with the input 'allow: no-lead'.`,
    ])
  })

  test('warns when a whole team is gone from the manifest', () => {
    const key = 'persona:aiEngineer'
    const engineers = actual.groups.get(key)
    if (engineers === undefined) throw new Error('The group is missing.')
    const members = ['oid-cy', 'oid-dee'].map((objectId) => ({ objectId, display: objectId }))
    const full = { ...actual, groups: new Map(actual.groups).set(key, { ...engineers, members }) }
    const warned = (team: Parameters<typeof source>[0]) =>
      diffAccess(desiredAccess(source(team)), full).warnings.filter((text) => /^All 2 members/.test(text))
    expect(warned({ team: { lead: ['bo'], aiEngineer: [] } })).toEqual([
      `All 2 members leave ${engineers.displayName}, because the documents name nobody for it any more. Put the team back if that is a mistake.`,
    ])
    expect(warned({ team: { lead: ['bo'], aiEngineer: ['cy'] } })).toEqual([])
  })

  test('leaves the groups of other projects in the group that walks through the lake', () => {
    const traversal = actual.groups.get('lakeTraversal')
    if (traversal === undefined) throw new Error('The group is missing.')
    const shared = {
      ...traversal,
      members: [...traversal.members, { objectId: 'oid-prj002', display: 'prj002' }],
    }
    const groups = new Map(actual.groups).set('lakeTraversal', shared)
    expect(changesOf(desired, { ...actual, groups })).toEqual([])
  })

  test('adopts assignments that were created by hand, whatever their name and letter case', () => {
    const assignments = actual.assignments.map((assignment) => ({
      ...assignment,
      id: 'made-by-hand',
      scope: assignment.scope.toUpperCase(),
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleDefinitionId.toUpperCase()}`,
    }))
    expect(changesOf(desired, { ...actual, assignments })).toEqual([])
  })

  const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  const stale = (differences: Partial<ActualAssignment>): ActualAccess => ({
    ...actual,
    assignments: [
      ...actual.assignments,
      {
        plane: 'azure',
        id: 'stale',
        scope: ids.keyVault,
        principalId: 'OID-persona:lead',
        roleDefinitionId: reader,
        ...differences,
      },
    ],
  })

  test('loses a role that the catalogue no longer assigns', () => {
    expect(changesOf(desired, stale({}))).toEqual([`delete role assignment Reader for ${lead}`])
  })

  test('does not touch the roles of identities, nor do theirs touch those of people', () => {
    const ofIdentities = desiredIdentityRoles(source({ team }))
    const all = applied(ofIdentities, actual)
    expect(changesOf(desired, all)).toEqual([])
    expect(changesOf(ofIdentities, all)).toEqual([])
    const both = {
      ...all,
      assignments: [...all.assignments, ...stale({ principalId: 'oid-apps' }).assignments],
    }
    expect(changesOf(desired, both)).toEqual([])
    expect(changesOf(ofIdentities, both)).toEqual(['delete role assignment Reader for appsIdentity'])
    const ofPeople = { ...all, assignments: [...all.assignments, ...stale({}).assignments] }
    expect(changesOf(ofIdentities, ofPeople)).toEqual([])
  })

  test.each([
    ['somebody else', { principalId: 'oid-anna' }],
    ["a service's own identity", { principalId: 'oid-foundry' }],
    ['our group outside the project', { scope: '/subscriptions/s' }],
    [
      'our group, but with a role that is not ours',
      { roleDefinitionId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' },
    ],
    ['our group in another system of roles', { plane: 'cosmos' as const }],
  ])('leaves alone what was given to %s', (_, differences) => {
    expect(changesOf(desired, stale(differences))).toEqual([])
  })

  test('refuses people the directory does not know, all at once, where the manifest names them', () => {
    const unknown = desiredAccess(source({ team: { lead: ['anna', 'nobody'], aiEngineer: ['ghost'] } }))
    expect(() => diffAccess(unknown, actual)).toThrow(UserError)
    expect(() => diffAccess(unknown, actual)).toThrow(
      /The members of the groups have 2 faults: \(1\) team\.lead\.1:1:1: Entra ID has no user or group 'nobody'\. .* \(2\) team\.aiEngineer\.0:1:1: Entra ID has no user or group 'ghost'\./,
    )
  })
})

describe('A group of the right name', () => {
  const desired = desiredAccess(source({ team }))
  const actual = applied(desired)
  const lead = names.personaGroup(productPersonas.lead)
  const withLead = (changes: Partial<ActualGroup>, assignments = actual.assignments): ActualAccess => {
    const group = actual.groups.get('persona:lead')
    if (group === undefined) throw new Error('The group is missing.')
    return {
      ...actual,
      assignments,
      groups: new Map(actual.groups).set('persona:lead', { ...group, ...changes }),
    }
  }

  test.each([
    [{ kind: 'nobody' } as const, `The group '${lead}' in Entra ID has no owner.`],
    [
      { kind: 'others', owners: ['mallory', 'x\n::error::'] } as const,
      `The group '${lead}' in Entra ID belongs to somebody else: mallory, x⏎::error::.`,
    ],
  ])('is refused when its ownership is %j, with the way out', (ownership, what) => {
    const attempt = () => diffAccess(desired, withLead({ ownership }))
    expect(attempt).toThrow(what)
    expect(attempt).toThrow("'npm run setup -- path/to/factory.yml'")
  })

  test('whose owners cannot be seen is planned with a warning', () => {
    const { warnings, operations } = diffAccess(desired, withLead({ ownership: { kind: 'unknown' } }))
    expect(operations).toEqual([])
    expect(warnings).toEqual([
      expect.stringMatching(`^Whether the identity that delivers owns ${lead} cannot`),
    ])
  })

  test('gets the owner that it lacks', () => {
    const now = withLead({ ownership: { kind: 'ours', missing: ['oid-people'] } })
    const { operations } = diffAccess(desired, now)
    expect(operations).toEqual([{ kind: 'complete-owners', group: 'persona:lead', groupName: lead }])
    expect(diffAccess(desired, appliedTo(now, operations)).operations).toEqual([])
  })

  test('that has no role yet loses whoever is in it before it gets one', () => {
    const members = [{ objectId: 'oid-mallory', display: 'mallory' }]
    const oid = actual.groups.get('persona:lead')?.objectId
    const unused = actual.assignments.filter(({ principalId }) => principalId !== oid)
    const { operations } = diffAccess(desired, withLead({ members }, unused))
    const kinds = inStages(operations).map(({ kind }) => kind)
    expect(kinds).toEqual(['add-members', 'remove-member', 'assign', 'assign'])
    const change = changedAccess(source({ team }), { persona: 'lead', add: ['cy'], remove: [] })
    expect(() => diffAccess(change, withLead({ members }, unused))).toThrow(
      `The group '${lead}' has members and none of its roles yet.`,
    )
  })
})

describe('One change', () => {
  const actual = applied(desiredAccess(source({ team })))
  const change = (add: string[], remove: string[]) =>
    changedAccess(source({ team }), { persona: 'lead', add, remove })

  test('adds and removes only those named, and asks for nothing else', () => {
    const groups = new Map(actual.groups)
    groups.delete('persona:aiEngineer')
    expect(changesOf(change(['cy'], ['anna']), { ...actual, groups })).toEqual([
      'create member cy@x',
      'delete member oid-anna',
    ])
  })

  test('makes the group with its roles when it is the first', () => {
    expect(changesOf(change(['cy'], []), nothing)).toEqual([
      `create group ${names.personaGroup(productPersonas.lead)}`,
      `create group ${commonNames(commonCatalogue, scheme).lakeTraversalGroup}`,
      'create member cy@x',
      `create member ${names.personaGroup(productPersonas.lead)}`,
      `create role assignment Reader for ${names.personaGroup(productPersonas.lead)}`,
      `create role assignment AcrPush for ${names.personaGroup(productPersonas.lead)}`,
    ])
  })

  test('refuses to remove the last lead, and to add and remove somebody at once', () => {
    expect(() => diffAccess(change([], ['anna', 'bo']), actual)).toThrow('Nobody would be left in')
    expect(() => change(['anna'], ['Anna'])).toThrow('anna cannot be added and removed at once.')
  })

  test('warns that the manifest says otherwise', () => {
    const { project } = source({ team })
    expect(notInManifest(project, { persona: 'lead', add: ['cy'], remove: ['anna'] })).toMatch(
      /add cy to and remove anna from team\.lead/,
    )
    expect(notInManifest(project, { persona: 'lead', add: ['anna'], remove: ['cy'] })).toBeUndefined()
  })
})
