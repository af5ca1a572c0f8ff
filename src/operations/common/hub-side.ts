import { z } from 'zod'
import { unlessForbidden } from '../../azure/failure.ts'
import type { Permissions } from '../../azure/permissions.ts'
import type { Resources } from '../../azure/resources.ts'
import { peeringName } from '../../catalog/common/hub-peering.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'

/** The type of a peering, which each of the two networks has its own of. */
export const peeringType = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'
const apiVersion = apiVersions[peeringType]

/** The hub's side of the peering: traffic flows when both are there. */
export interface HubSide {
  readonly changes: readonly Change[]
  /** What has to be done before the network's own side is made. */
  readonly before: readonly Step[]
  readonly after: readonly Step[]
  /** What the owner of the hub has to do, with the command; none when it is there, or made here. */
  readonly warnings: readonly string[]
}

/** What is needed to know of the hub, and to change it. */
export interface HubClients {
  readonly resources: Pick<Resources, 'list' | 'write' | 'update' | 'remove'>
  readonly permissions: Pick<Permissions, 'allows'>
}

const nothing: HubSide = { changes: [], before: [], after: [], warnings: [] }

const optionsSchema = z.object({ hub: z.string(), useRemoteGateways: z.boolean() })

/**
 * Compares the hub's side of the peering with what is needed. It is made, and one that lost the VNet is made anew, where the
 * rights allow it; where they do not, the report has the command for its owner.
 */
export async function planHubSide(
  { factory, ids }: CommonArea,
  { resources, permissions }: HubClients,
): Promise<HubSide> {
  const setting = factory.common.hubPeering
  if (setting.kind !== 'own') return nothing
  const { hub, useRemoteGateways } = optionsSchema.parse(setting.options)
  const side = { hub, vnet: ids.virtualNetwork, transit: useRemoteGateways }
  const [present, mayWrite, mayDelete] = await Promise.all([
    presentSide(side, resources),
    permissions.allows(hub, `${peeringType}/write`),
    permissions.allows(hub, `${peeringType}/delete`),
  ])
  switch (present.kind) {
    case 'connected':
      return nothing
    case 'missing':
      return mayWrite === true ? making(side, resources) : { ...nothing, warnings: [missingSentence(side)] }
    case 'disconnected':
      return mayWrite === true && mayDelete === true
        ? makingAnew(side, present.id, resources)
        : { ...nothing, warnings: [disconnectedSentence(side, present.id)] }
    case 'without transit':
      return mayWrite === true && sameText(present.id, idOf(side))
        ? lettingTransit(side, present.id, resources)
        : { ...nothing, warnings: [transitSentence(side, present.id)] }
    case 'unknown':
      return { ...nothing, warnings: [unknownSentence(side)] }
  }
}

/** Both ends, and whether the VNet uses the gateway of the hub. */
interface Side {
  readonly hub: string
  readonly vnet: string
  readonly transit: boolean
}

/**
 * What is known of the hub's side. `disconnected`: the VNet that it led to was deleted, or its peering was. `without transit`: it
 * does not let the VNet use the gateway of the hub.
 */
type Present =
  | { readonly kind: 'connected' | 'missing' | 'unknown' }
  | { readonly kind: 'disconnected' | 'without transit'; readonly id: string }

async function presentSide(side: Side, resources: HubClients['resources']): Promise<Present> {
  const { hub, vnet, transit } = side
  const peerings = await unlessForbidden(
    () => resources.list(`${hub}/virtualNetworkPeerings`, apiVersion),
    undefined,
  )
  if (peerings === undefined) return { kind: await seenFromHere(side, resources) }
  const found = peerings.find(({ properties }) => sameText(remoteIn(properties), vnet))
  if (found === undefined) return { kind: 'missing' }
  const { peeringState, allowGatewayTransit } = found.properties
  if (peeringState === 'Disconnected') return { kind: 'disconnected', id: found.id }
  return transit && allowGatewayTransit !== true
    ? { kind: 'without transit', id: found.id }
    : { kind: 'connected' }
}

/** The VNet's own side says whether the hub has the other, also to who may not look at the hub. */
async function seenFromHere(
  { hub, vnet }: Side,
  resources: HubClients['resources'],
): Promise<'connected' | 'unknown'> {
  const own = await resources.list(`${vnet}/virtualNetworkPeerings`, apiVersion)
  const isConnected = own.some(
    ({ properties }) => sameText(remoteIn(properties), hub) && properties['peeringState'] === 'Connected',
  )
  return isConnected ? 'connected' : 'unknown'
}

const remoteIn = ({ remoteVirtualNetwork: remote }: JsonObject): string => {
  const id = isJsonObject(remote) ? remote['id'] : undefined
  return typeof id === 'string' ? id : ''
}

const idOf = ({ hub, vnet }: Side): string => `${hub}/virtualNetworkPeerings/${peeringName(vnet)}`

