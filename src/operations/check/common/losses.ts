import { openVirtualNetworks } from '../../../azure/virtual-networks.ts'
import type { Change } from '../../../plan/model.ts'
import { sameText } from '../../../resource-id.ts'
import { commonStack } from '../../area/common-stacks.ts'
import { lostRecords } from '../../area/lost-records.ts'
import { lostToProjects } from '../../area/lost-to-projects.ts'
import { goesWith } from '../../removal/goes-with.ts'
import { withLoss } from '../../removal/loss.ts'
import { deletedBy, pieceOf, pieceRow } from '../../removal/piece.ts'
import { stillThere } from '../../removal/still-there.ts'
import { guard } from '../../stack/guards.ts'
import type { StackTarget } from '../../stack-target.ts'
import { stacksOf } from '../../stacks.ts'
import { together } from '../../together.ts'
import { type Finding, faultOf, objectionFinding } from '../finding.ts'
import { readStack } from '../present-stack.ts'
import type { CommonSituation } from './situation.ts'

/** Would the delivery refuse to delete what is there? It asks the same guards, of what a plan shows in more detail. */
export async function checkCommonLosses(situation: CommonSituation): Promise<readonly Finding[]> {
  const { area, resources, session, zoneGroups } = situation
  const networks = await openVirtualNetworks(session)
  const parts = await together(
    lossesOf(commonStack(area, 'network'), situation),
    lossesOf(commonStack(area, 'common'), situation),
  )
  const changes = parts.flatMap((part) => part.changes)
  const lost = await together(
    lostToProjects(area, changes, { resources, networks }),
    lostRecords(area, deletedBy(changes), zoneGroups, { resources }),
  )
  const refused = lost.filter((one) => one !== undefined)
  const all = [...refused.map(faultOf), ...parts.flatMap(({ findings }) => findings)]
  return [...all, ...(all.length > 0 ? [] : [nothingGoes])]
}

const nothingGoes: Finding = {
  severity: 'good',
  what: 'No resource goes. Whether a changed setting would lose data, such as a shorter retention, is in the plan.',
}

/** What goes of one of the stacks, and what speaks against that. */
async function lossesOf(
  target: StackTarget,
  { arm, allowed, resources, session, written }: CommonSituation,
): Promise<{ readonly changes: readonly Change[]; readonly findings: readonly Finding[] }> {
  const { subscriptionId } = target.factory
  const stack = await readStack(arm, `${stacksOf(subscriptionId)}/${target.name}`)
  const managed = stack?.resourceIds ?? []
  const wanted = written.map(({ id }) => id)
  const without = (ids: readonly string[], others: readonly string[]) =>
    ids.filter((id) => !others.some((other) => sameText(other, id)))
  const row = (change: 'create' | 'delete', id: string): Change =>
    withLoss({ change, ...pieceRow(pieceOf(id)) })
  const going = await stillThere(without(managed, wanted), resources)
  const changes = [
    ...going.map((id) => row('delete', id)),
    ...(stack === undefined ? [] : without(wanted, managed)).map((id) => row('create', id)),
  ]
  const inside = await goesWith(changes, subscriptionId, { resources, session })
  const { objections } = guard({
    changes: [...changes, ...inside.changes],
    stack,
    target,
    allowed,
    locked: inside.locked,
  })
  return {
    changes,
    findings: [
      ...objections.map(objectionFinding),
      ...inside.warnings.map((what): Finding => ({ severity: 'warning', what })),
      ...inside.unseen.map((what): Finding => ({ severity: 'unchecked', what })),
    ],
  }
}
