import { capabilityHostsOf } from '../../compose/capability-hosts.ts'
import { subnetsToLetGo } from '../../compose/network-hand-over.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { resourceLabel, sameText } from '../../resource-id.ts'
import { hostRefusals, hostWarnings, planCapabilityHosts } from '../provision/capability-hosts.ts'
import { projectStack } from '../provision/project-stack.ts'
import { goesWith } from '../removal/goes-with.ts'
import { pieceOf, pieceRow, rootOf } from '../removal/piece.ts'
import { stillThere } from '../removal/still-there.ts'
import { readCutOff } from '../stack/cut-off.ts'
import { failedIn } from '../stack/failed-resources.ts'
import { guardGroup } from '../stack/guard-group.ts'
import { guard } from '../stack/guards.ts'
import { together } from '../together.ts'
import { type Finding, faultOf, objectionFinding } from './finding.ts'
import type { PresentStack } from './present-stack.ts'
import type { Situation } from './situation.ts'

/**
 * Would the delivery refuse to change what is there? It asks the same guards, before subnets are reserved for what is then
 * refused: a name that is another project's, data that would be lost, what nobody can change, what belongs to others.
 */
export async function checkProject(situation: Situation): Promise<readonly Finding[]> {
  const { target, options, session, services, stack, existing } = situation
  const [present, found, ...others] = await together(
    stack(),
    existing(),
    hostFindings(situation),
    zoneFindings(situation),
    brokenFindings(situation),
  )
  const project = projectStack(target)
  const group = guardGroup(found.group, present?.resourceIds ?? [], project)
  const changes = await expectedChanges(situation, present)
  const { subscriptionId } = target.project.factory
  const inside = await goesWith(changes, subscriptionId, { session, ...services })
  const { objections } = guard({
    changes: [...changes, ...inside.changes],
    stack: present,
    target: project,
    allowed: options.allowed,
    locked: inside.locked,
  })
  const findings = [...(group === undefined ? [] : [group]), ...objections].map(objectionFinding)
  const lost = inside.warnings.map((what): Finding => ({ severity: 'warning', what }))
  const unseen = inside.unseen.map((what): Finding => ({ severity: 'unchecked', what }))
  const all = [...findings, ...lost, ...unseen, ...others.flat()]
  if (all.length > 0) return all
  const { number, environment } = target.project
  return [
    {
      severity: 'good',
      what:
        present === undefined
          ? `Nothing stands where project ${number} will be in ${environment}.`
          : `Project ${number} is there in ${environment}, and nothing of it is lost or refused.`,
    },
  ]
}

/** What goes and what comes, by its ids: what a plan shows in more detail, after minutes. */
async function expectedChanges(
  { resources, services }: Situation,
  stack: PresentStack | undefined,
): Promise<readonly Change[]> {
  const managed = stack?.resourceIds ?? []
  const wanted = resources.map(({ id }) => id)
  const includes = (ids: readonly string[], id: string) => ids.some((other) => sameText(other, id))
  const letGo = subnetsToLetGo(managed, wanted)
  const going = managed.filter((id) => !includes(wanted, id) && !includes(letGo, id))
  const goes = await stillThere(going, services.resources)
  const comes = wanted.filter((id) => !includes(managed, id))
  const change = (id: string, kind: 'create' | 'delete'): Change => {
    return { change: kind, ...pieceRow(pieceOf(id)) }
  }
  return [...goes.map((id) => change(id, 'delete')), ...comes.map((id) => change(id, 'create'))]
}

async function hostFindings({ target, services, existing }: Situation): Promise<readonly Finding[]> {
  const { project, names } = target
  const hosts = await planCapabilityHosts(capabilityHostsOf(project, names), services.resources)
  const refused = hostRefusals(hosts)
  const where = project.at('services')
  if (refused.length > 0) return refused.map((refusal) => ({ where, ...faultOf(refusal) }))
  const { has } = await existing()
  return hostWarnings(hosts, (id) => has(rootOf(id))).map((what) => ({ severity: 'warning', what, where }))
}

/** What is there, and does not work. */
async function brokenFindings({
  target,
  services,
  existing,
  resources,
}: Situation): Promise<readonly Finding[]> {
  const own = resources.map(({ id }) => id)
  const [{ members }, cutOff] = await together(
    existing(),
    readCutOff(projectStack(target), own, services.resources),
  )
  const failed = failedIn(members).filter((id) => own.some((other) => sameText(other, id)))
  return [
    ...failed.map((id) => `The last change of ${resourceLabel(id)} failed. The delivery deploys it again.`),
    ...cutOff.warnings,
  ].map((what) => ({ severity: 'warning', what }))
}

async function zoneFindings({ target, groupsOfOthers, keptGroups }: Situation): Promise<readonly Finding[]> {
  const where = target.project.factory.at('dns')
  try {
    const { warnings } = await groupsOfOthers()
    return [...warnings, ...keptGroups.warnings].map((what) => ({ severity: 'warning', what, where }))
  } catch (error) {
    if (!(error instanceof UserError) || error.parts.cause !== undefined) throw error
    return [{ where, ...faultOf(error) }]
  }
}
