import { unlessForbidden } from '../../azure/failure.ts'
import { peeringName } from '../../catalog/common/hub-peering.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { textAt } from '../../manifest/reading.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import type { Left, Removal } from '../removal/left.ts'
import { type HubClients, type HubSide, peeringType, placeOf } from './hub-side.ts'

const apiVersion = apiVersions[peeringType]

/** A hub's side of a peering whose other side goes: Azure leaves it disconnected. */
export interface HubLeft {
  /** Resource id of the hub. */
  readonly hub: string
  /** Resource id of its side; absent when the hub may not be read. */
  readonly id?: string
  /** Has this factory made it, and may the identity delete it? */
  readonly goes: boolean
}

/** The hubs that a VNet is peered with by this factory: those whose peerings its deployment stack manages. */
export async function peeredHubs(
  vnet: string,
  managed: readonly string[],
  { resources }: HubClients,
): Promise<readonly string[]> {
  const ours = managed.filter((id) =>
    id.toLowerCase().startsWith(`${vnet}/virtualNetworkPeerings/`.toLowerCase()),
  )
  if (ours.length === 0) return []
  const listed = await resources.list(`${vnet}/virtualNetworkPeerings`, apiVersion)
  return listed
    .filter(({ id }) => ours.some((own) => sameText(own, id)))
    .flatMap(({ properties }) => textAt(properties, ['remoteVirtualNetwork', 'id']) ?? [])
}

/** Finds what hubs have of their peerings with a VNet. */
export async function sidesOfHubs(
  vnet: string,
  hubs: readonly string[],
  { resources, permissions }: HubClients,
): Promise<readonly HubLeft[]> {
  const found = await Promise.all(
    hubs.map(async (hub): Promise<readonly HubLeft[]> => {
      const peerings = await unlessForbidden(
        () => resources.list(`${hub}/virtualNetworkPeerings`, apiVersion),
        undefined,
      )
      if (peerings === undefined) return [{ hub, goes: false }]
      const back = peerings.filter(({ properties }) =>
        sameText(textAt(properties, ['remoteVirtualNetwork', 'id']) ?? '', vnet),
      )
      if (back.length === 0) return []
      const mayDelete = (await permissions.allows(hub, `${peeringType}/delete`)) === true
      return back.map(({ id, name }) => ({
        hub,
        id,
        goes: mayDelete && sameText(name, peeringName(vnet)),
      }))
    }),
  )
  return found.flat()
}

/** What becomes of the hub's side when the part is switched off, or leads to another hub. */
export function formerHubs(sides: readonly HubLeft[], vnet: string, clients: HubClients): HubSide {
  const going = sides.flatMap(({ goes, id }) => (goes && id !== undefined ? [id] : []))
  return {
    changes: hubChanges(sides, vnet).filter(({ change }) => change === 'delete'),
    // Before the VNet's own side, by which the next run finds it if this one is cut off.
    before: going.map(
      (id): Step => ({ name: stepName(id), apply: () => clients.resources.remove(id, apiVersion) }),
    ),
    after: [],
    warnings: sides.filter(({ goes }) => !goes).map((side) => sentence(side, vnet)),
  }
}

/** As rows of a plan. */
export const hubChanges = (sides: readonly HubLeft[], vnet: string): readonly Change[] =>
  sides.map((side) => ({
    ...thing(side, vnet),
    change: side.goes ? 'delete' : 'keep',
    reason: reasonOf(side, vnet),
  }))

/** The deletions of a destroy. */
export const hubRemovals = (
  sides: readonly HubLeft[],
  vnet: string,
  { resources }: Pick<HubClients, 'resources'>,
): readonly Removal[] =>
  sides.flatMap((side): readonly Removal[] => {
    const { id, goes } = side
    if (!goes || id === undefined) return []
    const apply = async (): Promise<readonly Left[]> => {
      await resources.remove(id, apiVersion)
      return []
    }
    return [{ step: stepName(id), doomed: thing(side, vnet), apply }]
  })

/** What is left of hubs after a destroy, for their owners. */
export const hubsLeft = (sides: readonly HubLeft[], vnet: string): readonly Left[] =>
  sides
    .filter(({ goes }) => !goes)
    .map((side) => ({
      ...thing(side, vnet),
      why: 'others',
      reason: reasonOf(side, vnet),
      fix: `The owner of the hub runs: ${command(side, vnet)}`,
    }))

const thing = ({ hub, id }: HubLeft, vnet: string) => ({
  kind: peeringType,
  name: id === undefined ? peeringName(vnet) : lastSegment(id),
  scope: id ?? hub,
})

const stepName = (id: string): string => `Remove the peering ${lastSegment(id)} of the hub`

const reasonOf = ({ hub, id, goes }: HubLeft, vnet: string): string =>
  goes
    ? `It is the hub's side of the peering with '${lastSegment(vnet)}'.`
    : id === undefined
      ? `Whether the hub '${lastSegment(hub)}' has a peering with '${lastSegment(vnet)}' is not known, as this identity may not read it. If it has, it is left disconnected.`
      : `It is the hub's side of the peering with '${lastSegment(vnet)}', which this identity has not made or may not delete: it is left disconnected.`

const sentence = (side: HubLeft, vnet: string): string =>
  `Peering ${thing(side, vnet).name} of the hub ${lastSegment(side.hub)}: ${reasonOf(side, vnet)} Its owner then runs: ${command(side, vnet)}`

const command = (side: HubLeft, vnet: string): string =>
  `az network vnet peering delete ${placeOf(side.hub)} --name ${thing(side, vnet).name}`
