import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, type Json, record, text, texts } from '../json.ts'
import type { World, Write } from '../rules.ts'
import {
  allocatedPrefixes,
  allocationsOf,
  checkNotMixed,
  fulfil,
  poolsOf,
  rangesOf,
} from './pool-allocations.ts'
import { prefixesOf } from './prefixes.ts'

/** A subnet's type. */
export const subnetType = 'Microsoft.Network/virtualNetworks/subnets'
/** What the rules of a subnet need of its network. */
export interface Network {
  readonly id: string
  readonly name: string
  readonly prefixes: readonly string[]
  /** What its pools gave it. */
  readonly allocations: readonly Json[]
}

/** A subnet as it is sent, alone or inside its network. */
export interface InlineSubnet {
  readonly name: string
  readonly properties: Json
}

/** The network that a subnet is written into; `undefined` when it is not there yet. */
export function networkOf({ address }: Write, world: World): Network | undefined {
  const network = world.store.get(address.parent ?? '')
  if (network === undefined) return undefined
  const space = at(network, 'properties.addressSpace')
  const prefixes = texts(at(space, 'addressPrefixes'))
  return { id: network.id, name: network.name, prefixes, allocations: allocationsOf(space) }
}

/** Subnets that came inside their network, each with the prefixes that its pool gives it. */
export function inlineSubnets(
  subnets: readonly Json[],
  network: Network,
  world: World,
): readonly InlineSubnet[] {
  const done: InlineSubnet[] = []
  for (const subnet of subnets) {
    const inline = { name: text(subnet['name']) ?? '', properties: record(subnet['properties']) }
    done.push({ ...inline, properties: withPrefixes(inline, network, done, world) })
  }
  return done
}

/** The properties of a subnet, its prefixes taken from what the pool gave the network when it asks for that. */
export function withPrefixes(
  { name, properties }: InlineSubnet,
  network: Network,
  earlier: readonly InlineSubnet[],
  world: World,
): Json {
  const wanted = allocationsOf(properties)
  if (wanted.length === 0) return properties
  const id = `${network.id}/subnets/${name}`
  const before = world.store.get(id)?.properties
  checkNotMixed(id, prefixesOf(properties), properties, before)
  const ofNetwork = { ipamPoolPrefixAllocations: network.allocations }
  const known = poolsOf(ofNetwork).map((pool) => pool.toLowerCase())
  const foreign = poolsOf(properties).find((pool) => !known.includes(pool.toLowerCase()))
  if (foreign !== undefined)
    throw badRequest(
      'SubnetPoolsMustBeSubsetOfVnetPools',
      `Pool ${foreign} of subnet ${id} is not among the pools of virtual network ${network.name}.`,
    )
  const taken = othersIn(network, id, earlier, world).flatMap((other) => prefixesOf(other.properties))
  const allocations = fulfil({
    id,
    wanted,
    before: allocationsOf(before),
    spaceOf: (poolId) => ({ ranges: rangesOf(allocatedPrefixes(ofNetwork, poolId)), taken: rangesOf(taken) }),
  })
  const given = allocations.flatMap((allocation) => texts(allocation['allocatedAddressPrefixes']))
  const { addressPrefix: _single, ...rest } = properties
  return { ...rest, addressPrefixes: given, ipamPoolPrefixAllocations: allocations }
}

/** The other subnets of a network: stored ones, and inline ones before it, which replace what is stored of them. */
export function othersIn(
  network: Network,
  id: string,
  earlier: readonly InlineSubnet[],
  world: World,
): readonly InlineSubnet[] {
  const replaced = new Set(earlier.map(({ name }) => name.toLowerCase()))
  const stored = world.store
    .children(network.id, subnetType)
    .filter((sibling) => !sameId(sibling.id, id) && !replaced.has(sibling.name.toLowerCase()))
    .map((sibling) => ({ name: sibling.name, properties: record(sibling.properties) }))
  return [...stored, ...earlier]
}
