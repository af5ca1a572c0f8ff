import { type PresentZoneGroup, type ZoneGroup, zonesOfGroup } from '../../compose/zone-groups.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { StackTarget } from '../stack-target.ts'
import { type FoundGroups, findGroups, type Reader } from './zone-groups.ts'

/** Zone groups of ours that stay although a policy is to write the records. */
export interface KeptGroups {
  readonly groups: readonly PresentZoneGroup[]
  readonly warnings: readonly string[]
}

/**
 * With dns mode policy: the zone groups that earlier deliveries have created and that write all records. They stay members
 * of the stack. If it let go of them, Azure would delete them, and no name would resolve to its private address until a
 * policy acts. An endpoint has one group, so a policy's only takes the place of one that somebody has deleted.
 * @param managed reads the ids of what the stack manages
 */
export async function findKeptGroups(
  wanted: readonly ZoneGroup[],
  { factory, resourceGroupId }: Pick<StackTarget, 'factory' | 'resourceGroupId'>,
  resources: Reader,
  managed: () => Promise<readonly string[]>,
): Promise<KeptGroups> {
  if (factory.dns.mode !== 'policy') return { groups: [], warnings: [] }
  const found = (await findGroups(wanted, resourceGroupId, resources)).flatMap(completeGroup)
  if (found.length === 0) return { groups: [], warnings: [] }
  const members = await managed()
  const groups = found.filter(({ id }) => members.some((member) => sameText(member, id)))
  return { groups, warnings: groups.length === 0 ? [] : [warning(groups)] }
}

/** The group of our name, when it writes all the zones. */
const completeGroup = ({ group, present }: FoundGroups) =>
  present
    .filter(({ name, properties }) => {
      const written = zonesOfGroup(properties)
      return sameText(name, group.name) && group.zones.every((zone) => written.includes(zone.toLowerCase()))
    })
    .map(({ id, properties }) => ({ id, endpointId: group.endpointId, properties }))

const mostNamed = 3

function warning(groups: readonly (PresentZoneGroup & { readonly id: string })[]): string {
  const names = groups.slice(0, mostNamed).map(({ endpointId }) => `'${lastSegment(endpointId)}'`)
  const rest = groups.length - names.length
  const list = [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  return `factory.yml has 'dns: { mode: policy }', and the DNS zone groups that earlier deliveries created are kept, so that names go on resolving to private addresses: of ${list}. A private endpoint has one zone group. Where a policy is to write it instead, delete ours (az resource delete --ids ${groups[0]?.id}), let the policy write its own, and run again.`
}
