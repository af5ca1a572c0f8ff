import { commonEndpointSubnet } from '../../catalog/common/index.ts'
import type { CommonPartDefinition } from '../../catalog/common/types.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import { objectAt, textAt, valueAt } from '../../manifest/reading.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { wantedHub } from '../area/wanted-hub.ts'
import type { CommonDelivery } from './plan-common.ts'

/** How many networks or addresses a cell of a table names. */
const namedAtMost = 5

const anywhere = 'anywhere, by who signs in with Entra and has a role'

/**
 * From where a part can be reached, half a sentence; empty for what nobody connects to.
 * @param own the bodies of its resources in the template
 */
export function reachOf(
  part: CommonPartDefinition,
  delivery: CommonDelivery,
  own: readonly JsonObject[],
): string {
  if (part.key === 'virtualNetwork') return networkReach(delivery)
  const open = publicReach(part, own)
  const count = part.privateEndpoints.length
  if (count === 0) return open ?? ''
  const subnet = delivery.area.names.subnet(commonEndpointSubnet)
  const inside = `the VNet and what is peered with it, through ${count} private endpoint${count === 1 ? '' : 's'} in subnet ${subnet}`
  return `${inside}; ${open ?? 'not from the Internet'}`
}

/** From where on the Internet; undefined when from nowhere. */
function publicReach({ key }: CommonPartDefinition, own: readonly JsonObject[]): string | undefined {
  if (key === 'logAnalytics') return anywhere
  const open = own
    .map((body) => objectAt(body, ['properties']))
    .filter((properties) => textAt(properties, ['publicNetworkAccess'])?.toLowerCase() === 'enabled')
  const [everybody] = open.filter((properties) => !isLimited(rulesOf(properties)))
  if (everybody !== undefined) return `from ${anywhere}`
  const addresses = open.flatMap((properties) => addressesOf(rulesOf(properties)))
  if (addresses.length === 0) return undefined
  return `of the Internet only ${enumeration([...new Set(addresses)], namedAtMost)}`
}

/** A service's firewall. Each provider has its own word for it. */
const rulesOf = (properties: JsonObject): JsonObject => {
  const key = ['networkAcls', 'networkRuleSet'].find((name) => isJsonObject(properties[name]))
  return key === undefined ? {} : objectAt(properties, [key])
}

const isLimited = (rules: JsonObject): boolean => textAt(rules, ['defaultAction'])?.toLowerCase() === 'deny'

const addressesOf = (rules: JsonObject): readonly string[] => {
  const list = valueAt(rules, ['ipRules'])
  return Array.isArray(list) ? list.flatMap((rule) => textAt(rule, ['value']) ?? []) : []
}

/** From where a VNet can be reached, and where its subnets lead. */
export function networkReach(delivery: CommonDelivery): string {
  const { virtualNetwork } = delivery.area.factory.common
  const inward = inwardReach(delivery)
  // What leads out of a VNet that somebody else made is theirs to say.
  return virtualNetwork.kind === 'own' ? `${inward}; ${outwardReach(delivery)}` : inward
}

function inwardReach(delivery: CommonDelivery): string {
  const hub = wantedHub(delivery.area)
  const others = peeringsOfOthers(delivery).filter(
    ({ remoteId }) => hub === undefined || !sameText(remoteId, hub),
  )
  const connected = others.filter(isConnected).map(({ remoteId }) => lastSegment(remoteId))
  const idle = others.filter((peering) => !isConnected(peering))
  const reached = [...(hub === undefined ? [] : [`hub ${lastSegment(hub)}`]), ...connected]
  const reach =
    reached.length === 0
      ? `nowhere else: it is not peered${idle.length === 0 ? '' : ' with a VNet that is connected'}`
      : `${enumeration(reached, namedAtMost)} and what ${reached.length === 1 ? 'that leads' : 'they lead'} to`
  const waiting = idle.map(({ remoteId, state }) => `${lastSegment(remoteId)} is ${state}`)
  return waiting.length === 0
    ? reach
    : `${reach}; peerings that carry nothing: ${enumeration(waiting, namedAtMost)}`
}

const isConnected = ({ state }: { readonly state: string }): boolean => sameText(state, 'Connected')

/** Peerings that the VNet has by now, without those that this delivery takes away. */
function peeringsOfOthers({ network, subnets }: CommonDelivery) {
  const going = network.plan.plan.changes.filter(
    ({ change, kind }) =>
      change === 'delete' && sameText(kind, 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'),
  )
  return (subnets.network.peerings ?? []).filter(
    ({ name }) => !going.some((change) => sameText(lastSegment(change.name), name)),
  )
}

function outwardReach({ area }: CommonDelivery): string {
  const { natGateway, routeTable } = area.factory.common
  const ways = [
    ...(natGateway.kind === 'off' ? [] : ['a NAT gateway']),
    ...(routeTable.kind === 'off' ? [] : ['a route table']),
  ]
  return ways.length === 0
    ? 'subnets have no way to the Internet by default'
    : `to the Internet subnets go through ${ways.join(' or ')} where factory.yml attaches it`
}
