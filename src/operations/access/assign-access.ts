import {
  changedAccess,
  desiredAccess,
  mayBeEmpty,
  notInManifest,
  type TeamChange,
} from '../../access/desired-access.ts'
import { asThere, diffAccess } from '../../access/diff-access.ts'
import type { AccessDifference, ActualAccess, DesiredAccess } from '../../access/model.ts'
import { type PeopleChange, peopleChanges } from '../../access/people-changes.ts'
import { wideningNotes } from '../../access/widening.ts'
import { type Outcome, projectPlan } from '../../plan/model.ts'
import { planReport, type Report } from '../../plan/report.ts'
import { applySteps } from '../apply-steps.ts'
import { connect } from '../connect.ts'
import { definedRolesWarnings } from '../defined-roles.ts'
import { liveProject } from '../live-project.ts'
import { newestOnly, whenApplied } from '../newest/newest-only.ts'
import type { NewestTarget } from '../newest/standing.ts'
import { numberOfAnother } from '../number-of-another.ts'
import type { Objection } from '../objection.ts'
import { askedFor } from '../orphan.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { neededBy, refuseLackingRights } from '../rights-guard.ts'
import { stacksOf, stacksVersion } from '../stacks.ts'
import { assignmentsOutput, groupsOutput, rolesTable } from './access-report.ts'
import { type AccessServices, openAccessServices } from './access-services.ts'
import { accessSource } from './access-source.ts'
import { accessSteps } from './access-steps.ts'
import { assignmentsNote } from './assignment-count.ts'
import { withFormerMembers } from './former-members.ts'
import { peopleTable } from './people-report.ts'
import { readAccess } from './read-access.ts'
import { refuseUnprovisioned } from './refuse-unprovisioned.ts'

/** What {@link assignAccess} is asked to do. */
export interface AssignAccessOptions extends NewestTarget {
  readonly mode: 'plan' | 'apply'
  /** One change to one persona; undefined when the manifest is the source of truth. */
  readonly change: TeamChange | undefined
}

/** Creates the groups of a project, adds and removes their members, and assigns roles. */
export const assignAccess = newestOnly<AssignAccessOptions>(whenApplied, async (options, context) => {
  const described = await askedFor(options, context)
  const { factory } = described.project
  const session = await connect(factory, options, context)
  session.credential.prepare(session.cloud.graphScope)
  const services = await openAccessServices(session, factory)
  const target = await liveProject(session, described, services.resources)
  const desired = desire(options, target)
  context.info('Reading groups, members and role assignments')
  const [read, another] = await Promise.all([
    readAccess(desired, target.ids, services),
    findAnother(target, options, services),
  ])
  const actual = await withFormerMembers(desired, read, options, services.directory, context)
  const difference = diffAccess(desired, actual)
  const { action } = context
  const present = asThere(desired, actual)
  const people = peopleChanges(difference.changes, present, actual)
  const findings = { action, options, target, desired: present, difference, people, another }

  if (options.mode === 'plan') return report(findings, actual.groups, 'planned')
  if (another?.refusal !== undefined) throw another.refusal
  refuseUnprovisioned(difference, target)
  // The steps add the groups that they create.
  const groups = new Map(actual.groups)
  const steps = accessSteps(
    difference.operations,
    desired.managedScopes,
    { groups, identities: actual.identities, members: actual.members },
    services,
  )
  await refuseLackingRights(session, neededBy(steps))
  await applySteps(steps, context.info, () => report(findings, groups, 'failed'))
  return report(findings, groups, 'applied')
})

/** Has the number been another project's? Its people would lose its groups, and what these get at, to this one's. */
async function findAnother(
  { project, names }: ProjectInEnvironment,
  { allowed }: AssignAccessOptions,
  { resources }: AccessServices,
): Promise<Objection | undefined> {
  const id = `${stacksOf(project.factory.subscriptionId)}/${names.project.deploymentStack}`
  const stack = await resources.read(id, stacksVersion)
  return stack && numberOfAnother(stack.tags, project, allowed)
}

function desire({ change, allowed }: AssignAccessOptions, target: ProjectInEnvironment): DesiredAccess {
  const source = accessSource(target)
  const desired = change === undefined ? desiredAccess(source) : changedAccess(source, change)
  return allowed.includes('no-lead') ? mayBeEmpty(desired) : desired
}

interface Findings {
  readonly action: string
  readonly options: AssignAccessOptions
  readonly target: ProjectInEnvironment
  readonly desired: DesiredAccess
  readonly difference: AccessDifference
  readonly people: readonly PeopleChange[]
  readonly another: Objection | undefined
}

function report(
  { action, options: { change }, target, desired, difference, people, another }: Findings,
  groups: ActualAccess['groups'],
  outcome: Outcome,
): Report {
  const { project } = target
  const { changes } = difference
  const notYet = change === undefined ? undefined : notInManifest(project, change)
  const warnings = [
    ...(another === undefined ? [] : [another.warning]),
    ...wideningNotes(project.factory),
    ...definedRolesWarnings(target),
    ...difference.warnings,
    ...(notYet === undefined ? [] : [notYet]),
  ]
  return planReport({
    title: `Project ${project.number} in ${project.environment}: groups and roles`,
    plan: projectPlan(action, project, { changes, warnings }),
    outcome,
    lead: peopleTable(people),
    details: rolesTable(desired, assignmentsNote(target)),
    outputs: {
      groups: groupsOutput(desired, groups),
      assignments: assignmentsOutput(desired),
      people: JSON.stringify(people),
    },
  })
}
