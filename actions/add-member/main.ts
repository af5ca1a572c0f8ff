import { changedAccess, desiredAccess, notInManifest } from '../../src/access/desired-access.ts'
import { diffAccess, withoutAbsent } from '../../src/access/diff-access.ts'
import type { AccessDifference, ActualGroup, DesiredAccess, GroupKey } from '../../src/access/model.ts'
import { openDirectory } from '../../src/azure/directory.ts'
import { openResources } from '../../src/azure/resources.ts'
import { openRoleAssignments } from '../../src/azure/role-assignments.ts'
import { partsOf } from '../../src/catalog/index.ts'
import { resourceIds } from '../../src/catalog/resource-ids.ts'
import { contentsOf, type Names } from '../../src/compose/project-context.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { ResolvedProject } from '../../src/manifest/resolved.ts'
import { carryOut } from '../../src/operations/access/carry-out.ts'
import { readAccess } from '../../src/operations/access/read-access.ts'
import { connectAs } from '../../src/operations/connect.ts'
import { type ProjectInEnvironment, readProject } from '../../src/operations/project.ts'
import { table } from '../../src/plan/markdown.ts'
import { hasChanges, type Plan } from '../../src/plan/model.ts'
import { countSentence, planSummary } from '../../src/plan/summary.ts'
import { lastSegment } from '../../src/resource-id.ts'
import { writePlan } from '../../src/runtime/files.ts'
import type { Host } from '../../src/runtime/host.ts'
import { type ActionResult, endStep, runAction } from '../../src/runtime/run-action.ts'
import { type Inputs, readInputs } from './inputs.ts'

const action = 'add-member'

/** The factory's registry, where roles may have been left when projects got registries of their own. */
const sharedRegistry = ({ factory }: ResolvedProject, { project, common }: Names): string =>
  resourceIds({
    subscriptionId: factory.subscriptionId,
    names: project,
    common,
    ownContainerRegistry: false,
  }).containerRegistry

function desire({ change }: Inputs, { project, names, ids }: ProjectInEnvironment): DesiredAccess {
  const grants = partsOf(contentsOf(project)).flatMap(({ roles }) => roles)
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

async function main(inputs: Inputs, host: Host): Promise<ActionResult> {
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

endStep(runAction(readInputs, main))
