import { desiredAccess } from '../../src/access/desired-access.ts'
import { desiredIdentityRoles } from '../../src/access/desired-identity-roles.ts'
import { identitiesOf } from '../../src/access/diff-access.ts'
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
} from '../../src/access/model.ts'
import { assignmentDescription, assignmentName, tupleOf } from '../../src/access/role-assignment.ts'
import { keysOf } from '../../src/by-key.ts'
import { partsOf } from '../../src/catalog/contents.ts'
import { catalogue, type ResourceKey, type ServiceKey } from '../../src/catalog/index.ts'
import { contentsOf, projectResourceIds } from '../../src/compose/project-context.ts'
import type { FactoryDocument } from '../../src/manifest/factory-schema.ts'
import { resolvePersonas } from '../../src/manifest/personas.ts'
import { accessSource } from '../../src/operations/access/access-source.ts'
import { isWithin } from '../../src/resource-id.ts'
import type { RoleKind } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject } from '../fixtures/projects.ts'

/** People whom manifests name, and one whom only others add. */
export const people = ['anna', 'bo', 'cy', 'dee'].map((name) => `${name}@contoso.example`)
export const stranger = 'oid-stranger'
export const oidOf = (member: string): string => `oid-${member}`

/** What the documents say, and which of the factory's own roles set-up has defined. */
export interface Intent {
  readonly team: Readonly<Record<string, readonly string[]>>
  readonly coreTeam: { readonly itAdmin: readonly string[]; readonly dataOps: readonly string[] }
  readonly services: Readonly<Partial<Record<ServiceKey, boolean>>>
  readonly roles: RoleKind
  /** One for each of the factory's own roles; `older`: from a release whose catalogue granted less. */
  readonly definitions: readonly ('as meant' | 'older' | 'missing')[]
  readonly foreign: 'keep' | 'remove'
  /** Personas that activate their roles when they need them. */
  readonly eligible: readonly string[]
  /** What factory.yml says of personas. */
  readonly personas: keyof typeof saidOfPersonas
}

/** Others that factory.yml has, calls otherwise, or gives other rights. */
export const saidOfPersonas = {
  "the product's": {},
  'one more': { auditor: { title: 'Auditor', from: 'aiEngineer' } },
  'one more of another group': { auditor: { title: 'Auditor', group: 'examiner', from: 'dataScientist' } },
  'another group': { aiEngineer: { group: 'aie' }, lead: { group: 'owner' } },
  'fewer rights': {
    aiEngineer: { rights: { dev: { cosmosDb: [], aiSearch: [] } } },
    dataScientist: { rights: { dev: { machineLearning: [], containerRegistry: [] } } },
  },
} as const satisfies Readonly<Record<string, Documents['personas']>>

type Documents = Pick<FactoryDocument, 'personas'>

/** Both differences that a delivery closes, of people and of identities. */
export interface Desires {
  readonly people: DesiredAccess
  readonly identities: DesiredAccess
}

/** What follows from an intent. */
export interface Meant extends Desires {
  readonly intent: Intent
  readonly ids: ReturnType<typeof projectResourceIds>
  readonly resources: ReadonlySet<string>
}

const eligibility = { duration: 'P180D', justification: 'Least privilege.' }

export function meantBy(intent: Intent): Meant {
  const { eligible, team, coreTeam, services, roles, definitions, foreign, personas: said } = intent
  const members = { foreign, invite: false }
  const personas = resolvePersonas({ personas: saidOfPersonas[said] }, 'dev').map((persona) =>
    eligible.includes(persona.key) ? { ...persona, eligible: eligibility } : persona,
  )
  const known = new Set(personas.map(({ key }) => key))
  const project = exampleProject('all', 'dev', {
    team: Object.fromEntries(Object.entries(team).filter(([key]) => known.has(key))),
    services,
    factory: { roles, members, coreTeam, personas },
  })
  const names = exampleNames(project)
  const ids = projectResourceIds(project, names)
  const { customRoles } = accessSource({ project, names, ids })
  const defined = customRoles.flatMap(({ id, permissions }, index) => {
    const kind = definitions[index % definitions.length] ?? 'as meant'
    if (kind === 'missing') return []
    const fewer = { ...permissions, actions: permissions.actions.slice(1) }
    return [[id, kind === 'older' ? fewer : permissions] as const]
  })
  const factory = { ...project.factory, definedRoles: new Map(defined) }
  const source = accessSource({ project: { ...project, factory }, names, ids })
  return {
    intent,
    people: desiredAccess(source),
    identities: desiredIdentityRoles(source),
    ids,
    resources: new Set(partsOf(contentsOf(project)).flatMap(({ resources }) => keysOf(resources))),
  }
}