const bodyOf = ({ vnet, transit }: Side): JsonObject => ({
  properties: {
    remoteVirtualNetwork: { id: vnet },
    allowVirtualNetworkAccess: true,
    // Nothing in the VNet sends on what comes from elsewhere; the option of that name is about the VNet's own side.
    allowForwardedTraffic: false,
    allowGatewayTransit: transit,
    useRemoteGateways: false,
  },
})

function making(side: Side, resources: HubClients['resources']): HubSide {
  const { hub } = side
  const name = peeringName(side.vnet)
  return {
    ...nothing,
    changes: [
      {
        change: 'create',
        kind: peeringType,
        name,
        scope: hub,
        reason: 'It is the side of the peering that is the hub’s.',
      },
    ],
    after: [
      {
        name: `Peer the hub ${lastSegment(hub)} with the VNet`,
        apply: async () => {
          await reconnectable(side, resources)
          await resources.write(idOf(side), apiVersion, bodyOf(side))
        },
      },
    ],
  }
}

/** Azure refuses the VNet's own side with the gateway of the hub before the hub allows that. */
const lettingTransit = (side: Side, id: string, resources: HubClients['resources']): HubSide => ({
  ...nothing,
  changes: [
    {
      change: 'modify',
      kind: peeringType,
      name: lastSegment(id),
      scope: side.hub,
      properties: [{ path: 'properties.allowGatewayTransit', before: false, after: true }],
      reason: 'The VNet is to use the gateway of the hub.',
    },
  ],
  before: [
    {
      name: `Let the VNet use the gateway of the hub ${lastSegment(side.hub)}`,
      apply: async () => {
        await resources.update(id, apiVersion, (properties) => ({
          ...settingsOf(properties),
          allowGatewayTransit: true,
        }))
      },
    },
  ],
})

/** What its writer decides of a peering; the rest is Azure's to say. */
const settingsOf = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties).filter(([key]) => /^(allow|use|remoteVirtualNetwork$)/.test(key)),
  )

/** The VNet's own side, when it lost the hub's: written again it waits for a new one, which Azure refuses before. */
const reconnectable = ({ hub, vnet }: Side, resources: HubClients['resources']): Promise<boolean> =>
  resources.update(`${vnet}/virtualNetworkPeerings/${peeringName(hub)}`, apiVersion, (properties) =>
    properties['peeringState'] === 'Disconnected' ? settingsOf(properties) : undefined,
  )

/** A new peering is refused as long as the hub has one that lost its other side. */
function makingAnew(side: Side, id: string, resources: HubClients['resources']): HubSide {
  const made = making(side, resources)
  return {
    ...made,
    changes: [
      {
        change: 'delete',
        kind: peeringType,
        name: lastSegment(id),
        scope: side.hub,
        reason: 'It leads to a VNet or a peering that was deleted, and Azure makes no other one beside it.',
      },
      ...made.changes,
    ],
    before: [
      {
        name: `Remove the disconnected peering ${lastSegment(id)} of the hub`,
        apply: () => resources.remove(id, apiVersion),
      },
    ],
  }
}

/** A hub as the commands of the CLI name it. */
export const placeOf = (hub: string): string => {
  const { subscription = '', group = '' } =
    /^\/subscriptions\/(?<subscription>[^/]+)\/resourceGroups\/(?<group>[^/]+)\//i.exec(hub)?.groups ?? {}
  return `--subscription ${subscription} --resource-group ${group} --vnet-name ${lastSegment(hub)}`
}

const command = ({ hub, vnet, transit }: Side): string =>
  `az network vnet peering create ${placeOf(hub)} --name ${peeringName(vnet)} --remote-vnet ${vnet} --allow-vnet-access${transit ? ' --allow-gateway-transit' : ''}`

const missingSentence = (side: Side): string =>
  `The hub ${lastSegment(side.hub)} has no peering that leads back, and this identity may not create one: no traffic flows until the owner of the hub runs: ${command(side)}`

const disconnectedSentence = (side: Side, id: string): string =>
  `The peering ${lastSegment(id)} of the hub ${lastSegment(side.hub)} is disconnected, and this identity may not replace it: Azure refuses a new peering of the VNet until the owner of the hub runs: az network vnet peering delete ${placeOf(side.hub)} --name ${lastSegment(id)} && ${command(side)}`

const transitSentence = ({ hub }: Side, id: string): string =>
  `The peering ${lastSegment(id)} of the hub ${lastSegment(hub)} does not let the VNet use the gateway of the hub, and is not changed here: 'useRemoteGateways' is refused until the owner of the hub runs: az network vnet peering update ${placeOf(hub)} --name ${lastSegment(id)} --set allowGatewayTransit=true`

const unknownSentence = (side: Side): string =>
  `Whether the hub ${lastSegment(side.hub)} has a peering that leads back is not known, as this identity may not read it. If it has none, no traffic flows until the owner of the hub runs: ${command(side)}`
