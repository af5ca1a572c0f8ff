import { type CoreTeamRights, desiredCoreTeam } from '../../access/core-team.ts'
import { coreTeamRights } from '../../access/core-team-rights.ts'
import { customRolesOf } from '../../access/custom-roles.ts'
import { mayBeEmpty } from '../../access/desired-access.ts'
import { asThere, diffAccess } from '../../access/diff-access.ts'
import type { AccessDifference, ActualAccess, DesiredAccess } from '../../access/model.ts'
import { type PeopleChange, peopleChanges } from '../../access/people-changes.ts'
import { wideningNotes } from '../../access/widening.ts'
import { openRoleDefinitions } from '../../azure/role-definitions.ts'
import type { Session } from '../../azure/session.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import type { Outcome } from '../../plan/model.ts'
import { planReport, type Report } from '../../plan/report.ts'
import { applySteps } from '../apply-steps.ts'
import { readCommonArea } from '../common-area.ts'
import { connect } from '../connect.ts'
import { missingRolesNote, otherRolesWarnings } from '../defined-roles.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { NewestCommonArea } from '../newest/standing.ts'
import { neededBy, refuseLackingRights } from '../rights-guard.ts'
import { assignmentsOutput, groupsOutput, rolesTable } from './access-report.ts'
import { type AccessServices, openAccessServices } from './access-services.ts'
import { accessSteps } from './access-steps.ts'
import { withFormerMembers } from './former-members.ts'
import { peopleTable } from './people-report.ts'
import { readPeople } from './read-access.ts'

/** What {@link assignCoreTeam} is asked to do. */
export interface CoreTeamOptions extends NewestCommonArea {
  readonly mode: 'plan-core' | 'core'
}

/** Creates the groups of the core team, adds and removes their members, and assigns their roles. Needs no project. */
export const assignCoreTeam = newestOnly<CoreTeamOptions>(
  (options) => ({ target: options, changing: options.mode === 'core' }),
  async (options, context) => {
    const area = readCommonArea(options)
    const { factory } = area
    const session = await connect(factory, options, context)
    session.credential.prepare(session.cloud.graphScope)
    const services = await openAccessServices(session, factory)
    const { rights, warnings, note } = await readCoreTeamRights(area, session, services)
    const whole = desiredCoreTeam(area, rights)
    const desired = options.allowed.includes('no-lead') ? mayBeEmpty(whole) : whole
    context.info('Reading the groups of the core team and their members')
    const read = await readPeople(desired, services)
    const actual = await withFormerMembers(desired, read, options, services.directory, context)
    const difference = diffAccess(desired, actual)
    const present = asThere(desired, actual)
    const findings = {
      action: context.action,
      environment: factory.environment,
      desired: present,
      difference: {
        ...difference,
        warnings: [...wideningNotes(factory), ...warnings, ...difference.warnings],
      },
      people: peopleChanges(difference.changes, present, actual),
      note,
    }

    if (options.mode === 'plan-core') return report(findings, actual.groups, 'planned')
    // The steps add the groups that they create.
    const groups = new Map(actual.groups)
    const state = { groups, identities: actual.identities, members: actual.members }
    const steps = accessSteps(difference.operations, desired.managedScopes, state, services)
    await refuseLackingRights(session, neededBy(steps))
    await applySteps(steps, context.info, () => report(findings, groups, 'failed'))
    return report(findings, groups, 'applied')
  },
)

/** What the core team may do, and what is to be said of the factory's own roles in that. */
interface CoreTeamRightsNow {
  readonly rights: CoreTeamRights
  readonly warnings: readonly string[]
  readonly note: string | undefined
}

/** What the core team may do with what the common area has by now. */
export async function readCoreTeamRights(
  { factory, names, ids }: CommonArea,
  session: Session,
  { resources }: AccessServices,
): Promise<CoreTeamRightsNow> {
  const [defined, inGroup] = await Promise.all([
    factory.roles === 'builtin'
      ? undefined
      : openRoleDefinitions(session).then(({ custom }) => custom(factory.subscriptionId)),
    resources.listGroup(ids.resourceGroup),
  ])
  const known = new Set([ids.resourceGroup, ...inGroup.map(({ id }) => id)].map((id) => id.toLowerCase()))
  const live = { ...factory, ...(defined && { definedRoles: defined }) }
  const exists = (id: string): boolean => inGroup.length > 0 && known.has(id.toLowerCase())
  const own = customRolesOf(live, names).filter(({ principal }) => principal.startsWith('coreTeam:'))
  return {
    rights: coreTeamRights({ factory: live, names, ids, exists }),
    warnings: otherRolesWarnings(live, own),
    note: missingRolesNote(live, own),
  }
}

interface Findings {
  readonly action: string
  readonly environment: CoreTeamOptions['environment']
  readonly desired: DesiredAccess
  readonly difference: AccessDifference
  readonly people: readonly PeopleChange[]
  readonly note: string | undefined
}

const report = (
  { action, environment, desired, difference: { changes, warnings }, people, note }: Findings,
  groups: ActualAccess['groups'],
  outcome: Outcome,
): Report =>
  planReport({
    title: `Core team in ${environment}: groups and roles`,
    plan: { version: 1, action, environment, changes, warnings },
    outcome,
    lead: peopleTable(people),
    details: desired.assignments.length === 0 ? '' : rolesTable(desired, note),
    outputs: {
      groups: groupsOutput(desired, groups),
      assignments: assignmentsOutput(desired),
      people: JSON.stringify(people),
    },
  })
