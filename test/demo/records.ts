import { createHash } from 'node:crypto'
import type { AccessSource } from '../../src/access/access-source.ts'
import { desiredAccess } from '../../src/access/desired-access.ts'
import { desiredIdentityRoles } from '../../src/access/desired-identity-roles.ts'
import type { DesiredAccess } from '../../src/access/model.ts'
import { grantsOf } from '../../src/catalog/contents.ts'
import { productPersonas } from '../../src/catalog/personas.ts'
import { cidr } from '../../src/cidr.ts'
import { composeProject } from '../../src/compose/compose-project.ts'
import { contentsOf, projectResourceIds } from '../../src/compose/project-context.ts'
import { managedResourceIds } from '../../src/compose/template-summary.ts'
import { formatEntries } from '../../src/lake/acl.ts'
import { desiredLake, type LakePrincipals } from '../../src/lake/desired.ts'
import type { GuardedPath } from '../../src/lake/effective.ts'
import { effectiveAccessReport } from '../../src/lake/report.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import { narrowMapSvg } from '../../src/network/map/narrow.ts'
import { vnetMapSvg } from '../../src/network/map/svg.ts'
import { mapOf } from '../../src/network/map/vnet-map.ts'
import type { CostEstimate } from '../../src/plan/cost.ts'
import type { Change } from '../../src/plan/model.ts'
import type { RunFailure } from '../../src/plan/run-record.ts'
import type { Usage } from '../../src/plan/usage.ts'
import { type ChainStep, deliverySteps, requestStep } from '../../src/report/chain.ts'
import type { DeliveredRun, Delivery, DescribedEnvironment } from '../../src/report/delivery.ts'
import { type Environment, environments } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject, exampleSubnets } from '../fixtures/projects.ts'

/** What a step published. */
interface Outcome {
  readonly outputs?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly changes: readonly Change[]
  readonly warnings?: readonly string[]
  readonly cost?: CostEstimate
  readonly usage?: readonly Usage[]
}

/** An object id that is the same for the same name. */
const objectId = (name: string): string => {
  const digits = createHash('sha256').update(name).digest('hex')
  return `${digits.slice(0, 8)}-0000-4000-8000-${digits.slice(8, 20)}`
}

const create = (kind: string, name: string, scope?: string): Change => ({
  change: 'create',
  kind,
  name,
  ...(scope === undefined ? {} : { scope }),
})

function network(project: ResolvedProject): Outcome {
  const { network: area } = project.factory
  const prefixes = area.source.kind === 'factory' ? area.source.addressSpace : []
  const names = exampleNames(project)
  const own = Object.values(exampleSubnets(project))
  const second = prefixes[0]?.split('.')[1] ?? '16'
  const placed = own.map((subnet) => ({
    ...subnet,
    addressPrefix: subnet.addressPrefix.replace('172.16.', `172.${second}.`),
    state: 'reserved' as const,
  }))
  const existing = {
    id: '',
    name: 'snt-esmlcmn-001',
    addressPrefixes: [`172.${second}.60.0/24`],
  }
  const map = mapOf(
    { id: '', name: names.common.virtualNetwork, addressPrefixes: prefixes, subnets: [existing] },
    [cidr('10.0.0.0/16')],
    placed,
  )
  const keys = Object.keys(exampleSubnets(project))
  return {
    outputs: {
      subnets: JSON.stringify(Object.fromEntries(placed.map((subnet, index) => [keys[index] ?? '', subnet]))),
    },
    files: { 'map-file': vnetMapSvg(map), 'map-narrow-file': narrowMapSvg(map) },
    changes: placed.map(({ name, id }) => create('subnet', name, id)),
  }
}