type Ownership = ActualGroup['ownership']

interface Group {
  readonly objectId: string
  readonly displayName: string
  readonly mailNickname: string
  ownership: Ownership
  members: string[]
}

const ours: Ownership = { kind: 'ours', missing: [] }

/** Entra and Azure, in memory. */
export class World {
  readonly groups = new Map<GroupKey, Group>()
  readonly identities = new Map<ResourceKey, string>()
  /** Whom the documents named for a group, now or earlier, by object id. */
  readonly history = new Map<GroupKey, Set<string>>()
  assignments: ActualAssignment[] = []
  inherited: InheritedAssignment[] = []
  eligible: ActualEligibility[] = []
  #count = 0

  #next(what: string): string {
    this.#count += 1
    return `oid-${what}-${this.#count}`
  }

  /** Resources are there with their identities, or gone with the roles that were assigned on them. */
  provision({ people: of, identities, ids, resources }: Meant): void {
    const needed = new Set([...identitiesOf(of), ...identitiesOf(identities)])
    for (const key of keysOf(catalogue.resources)) {
      if (needed.has(key)) {
        if (!this.identities.has(key)) this.identities.set(key, this.#next(key))
        continue
      }
      this.identities.delete(key)
      if (resources.has(key)) continue
      this.assignments = this.assignments.filter(({ scope }) => !isWithin(scope, ids[key]))
      this.eligible = this.eligible.filter(({ scope }) => !isWithin(scope, ids[key]))
    }
  }

  /** The default branch has these documents from now on. */
  publish({ people: { groups } }: Desires): void {
    for (const { key, members } of groups) {
      const named = this.history.get(key) ?? new Set()
      for (const member of members) named.add(oidOf(member).toLowerCase())
      this.history.set(key, named)
    }
  }

  /** Groups are found by their names: each is somebody else's in other documents, or a former persona's. */
  nameBy({ people: { groups } }: Desires): void {
    const all = [...this.groups.values()]
    this.groups.clear()
    for (const group of all) {
      const named = groups.find(({ mailNickname }) => mailNickname === group.mailNickname)
      this.groups.set(named?.key ?? `former:${group.mailNickname}`, group)
    }
  }

  read({
    groups,
    groupPrefix,
    assignments,
    managedScopes,
    cosmosAccounts = [],
  }: DesiredAccess): ActualAccess {
    const scopes = [...managedScopes, ...assignments.map(({ scope }) => scope)]
    const accounts = [
      ...cosmosAccounts,
      ...assignments.flatMap(({ plane, scope }) => (plane === 'cosmos' ? [scope] : [])),
    ]
    const present = groups.flatMap(({ key, presence }): readonly (readonly [GroupKey, ActualGroup])[] => {
      const group = this.groups.get(key)
      if (group === undefined) return []
      if (presence === 'if-exists' && group.ownership.kind === 'others') return []
      return [[key, { ...group, members: group.members.map((id) => ({ objectId: id, display: id })) }]]
    })
    const former = [...this.groups].flatMap(([key, group]): typeof present => {
      if (groupPrefix === undefined || key !== `former:${group.mailNickname}`) return []
      return [[key, { ...group, members: group.members.map((id) => ({ objectId: id, display: id })) }]]
    })
    const known = new Set(
      [...this.groups.values()].map(({ objectId }) => objectId).concat(...this.identities.values()),
    )
    const principals = this.assignments.map(({ principalId }) => principalId)
    return {
      groups: new Map([...present, ...former]),
      members: new Map(people.map((name) => [name, { objectId: oidOf(name), display: name, kind: 'user' }])),
      identities: this.identities,
      gone: new Set(principals.filter((id) => !known.has(id))),
      assignments: this.assignments.filter(({ plane, scope }) =>
        (plane === 'cosmos' ? accounts : scopes).some((outer) => isWithin(scope, outer)),
      ),
      inherited: this.inherited,
      eligible: { kind: 'known', eligible: this.eligible },
      former: { kind: 'known', objectIds: this.history },
    }
  }

  apply(operation: AccessOperation): void {
    switch (operation.kind) {
      case 'create-group': {
        const { key, displayName, mailNickname } = operation.group
        const objectId = this.#next(mailNickname)
        this.groups.set(key, { objectId, displayName, mailNickname, ownership: ours, members: [] })
        return
      }
      case 'complete-owners':
        this.group(operation.group).ownership = ours
        return
      case 'add-members': {
        const { members } = this.group(operation.group)
        const added = [...operation.objectIds, ...operation.groups.map((key) => this.group(key).objectId)]
        const twice = added.find((id) => members.includes(id))
        if (twice !== undefined) throw new Error(`${twice} is a member already.`)
        members.push(...added)
        return
      }
      case 'remove-member': {
        const group = this.group(operation.group)
        group.members = group.members.filter((id) => id !== operation.objectId)
        return
      }
      case 'assign':
        this.assign(operation.assignment)
        return
      case 'set-condition': {
        const condition = operation.assignment.condition?.expression ?? ''
        this.assignments = this.assignments.map((one) =>
          one.id === operation.existing.id ? { ...one, condition } : one,
        )
        return
      }
      case 'make-eligible': {
        const { assignment, replaces } = operation
        const { scope, roleDefinitionId, condition, eligible } = assignment
        const principalId = this.principalOf(assignment)
        const id = `${scope}/eligible/${assignmentName({ scope, principalId, roleDefinitionId })}`
        const others = this.eligible.filter((one) => one.id !== replaces)
        if (others.some((one) => tupleOf(one) === tupleOf({ ...assignment, principalId })))
          throw new Error(`RoleAssignmentExists: ${id}`)
        const until = { end: '2027-01-01T00:00:00Z', daysLeft: eligible.days }
        const made = { id, scope, principalId, roleDefinitionId, condition: condition?.expression ?? '' }
        this.eligible = [...others, { ...made, ...until }]
        return
      }
      case 'end-eligibility':
        this.eligible = this.eligible.filter(({ id }) => id !== operation.eligibility.id)
        return
      case 'unassign':
        this.assignments = this.assignments.filter(({ id }) => id !== operation.assignment.id)
        return
      default:
        throw new Error(`Nothing here asks for ${JSON.stringify(operation)}.`)
    }
  }

  principalOf({ principal, principalName }: DesiredAssignment): string {
    const id =
      'group' in principal ? this.group(principal.group).objectId : this.identities.get(principal.identity)
    if (id === undefined) throw new Error(`${principalName} does not exist yet.`)
    return id
  }

  assign(assignment: DesiredAssignment): void {
    const { plane, scope, roleDefinitionId, role, principalName, condition } = assignment
    const principalId = this.principalOf(assignment)
    const tuple = { scope, principalId, roleDefinitionId }
    this.put({
      plane,
      ...tuple,
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(tuple)}`,
      ...(plane === 'azure' && {
        description: assignmentDescription(role, principalName),
        condition: condition?.expression ?? '',
      }),
    })
  }

  /** Azure takes one assignment for each tuple. */
  put(assignment: ActualAssignment): void {
    if (this.assignments.some((one) => tupleOf(one) === tupleOf(assignment)))
      throw new Error(`RoleAssignmentExists: ${tupleOf(assignment)}`)
    this.assignments.push(assignment)
  }

  group(key: GroupKey): Group {
    const group = this.groups.get(key)
    if (group === undefined) throw new Error(`There is no group ${key} yet.`)
    return group
  }

  /** Somebody deletes a group; what was assigned to it stays, for a principal that nobody knows. */
  removeGroup(key: GroupKey): void {
    const { objectId } = this.group(key)
    this.groups.delete(key)
    this.eligible = this.eligible.filter(({ principalId }) => principalId !== objectId)
    this.inherited = this.inherited.filter(({ heldBy }) => !heldBy.includes(objectId))
    for (const group of this.groups.values()) group.members = group.members.filter((id) => id !== objectId)
  }
}
