import { badRequest } from '../errors.ts'
import { at, type Json, record, texts } from '../json.ts'
import type { World, Write } from '../rules.ts'
import { allocationsOf, checkNotMixed, fulfil, poolsOf, spaceBehind } from './pool-allocations.ts'

/** An address space as it is stored: its prefixes, written down or given by a pool. */
export interface AddressSpace extends Json {
  readonly addressPrefixes: readonly string[]
  readonly ipamPoolPrefixAllocations?: readonly Json[]
}

/** The address space that a write of a network leaves, with what its pool gives. */
export function addressSpaceOf({ address, properties, existing }: Write, world: World): AddressSpace {
  const sent = record(properties['addressSpace'])
  const prefixes = texts(sent['addressPrefixes'])
  const wanted = allocationsOf(sent)
  if (wanted.length === 0) return { ...sent, addressPrefixes: prefixes }
  const before = at(existing, 'properties.addressSpace')
  checkNotMixed(address.id, prefixes, sent, before)
  const allocations = fulfil({
    id: address.id,
    wanted,
    before: allocationsOf(before),
    spaceOf: (poolId) => spaceBehind(poolId, address.id, world),
  })
  if (poolsOf(sent).length > 1)
    throw badRequest(
      'OnlyOneAssociationOfEachIpTypeAllowed',
      `Resource ${address.id} has ${poolsOf(sent).length} pools, but only one association of each IP type is allowed.`,
    )
  const given = allocations.flatMap((allocation) => texts(allocation['allocatedAddressPrefixes']))
  return { ...sent, addressPrefixes: given, ipamPoolPrefixAllocations: allocations }
}
