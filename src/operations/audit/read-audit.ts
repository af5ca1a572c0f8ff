import { askedAbout, audited } from '../../access/audit.ts'
import type { AuditFinding, AuditSubject } from '../../access/audit-finding.ts'
import { desiredCoreTeam } from '../../access/core-team.ts'
import { desiredAccess } from '../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import type { DesiredAccess } from '../../access/model.ts'
import type { Session } from '../../azure/session.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { sameText } from '../../resource-id.ts'
import type { AccessServices } from '../access/access-services.ts'
import { accessSource } from '../access/access-source.ts'
import { readCoreTeamRights } from '../access/assign-core-team.ts'
import { readAccess, readPeople } from '../access/read-access.ts'
import { readCommonArea } from '../common-area.ts'
import { liveProject } from '../live-project.ts'
import { type FactoryTarget, isAskedFor, manifestNumbers, projectFile, readProject } from '../project.ts'
import {
  type FactoryGroup,
  listFactoryGroups,
  readUnaskedGroups,
  readUnaskedProjects,
  readWidenedRoles,
} from './read-unasked.ts'

/** What is audited. */
export interface AuditTarget extends FactoryTarget {
  /** Three digits; undefined for all projects of the environment and the core team. */
  readonly project: string | undefined
}

/** What an audit found of one subject. */
export interface Audited {
  /** Absent for what nobody asks for. */
  readonly title: string | undefined
  readonly findings: readonly AuditFinding[]
  /** Mail nicknames of the groups that it should have; undefined when nobody knows. */
  readonly groups: readonly string[] | undefined
}

/**
 * Audits one project after the other, and the core team: all that factory.yml and the manifests ask for in the environment.
 * Then what is there and nobody asks for.
 */
export async function readAudit(
  options: AuditTarget,
  session: Session,
  services: AccessServices,
  info: (line: string) => void,
): Promise<readonly Audited[]> {
  const area = readCommonArea(options)
  const projects = projectsOf(options)
  const [listed, widened] = await Promise.all([
    listFactoryGroups(area, services),
    readWidenedRoles(area, session),
  ])
  const all: Audited[] = []
  for (const number of projects) {
    info(`Auditing project ${number}`)
    all.push(await auditProject(number, options, session, services))
  }
  const known = [...all]
  if (options.project === undefined) {
    info('Auditing the core team')
    const { rights } = await readCoreTeamRights(area, session, services)
    const coreTeam = desiredCoreTeam(area, rights)
    const asked = listed.filter((one) => !isUnasked(one, [...all, groupsIn(coreTeam)]))
    all.push(await auditCoreTeam(coreTeam, area, asked, services))
    info('Looking for groups and projects that nobody asks for')
    all.push({ ...nobody, findings: await readUnaskedProjects(area, projects, session, services) })
  }
  // Of one project only what is called after it.
  const unasked = listed.filter(
    (one) =>
      isUnasked(one, all) &&
      (options.project === undefined || known.some(({ title }) => title === one.purpose.of)),
  )
  return [...all, { ...nobody, findings: [...widened, ...(await readUnaskedGroups(unasked, services))] }]
}

/** What is in no title, because it belongs to nobody who was looked at. */
const nobody = { title: undefined, groups: [] } as const

/** Does nobody ask for a group? Of a project whose manifest cannot be read that is not known. */
const isUnasked = (
  { mailNickname, purpose }: FactoryGroup,
  audited: readonly Pick<Audited, 'title' | 'groups'>[],
): boolean =>
  !audited.some(
    ({ title, groups }) =>
      (groups === undefined && title === purpose.of) || groups?.some((one) => sameText(one, mailNickname)),
  )

const groupsIn = ({ groups }: DesiredAccess) => ({
  title: coreTeamTitle,
  groups: groups.map(({ mailNickname }) => mailNickname),
})

const projectsOf = ({ project, ...target }: AuditTarget): readonly string[] =>
  project === undefined
    ? manifestNumbers(target.factoryFile).filter(
        (number) => isAskedFor({ ...target, project: number }) !== false,
      )
    : [project]

async function auditProject(
  project: string,
  options: AuditTarget,
  session: Session,
  services: AccessServices,
): Promise<Audited> {
  const title = `project ${project}`
  const described = readOrFinding(title, { ...options, project })
  if ('kind' in described) return { title, findings: [described], groups: undefined }
  const target = await liveProject(session, described, services.resources)
  const desired = everybody(accessSource(target))
  const actual = await readAccess(desired, target.ids, services)
  const ownScopes = [target.ids.resourceGroup]
  const findings = await withKnown({ title, desired, actual, ownScopes }, services)
  return { ...groupsIn(desired), title, findings }
}

/** A project that cannot be read is none that is as it should be. */
function readOrFinding(title: string, target: Parameters<typeof readProject>[0]) {
  try {
    return readProject(target)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const file = projectFile(target.factoryFile, target.project)
    return {
      kind: 'not-audited',
      of: title,
      who: '',
      where: file,
      what: error.parts.what,
      fix: `Correct ${file}.`,
    } as const satisfies AuditFinding
  }
}

/** People and identities in one, so that one reading does. */
function everybody(source: ReturnType<typeof accessSource>): DesiredAccess {
  const people = desiredAccess(source)
  const identities = desiredIdentityRoles(source)
  return {
    ...people,
    assignments: [...people.assignments, ...identities.assignments],
    kept: [...(people.kept ?? []), ...(identities.kept ?? [])],
    identityNames: identities.identityNames,
  }
}

const coreTeamTitle = 'the core team'

/**
 * Within the common area projects have roles as well, by their groups and identities, and the identities of set-up: of
 * strangers only groups that are no project's are judged.
 */
async function auditCoreTeam(
  desired: DesiredAccess,
  { ids: { resourceGroup } }: CommonArea,
  groups: readonly FactoryGroup[],
  services: AccessServices,
): Promise<Audited> {
  const actual = await readPeople(desired, services)
  const ours = new Set(groups.map(({ objectId }) => objectId.toLowerCase()))
  const findings = await withKnown(
    {
      ...{ title: coreTeamTitle, desired, actual, ownScopes: [resourceGroup] },
      mayHave: ({ kind, objectId }) => kind !== 'group' || ours.has(objectId.toLowerCase()),
    },
    services,
  )
  return { ...groupsIn(desired), findings }
}

async function withKnown(
  subject: Omit<AuditSubject, 'known'>,
  { directory }: AccessServices,
): Promise<readonly AuditFinding[]> {
  const found = await directory.resolve(askedAbout(subject))
  const known = new Map([...found].map(([id, one]) => [id.toLowerCase(), one]))
  return audited({ ...subject, known })
}
