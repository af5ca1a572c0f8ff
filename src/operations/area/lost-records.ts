import type { Resources } from '../../azure/resources.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { recordsOfGroup, type ZoneGroup } from '../../compose/zone-groups.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { named } from '../removal/loss.ts'
import type { Piece } from '../removal/piece.ts'
import { findGroups } from '../stack/zone-groups.ts'
import { refuseHiddenRecords, thingsInZones } from './things-in-zones.ts'

/**
 * Why a delivery must not take private DNS zones away, whatever is allowed: names that others have in them would lead to no
 * private address any more. Records of the common area's own private endpoints move in the same run, but not those that stay
 * until a policy writes them. Undefined when no zone goes, or nobody else has anything in those that do.
 * @param zoneGroups those that the private endpoints of the common area need
 */
export async function lostRecords(
  { factory, ids }: CommonArea,
  going: readonly Piece[],
  zoneGroups: readonly ZoneGroup[],
  { resources }: { readonly resources: Resources },
): Promise<UserError | undefined> {
  const { mode } = factory.dns
  const moving = async () => {
    const groups = await findGroups(mode === 'policy' ? [] : zoneGroups, ids.resourceGroup, resources)
    return groups.flatMap(({ present }) => present.flatMap(({ properties }) => recordsOfGroup(properties)))
  }
  const { found, hiddenZones } = await thingsInZones(going, moving, resources)
  const of = `the common area of ${factory.environment}`
  if (found.length === 0) return refuseHiddenRecords(of, hiddenZones)
  return new UserError({
    what: `The private DNS zones of ${of} would go, and others resolve names in them. They have ${named(found.map(({ what }) => what))}.`,
    where: factory.at('dns'),
    why: `factory.yml has 'dns: { mode: ${mode} }', with which some zones are needed no more. Names that are only there would lead to no private address.`,
    fix: `Nothing was changed. ${wayOut[mode]} What was written by others is theirs to move. Then run again.`,
  })
}

const wayOut = {
  standalone: 'Deliver the projects first.',
  hub: 'Deliver the projects first: the records of their private endpoints move to the zones of the hub.',
  policy:
    'Let the policy write the records first: delete the DNS zone groups of the private endpoints, as the warnings of the plans of the common area and of the projects say, and start a remediation of the policy.',
} as const
