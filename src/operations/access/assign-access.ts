import { changedAccess, desiredAccess, notInManifest, type TeamChange } from '../../access/desired-access.ts'
import { diffAccess, withoutAbsent } from '../../access/diff-access.ts'
import type { AccessDifference, ActualGroup, DesiredAccess, GroupKey } from '../../access/model.ts'
import { openDirectory } from '../../azure/directory.ts'
import { openResources } from '../../azure/resources.ts'
import { openRoleAssignments } from '../../azure/role-assignments.ts'
import { grantsOf } from '../../catalog/contents.ts'
import { resourceIds } from '../../catalog/resource-ids.ts'
import { contentsOf, type Names } from '../../compose/project-context.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import { table } from '../../plan/markdown.ts'
import { hasChanges, type Plan } from '../../plan/model.ts'
import { countSentence, planSummary } from '../../plan/summary.ts'
import { lastSegment } from '../../resource-id.ts'
import type { Host } from '../../runtime/host.ts'
import { writePlan } from '../../runtime/result-files.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { type ProjectInEnvironment, type ProjectTarget, readProject } from '../project.ts'
import { carryOut } from './access-steps.ts'
import { readAccess } from './read-access.ts'

const action = 'add-member'

/** What {@link assignAccess} is asked to do. */
export interface AssignAccessOptions extends ProjectTarget {
  readonly mode: 'plan' | 'apply'
  /** One change to one persona; undefined when the manifest is the truth. */
  readonly change: TeamChange | undefined
  readonly summary: boolean
}

/** The factory's registry, where roles may have been left when projects got registries of their own. */
const sharedRegistry = ({ factory }: ResolvedProject, { project, common }: Names): string =>
  resourceIds({
    subscriptionId: factory.subscriptionId,
    names: project,
    common,
    ownContainerRegistry: false,
  }).containerRegistry

function desire(
  { change }: AssignAccessOptions,
  { project, names, ids }: ProjectInEnvironment,
): DesiredAccess {
  const grants = grantsOf(contentsOf(project))
  const commonRegistry = sharedRegistry(project, names)
  const source = { project, names: names.project, common: names.common, ids, commonRegistry, grants }
  return change === undefined ? desiredAccess(source) : changedAccess(source, change)
}

function refuseUnprovisioned(
  { missingIdentities }: AccessDifference,
  { project, names }: ProjectInEnvironment,
): void {
  if (missingIdentities.length === 0) return
  throw new UserError({
    what: `Project ${project.number} is not provisioned in ${project.environment}: ${missingIdentities.join(', ')} cannot be found in ${names.project.resourceGroup}.`,
    why: 'Roles are given to the identities of resources, so the resources have to exist.',
    fix: 'Run provision-project with mode apply first.',
  })
}

function groupsOutput(desired: DesiredAccess, existing: ReadonlyMap<GroupKey, ActualGroup>): string {
  const groups = desired.groups.map(({ key, displayName, members }) => ({
    key,
    name: displayName,
    id: existing.get(key)?.objectId ?? '',
    members,
  }))
  return JSON.stringify(groups)
}

const assignmentsOutput = ({ assignments }: DesiredAccess): string =>
  JSON.stringify(assignments.map(({ holderName, role, scope }) => ({ holder: holderName, role, scope })))

function rolesTable({ assignments }: DesiredAccess): string {
  const rows = assignments.map(({ holderName, role, scope }) => [holderName, role, lastSegment(scope)])
  return `<details><summary>Who holds what: ${rows.length} roles</summary>\n\n${table(['Who', 'Role', 'On'], rows)}\n\n</details>`
}

/** Creates the groups of a project, adds and removes members, and assigns roles. */
export async function assignAccess(inputs: AssignAccessOptions, host: Host): Promise<ActionResult> {
  const where = readProject(inputs)
  const { project, ids } = where
  const wanted = desire(inputs, where)
  const session = await connectAs(action, project.factory, inputs.azureCloud, host)
  const [directory, resources, roleAssignments] = await Promise.all([
    openDirectory(session),
    openResources(session),
    openRoleAssignments(session, project.factory.subscriptionId),
  ])
  const services = { directory, resources, roleAssignments }
  host.info('Reading groups, people and roles')
  const actual = await readAccess(wanted, ids, services)
  const difference = diffAccess(wanted, actual)
  const desired = withoutAbsent(wanted, actual)
  const done = inputs.mode === 'apply'
  if (done) refuseUnprovisioned(difference, where)
  const later = inputs.change === undefined ? undefined : notInManifest(project, inputs.change)
  const plan: Plan = {
    ...difference.plan,
    warnings: [...difference.plan.warnings, ...(later === undefined ? [] : [later])],
  }
  const groups = done ? await carryOut(difference.operations, actual, services, host.info) : actual.groups
  const title = `Project ${project.number} in ${project.environment}: people and roles`
  return {
    outputs: {
      changed: String(hasChanges(plan)),
      'plan-file': writePlan(host.environment, plan),
      groups: groupsOutput(desired, groups),
      assignments: assignmentsOutput(desired),
    },
    ...(inputs.summary ? { summary: planSummary(title, plan, done, rolesTable(desired)) } : {}),
    warnings: plan.warnings,
    notice: `${title}: ${countSentence(plan, done)}.`,
  }
}
