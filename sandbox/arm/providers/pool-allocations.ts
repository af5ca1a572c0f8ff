import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { formatRange, parseCidr, type Range } from '../cidr.ts'
import { badRequest, invalidReference } from '../errors.ts'
import { at, type Json, records, text, texts } from '../json.ts'
import { type Link, referenced, type World } from '../rules.ts'
import { allocate, type Space, sizeOf } from './pool-space.ts'

/** The type of an IPAM pool. */
export const poolType = 'Microsoft.Network/networkManagers/ipamPools'
const networkType = 'Microsoft.Network/virtualNetworks'

/** What a network or a subnet asks of pools: `[{ pool: { id }, numberOfIpAddresses: '256' }]`. */
export function allocationsOf(owner: unknown): readonly Json[] {
  return records(at(owner, 'ipamPoolPrefixAllocations'))
}

/** Ids of the pools that somebody asks. */
export function poolsOf(owner: unknown): readonly string[] {
  return allocationsOf(owner).flatMap((allocation) => text(at(allocation, 'pool.id')) ?? [])
}

/** The right to take from pools. */
export function poolLinks(pools: readonly string[]): readonly Link[] {
  const action = `${poolType}/associateResourcesToPool/action`
  const distinct = new Map(pools.map((id) => [id.toLowerCase(), id]))
  return [...distinct.values()].map((scope) => ({ scope, action }))
}

/** Prefixes that an owner was given, all or those of one pool. */
export function allocatedPrefixes(owner: unknown, poolId?: string): readonly string[] {
  return allocationsOf(owner)
    .filter((allocation) => poolId === undefined || sameId(text(at(allocation, 'pool.id')), poolId))
    .flatMap((allocation) => texts(allocation['allocatedAddressPrefixes']))
}

/** Prefixes as ranges; what is no CIDR notation is left out. */
export function rangesOf(prefixes: readonly string[]): readonly Range[] {
  return prefixes.map(parseCidr).filter((range) => typeof range === 'object')
}

/** The free space of a pool: what networks, its child pools and static CIDRs have is taken, but not what `except` has. */
export function spaceOfPool(pool: StoredResource, world: World, except?: string): Space {
  const manager = pool.id.slice(0, pool.id.toLowerCase().lastIndexOf('/ipampools/'))
  const children = world.store
    .children(manager, poolType)
    .filter((child) => sameId(text(at(child, 'properties.parentPoolName')), pool.name))
  const fixed = world.store.children(pool.id, `${poolType}/staticCidrs`)
  const networks = world.store.ofType(networkType).filter((network) => !sameId(network.id, except))
  const taken = [
    ...[...children, ...fixed].flatMap((owner) => texts(at(owner, 'properties.addressPrefixes'))),
    ...networks.flatMap((network) => allocatedPrefixes(at(network, 'properties.addressSpace'), pool.id)),
  ]
  return { ranges: rangesOf(texts(at(pool, 'properties.addressPrefixes'))), taken: rangesOf(taken) }
}

/** Who asks: a network or a subnet, and what it was given before. */
export interface Asking {
  readonly id: string
  readonly wanted: readonly Json[]
  readonly before: readonly Json[]
  /** The free space of a pool; `undefined` when it cannot be known yet. */
  readonly spaceOf: (poolId: string) => Space | undefined
}

/** The allocations with their `allocatedAddressPrefixes`: those had before, and more when more is asked for. */
export function fulfil(asking: Asking): readonly Json[] {
  const pools = poolsOf({ ipamPoolPrefixAllocations: asking.wanted }).map((id) => id.toLowerCase())
  if (new Set(pools).size < pools.length)
    throw badRequest('CannotHaveDuplicatePoolIds', `Resource ${asking.id} cannot have duplicate pool ids.`)
  return asking.wanted.map((allocation) => {
    const poolId = text(at(allocation, 'pool.id')) ?? ''
    const count = countOf(allocation, asking.id)
    const kept = allocatedPrefixes({ ipamPoolPrefixAllocations: asking.before }, poolId)
    const space = asking.spaceOf(poolId)
    const missing = count - sizeOf(rangesOf(kept))
    if (space === undefined || missing <= 0)
      return { ...allocation, numberOfIpAddresses: String(count), allocatedAddressPrefixes: kept }
    const more = allocate(missing, { ...space, taken: [...space.taken, ...rangesOf(kept)] })
    if (more === undefined)
      throw badRequest(
        'IpamPoolInsufficientAddressSpace',
        `Resource ${asking.id} needs ${missing} addresses of pool ${poolId}, which has not enough available address space.`,
      )
    return {
      ...allocation,
      numberOfIpAddresses: String(count),
      allocatedAddressPrefixes: [...kept, ...more.map(formatRange)],
    }
  })
}

function countOf(allocation: Json, id: string): number {
  const count = Number(allocation['numberOfIpAddresses'])
  if (Number.isInteger(count) && count > 0) return count
  throw badRequest(
    'InvalidRequestFormat',
    `Cannot parse the request: numberOfIpAddresses '${String(allocation['numberOfIpAddresses'])}' of resource ${id} is not a positive whole number.`,
  )
}

/** The free space of a pool that a network names. */
export function spaceBehind(poolId: string, networkId: string, world: World): Space | undefined {
  const pool = referenced(world, poolId, () => invalidReference(networkId, poolId))
  return pool === undefined ? undefined : spaceOfPool(pool, world, networkId)
}

/** Throws when prefixes are sent besides pools, unless they are what the pools gave: then they were read and sent back. */
export function checkNotMixed(
  id: string,
  prefixes: readonly string[],
  owner: unknown,
  before: unknown,
): void {
  if (allocationsOf(owner).length === 0 || prefixes.length === 0) return
  const given = allocatedPrefixes(before)
  if (prefixes.length === given.length && prefixes.every((prefix) => given.includes(prefix))) return
  throw badRequest(
    'CannotMixAddressPrefixAndPoolInPayload',
    `Resource ${id} cannot have both address prefixes and pools in its payload.`,
  )
}
