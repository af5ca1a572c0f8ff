import { memberFaults } from '../../access/refuse-members.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

/** Does the directory know everybody whom the documents name, and may each of them be in a team? */
export async function checkPeople({
  desired,
  target: { project },
  services: { directory },
}: Situation): Promise<readonly Finding[]> {
  const { owner } = project
  const named = new Set([...desired.groups.flatMap(({ members }) => members), owner])
  const members = await directory.resolve(named)
  const faults = memberFaults(desired, { groups: new Map(), members })
  const findings: readonly Finding[] = [
    ...faults.map((fault): Finding => ({ severity: 'fault', ...fault })),
    // An owner who leads the team is a member, and a fault already.
    ...(members.has(owner) || faults.some(({ what }) => what.includes(`'${owner}'`))
      ? []
      : [unknownOwner(owner, project.at('owner'))]),
  ]
  if (findings.length > 0) return findings
  return [
    { severity: 'good', what: `All ${named.size} people and groups of the documents are in the directory.` },
  ]
}

/** The owner has no rights of their own: a delivery goes on, and everybody who looks for the owner finds nobody. */
const unknownOwner = (owner: string, where: Finding['where']): Finding => ({
  severity: 'warning',
  what: `Entra ID has nobody called '${owner}', who owns the project.`,
  ...(where && { where }),
  why: 'The owner is a tag of every resource, for whoever looks for somebody to ask.',
  fix: 'Name somebody who is in the directory.',
})
