import { type AuditFinding, type AuditSubject, askedAbout, audited } from '../../../access/audit.ts'
import { desiredCoreTeam } from '../../../access/core-team.ts'
import { desiredAccess } from '../../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../../access/desired-identity-roles.ts'
import type { DesiredAccess } from '../../../access/model.ts'
import type { Session } from '../../../azure/session.ts'
import { UserError } from '../../../diagnostics/user-error.ts'
import { readCommonArea } from '../../common-area.ts'
import { liveProject } from '../../live-project.ts'
import { type FactoryTarget, isAskedFor, manifestNumbers, projectFile, readProject } from '../../project.ts'
import type { AccessServices } from '../access-services.ts'
import { accessSource } from '../access-source.ts'
import { readCoreTeamRights } from '../assign-core-team.ts'
import { readAccess, readPeople } from '../read-access.ts'

/** What is audited. */
export interface AuditTarget extends FactoryTarget {
  /** Three digits; undefined for all projects of the environment and the core team. */
  readonly project: string | undefined
}

/** What an audit found of one subject. */
export interface Audited {
  readonly title: string
  readonly findings: readonly AuditFinding[]
}

/** Audits one project after the other, and the core team: all that factory.yml and the manifests ask for in the environment. */
export async function readAudit(
  options: AuditTarget,
  session: Session,
  services: AccessServices,
  info: (line: string) => void,
): Promise<readonly Audited[]> {
  const all: Audited[] = []
  for (const number of projectsOf(options)) {
    info(`Auditing project ${number}`)
    all.push(await auditProject(number, options, session, services))
  }
  if (options.project !== undefined) return all
  info('Auditing the core team')
  return [...all, await auditCoreTeam(options, session, services)]
}

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
  if ('kind' in described) return { title, findings: [described] }
  const target = await liveProject(session, described, services.resources)
  const desired = everybody(accessSource(target))
  const actual = await readAccess(desired, target.ids, services)
  const ownScopes = [target.ids.resourceGroup]
  return { title, findings: await withKnown({ title, desired, actual, ownScopes }, services) }
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
    identityNames: identities.identityNames,
  }
}

async function auditCoreTeam(
  options: AuditTarget,
  session: Session,
  services: AccessServices,
): Promise<Audited> {
  const title = 'the core team'
  const area = readCommonArea(options)
  const desired = desiredCoreTeam(area, await readCoreTeamRights(area, session, services))
  const actual = await readPeople(desired, services)
  return { title, findings: await withKnown({ title, desired, actual, ownScopes: [] }, services) }
}

async function withKnown(
  subject: Omit<AuditSubject, 'known'>,
  { directory }: AccessServices,
): Promise<readonly AuditFinding[]> {
  const found = await directory.resolve(askedAbout(subject))
  const known = new Map([...found].map(([id, one]) => [id.toLowerCase(), one]))
  return audited({ ...subject, known })
}
