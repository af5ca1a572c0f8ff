import type { DesiredAccess } from '../../access/model.ts'
import { groupFault, isOfOthers } from '../../access/refuse-groups.ts'
import { disabledFaults, memberFaults } from '../../access/refuse-members.ts'
import type { Directory } from '../../azure/directory.ts'
import type { Fault } from '../../diagnostics/fault.ts'
import { resolveMembers } from '../access/read-access.ts'
import type { Finding } from './finding.ts'
import type { Situation } from './situation.ts'

/** Does the directory know everybody whom the documents name, may each of them be in a team, and are the groups ours? */
export async function checkPeople({
  desired,
  target: { project },
  services: { directory },
}: Situation): Promise<readonly Finding[]> {
  const { owner } = project
  const named = new Set([...desired.groups.flatMap(({ members }) => members), owner])
  const [people, groups] = await Promise.all([
    resolveMembers(named, directory),
    checkGroups(desired, directory),
  ])
  const { members } = people
  const faults = memberFaults(desired, { groups: new Map(), ...people })
  const disabled = disabledFaults(desired, { groups: new Map(), ...people })
  const findings: readonly Finding[] = [
    ...[...faults, ...groups].map((fault): Finding => ({ severity: 'fault', ...fault })),
    // Those who are in their group already stay, and nobody has asked who is in it.
    ...disabled.map((fault): Finding => ({ severity: 'warning', ...fault })),
    // An owner who leads the team is a member, and a fault already.
    ...(members.has(owner) || faults.some(({ what }) => what.includes(`'${owner}'`))
      ? []
      : [unknownOwner(owner, project.at('owner'))]),
  ]
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `All people and groups of the documents are in the directory (${named.size}).`,
    },
  ]
}

/** What is wrong with groups that there are already. */
async function checkGroups(
  { groups }: DesiredAccess,
  { lookUpGroup }: Pick<Directory, 'lookUpGroup'>,
): Promise<readonly Fault[]> {
  const faults = await Promise.all(
    groups.map(async (group) => {
      const found = await lookUpGroup(group.mailNickname)
      if (found === undefined || isOfOthers(group, found.ownership)) return undefined
      return groupFault(group.displayName, found.ownership)
    }),
  )
  return faults.filter((fault) => fault !== undefined)
}

/** The owner has no rights of their own: a delivery goes on, and everybody who looks for the owner finds nobody. */
const unknownOwner = (owner: string, where: Finding['where']): Finding => ({
  severity: 'warning',
  what: `Entra ID has nobody called '${owner}', who owns the project.`,
  ...(where && { where }),
  why: 'The owner is a tag of every resource, for whoever looks for somebody to ask.',
  fix: 'Name somebody who is in the directory.',
})
