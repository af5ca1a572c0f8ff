import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chain, type StepRecord } from '../../demo/deliver.ts'
import type { LogLine } from '../../sandbox/runner/commands.ts'
import { desiredAccess } from '../../src/access/desired-access.ts'
import { grantsOf } from '../../src/catalog/contents.ts'
import { cidr } from '../../src/cidr.ts'
import { composeProject } from '../../src/compose/compose-project.ts'
import { contentsOf, projectResourceIds } from '../../src/compose/project-context.ts'
import { managedResourceIds } from '../../src/compose/template-summary.ts'
import { formatEntries } from '../../src/lake/acl.ts'
import { desiredLake, type LakePrincipals } from '../../src/lake/desired.ts'
import type { GuardedPath } from '../../src/lake/effective.ts'
import { effectiveAccessReport } from '../../src/lake/report.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import { vnetMapSvg } from '../../src/network/map/svg.ts'
import { mapOf } from '../../src/network/map/vnet-map.ts'
import type { Change, Plan } from '../../src/plan/model.ts'
import { type Environment, environments } from '../../src/vocabulary.ts'
import { exampleNames, exampleProject, exampleSubnets } from '../fixtures/projects.ts'

/** One step's outputs, with the lines it logged and the plan it wrote. */
interface Outcome {
  readonly outputs: Readonly<Record<string, string>>
  readonly changes: readonly Change[]
  readonly lines?: readonly LogLine[]
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

function network(project: ResolvedProject, folder: string): Outcome {
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
  const mapFile = path.join(folder, 'map.svg')
  writeFileSync(mapFile, vnetMapSvg(map))
  const keys = Object.keys(exampleSubnets(project))
  return {
    outputs: {
      subnets: JSON.stringify(Object.fromEntries(placed.map((subnet, index) => [keys[index] ?? '', subnet]))),
      'map-file': mapFile,
    },
    changes: placed.map(({ name, id }) => create('subnet', name, id)),
  }
}

function resources(project: ResolvedProject, folder: string): Outcome {
  const names = exampleNames(project)
  const template = composeProject(project, names, exampleSubnets(project))
  const templateFile = path.join(folder, 'template.json')
  writeFileSync(templateFile, JSON.stringify(template))
  const ids = managedResourceIds(template, project.factory.subscriptionId)
  return {
    outputs: {
      'template-file': templateFile,
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(ids),
    },
    changes: ids.map((id) => create('resource', id.split('/').at(-1) ?? id, id)),
  }
}

function access(project: ResolvedProject): Outcome {
  const names = exampleNames(project)
  const ids = projectResourceIds(project, names)
  const { groups, assignments } = desiredAccess({
    project,
    names: names.project,
    common: names.common,
    ids,
    commonRegistry: ids.containerRegistry,
    grants: grantsOf(contentsOf(project)),
  })
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
      assignments: JSON.stringify(
        assignments.map(({ principalName, role, scope }) => ({ principal: principalName, role, scope })),
      ),
    },
    changes: [
      ...groups.map(({ displayName }) => create('group', displayName)),
      ...assignments.map(({ role, principalName, scope }) =>
        create('role assignment', `${role} for ${principalName}`, scope),
      ),
    ],
    lines: [
      {
        kind: 'warning',
        text: `Group '${names.project.personaGroup('dataEngineer')}' has no member yet.`,
        properties: {},
      },
    ],
  }
}

function lake(project: ResolvedProject): Outcome {
  const principals: LakePrincipals = {
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

const outcomes: Readonly<Record<string, (project: ResolvedProject, folder: string) => Outcome>> = {
  'ip-calc reserve': network,
  'provision-project apply': resources,
  'add-member apply': access,
  'datalake-acl apply': lake,
}

function deliveredStep(
  environment: Environment,
  { action, mode, does }: (typeof chain)[number],
  folder: string,
): StepRecord {
  const project = exampleProject('genai-1', environment, {
    services: { cosmosDb: true },
    team: { dataScientist: [], aiEngineer: ['bo@contoso.example', 'cleo@contoso.example'] },
  })
  const own = path.join(folder, environment)
  mkdirSync(own, { recursive: true })
  const {
    outputs,
    changes,
    lines = [],
  } = outcomes[`${action} ${mode}`]?.(project, own) ?? { outputs: {}, changes: [] }
  const plan: Plan = { version: 1, action, project: project.number, environment, changes, warnings: [] }
  const planFile = path.join(own, `${action}.${mode}.plan.json`)
  writeFileSync(planFile, JSON.stringify(plan))
  const notice = `Project 001 in ${environment}: ${changes.length} created.`
  return {
    environment,
    action,
    mode,
    does,
    calls: 20 + changes.length,
    result: {
      exitCode: 0,
      outputs: { ...outputs, changed: String(changes.length > 0), 'plan-file': planFile },
      summary: '',
      lines: [...lines, { kind: 'notice', text: notice, properties: {} }],
      milliseconds: 800 + 90 * changes.length,
    },
  }
}

/** The step that turns the issue into a manifest. */
export const requestRecord: StepRecord = {
  environment: 'request',
  action: 'project-request',
  mode: 'apply',
  does: 'turn the issue into a manifest',
  calls: 3,
  result: {
    exitCode: 0,
    outputs: {
      project: '001',
      environments: JSON.stringify(environments),
      changed: 'true',
      comment: '### Project 001: `rag-chat`\n\nThis is how your request was understood:',
    },
    summary: '',
    lines: [],
    milliseconds: 640,
  },
}

/** A delivery of a project to all environments, as the actions would leave it: names, roles and lists are the product's. */
export function deliveryRecords(
  folder = mkdtempSync(path.join(os.tmpdir(), 'delivery-')),
): readonly StepRecord[] {
  const steps = environments.flatMap((environment) =>
    chain.map((step) => deliveredStep(environment, step, folder)),
  )
  return [requestRecord, ...steps]
}

/** The same step, ended by a failure. */
export const failing = (record: StepRecord, text: string): StepRecord => ({
  ...record,
  result: {
    ...record.result,
    exitCode: 1,
    outputs: {},
    lines: [{ kind: 'error', text, properties: {} }],
  },
})

/** The same steps, run again without anything to change. */
export const unchanged = (records: readonly StepRecord[]): readonly StepRecord[] =>
  records.map((record) => ({
    ...record,
    result: {
      ...record.result,
      outputs: { ...record.result.outputs, changed: 'false', 'plan-file': '' },
      lines: [],
    },
  }))