/** The kind and the name of a resource as a plan has them: without the namespaces of what it is part of. */
function resourceOf(id: string): { readonly kind: string; readonly name: string } {
  const [namespace = '', ...segments] = id.slice(id.lastIndexOf('/providers/') + 11).split('/')
  return {
    kind: [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/'),
    name: segments.filter((_, index) => index % 2 === 1).join('/'),
  }
}

function resources(project: ResolvedProject): Outcome {
  const names = exampleNames(project)
  const template = composeProject(project, names, exampleSubnets(project))
  const ids = managedResourceIds(template, project.factory.subscriptionId)
  const roles = desiredIdentityRoles(sourceOf(project))
  const changes = ids.map((id) =>
    id.includes('/providers/')
      ? create(resourceOf(id).kind, resourceOf(id).name, id)
      : create('resource group', names.project.resourceGroup, id),
  )
  return {
    outputs: {
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(ids),
      assignments: rolesOutput(roles),
    },
    changes: [create('deployment stack', names.project.deploymentStack), ...changes, ...roleChanges(roles)],
    cost: {
      currency: 'USD',
      pricesOf: '2026-11-29',
      region: 'Sweden Central',
      before: 0,
      after: 110.5,
      items: [
        {
          kind: 'Microsoft.Search/searchServices',
          name: names.project.aiSearch,
          meter: '1 search unit of basic',
          after: 110.5,
          plus: 'semantic queries',
          source: 'https://azure.microsoft.com/pricing/details/search/',
        },
      ],
      notEstimated: [],
    },
    usage: [
      { what: 'role assignments', of: 'the subscription', used: 100, after: 120, limit: 4_000 },
      { what: 'units of the model quota gpt', of: 'swedencentral', used: 40, after: 90, limit: 100 },
    ],
  }
}

function sourceOf(project: ResolvedProject): AccessSource {
  const names = exampleNames(project)
  const ids = projectResourceIds(project, names)
  return {
    project,
    names: names.project,
    common: names.common,
    ids,
    commonRegistries: [ids.containerRegistry],
    customRoles: [],
    definedRoles: new Map(),
    grants: grantsOf(contentsOf(project)),
  }
}

const rolesOutput = ({ assignments }: DesiredAccess): string =>
  JSON.stringify(
    assignments.map(({ principalName, role, scope }) => ({ principal: principalName, role, scope })),
  )

const roleChanges = ({ assignments }: DesiredAccess): readonly Change[] =>
  assignments.map(({ role, principalName, scope }) =>
    create('role assignment', `${role} for ${principalName}`, scope),
  )

function access(project: ResolvedProject): Outcome {
  const names = exampleNames(project)
  const desired = desiredAccess(sourceOf(project))
  const { groups } = desired
  return {
    outputs: {
      groups: JSON.stringify(
        groups.map(({ key, displayName, members }) => ({
          key,
          name: displayName,
          id: objectId(key),
          members,
        })),
      ),
      assignments: rolesOutput(desired),
    },
    changes: [...groups.map(({ displayName }) => create('group', displayName)), ...roleChanges(desired)],
    warnings: [`Group '${names.project.personaGroup(productPersonas.dataEngineer)}' has no member yet.`],
  }
}

function lake(project: ResolvedProject): Outcome {
  const principals: LakePrincipals = {
    roles: project.factory.personas,
    personas: {
      lead: objectId('persona:lead'),
      aiEngineer: objectId('persona:aiEngineer'),
      dataEngineer: objectId('persona:dataEngineer'),
      frontendDeveloper: objectId('persona:frontendDeveloper'),
    },
    projectIdentity: objectId('projectIdentity'),
    coreTeam: { itAdmin: objectId('coreTeam:itAdmin'), dataOps: objectId('coreTeam:dataOps') },
    traversal: objectId('lakeTraversal'),
  }
  const desired = desiredLake(project, principals)
  const tree = new Map(
    desired.map(({ path: folder, access }): [string, GuardedPath] => [
      folder,
      { access, owner: '$superuser', group: '$superuser' },
    ]),
  )
  const acl = desired.map(({ path: folder, recursive, access, defaults }) => ({
    path: folder,
    recursive,
    access: formatEntries(access),
    default: formatEntries(defaults),
  }))
  return {
    outputs: {
      acl: JSON.stringify(acl),
      'effective-access': JSON.stringify(effectiveAccessReport(desired, tree, principals)),
      counts: JSON.stringify({ directories: 0, files: 0 }),
    },
    changes: desired.map(({ path: folder }) => create('folder', folder)),
  }
}

const outcomes: Readonly<Record<string, (project: ResolvedProject) => Outcome>> = {
  'ip-calc reserve': network,
  'provision-project apply': resources,
  'add-member apply': access,
  'datalake-acl apply': lake,
}

const project = (environment: Environment): ResolvedProject => ({
  ...exampleProject('genai-1', environment, {
    services: { cosmosDb: true },
    team: { dataScientist: [], aiEngineer: ['bo@contoso.example', 'cleo@contoso.example'] },
  }),
  description: 'Answers questions about our service manuals.',
})

function describe(environment: Environment): [string, DescribedEnvironment] {
  const described = project(environment)
  const names = exampleNames(described)
  return [
    environment,
    {
      project: described,
      resourceGroup: names.project.resourceGroup,
      ids: projectResourceIds(described, names),
    },
  ]
}

function deliveredStep(environment: Environment, { action, mode }: ChainStep): DeliveredRun {
  const none: Outcome = { changes: [] }
  const outcome = outcomes[`${action} ${mode}`]?.(project(environment)) ?? none
  const { outputs = {}, files = {}, changes, warnings = [], cost, usage } = outcome
  return {
    ...{ version: 1, action, mode, project: '001', environment },
    started: `2026-11-29T10:0${environments.indexOf(environment)}:30.000Z`,
    milliseconds: 800 + 90 * changes.length,
    calls: 20 + changes.length,
    outcome: mode === 'check' ? 'planned' : 'applied',
    changed: changes.length > 0,
    plan: {
      ...{ version: 1, action, project: '001', environment, changes, warnings },
      ...(cost && { cost }),
      ...(usage && { usage }),
    },
    ...{ outputs, files, warnings },
    notice: `Project 001 in ${environment}: ${changes.length} created.`,
  }
}

/** The step that turns the issue into a manifest. */
export const requestRun: DeliveredRun = {
  ...{ version: 1, action: requestStep.action, mode: requestStep.mode, project: '001' },
  started: '2026-11-29T10:00:00.000Z',
  ...{ milliseconds: 640, calls: 3, outcome: 'applied', changed: true },
  plan: {
    ...{ version: 1, action: requestStep.action, project: '001' },
    changes: [create('project manifest', 'aifactory/projects/prj001.yml')],
    warnings: [],
  },
  outputs: {
    project: '001',
    comment: '### Project 001: `rag-chat`\n\nThis is how your request was understood:',
  },
  ...{ files: {}, warnings: [] },
}

/** A delivery of a project to all environments, as the actions would leave it: names, roles and lists are the product's. */
export const delivered: Delivery = {
  runs: [
    requestRun,
    ...environments.flatMap((environment) => deliverySteps.map((step) => deliveredStep(environment, step))),
  ],
  environments,
  described: new Map(environments.map(describe)),
  origin: {
    run: { name: 'run 12', url: 'https://github.com/contoso/factory/actions/runs/123/attempts/1' },
    actor: 'anna',
    manifest: {
      name: 'aifactory/projects/prj001.yml',
      url: 'https://github.com/contoso/factory/blob/0123456789abcdef0123456789abcdef01234567/aifactory/projects/prj001.yml',
    },
    commit: { name: '0123456', url: 'https://github.com/contoso/factory/commit/0123456' },
    portal: 'https://portal.azure.com',
    again: 'gh run rerun 123 --failed --repo contoso/factory',
  },
}

/** The same delivery with other runs. */
export const withRuns = (change: (run: DeliveredRun) => DeliveredRun): Delivery => ({
  ...delivered,
  runs: delivered.runs.map(change),
})

/** The same step, ended by a failure. */
export const failing = (
  run: DeliveredRun,
  failure: Partial<RunFailure> & Pick<RunFailure, 'what'>,
): DeliveredRun => {
  const { notice: _, changed: __, ...rest } = run
  return { ...rest, outcome: 'failed', outputs: {}, files: {}, failure: { isDefect: false, ...failure } }
}

/** The same steps, run again without anything to change. */
export const unchanged: Delivery = withRuns((run) => ({
  ...run,
  changed: false,
  warnings: [],
  ...(run.plan && {
    plan: {
      ...run.plan,
      changes: run.plan.changes.map((change) => ({ ...change, change: 'keep' as const })),
    },
  }),
}))

/** The same steps, refused because the default branch has newer documents; a check changes nothing, and only warns. */
export const refused = (run: DeliveredRun): DeliveredRun => {
  if (run.action === requestStep.action || run.mode === 'check') return run
  const { plan: _, ...rest } = run
  const { action, project = '', mode } = run
  const warnings = ['Nothing was changed. The documents of this run are older.']
  return {
    ...rest,
    ...{ outcome: 'refused', changed: false, outputs: {}, files: {}, warnings },
    plan: { version: 1, action, project, changes: [], warnings },
    notice: `Nothing was changed in mode ${mode}.`,
  }
}
