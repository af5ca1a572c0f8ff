import { networkOf, parseCidr, type Range } from '../cidr.ts'
import { badRequest } from '../errors.ts'

/** A range of an address prefix; throws Azure's refusal when it is no CIDR notation. */
export function parsePrefix(prefix: string, resourceId: string): Range {
  const range = parseCidr(prefix)
  if (range === 'malformed')
    throw badRequest(
      'InvalidAddressPrefixFormat',
      `Address prefix ${prefix} of resource ${resourceId} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    )
  if (range === 'host-bits')
    throw badRequest(
      'InvalidCIDRNotation',
      `The address prefix ${prefix} in resource ${resourceId} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${networkOf(prefix)}.`,
    )
  return range
}
