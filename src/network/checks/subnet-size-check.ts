import type { SubnetRule, SubnetSize } from '../../catalog/facts/subnet-rule.ts'
import type { UserErrorParts } from '../../diagnostics/user-error.ts'
import type { OwnSubnetRequest, SubnetRequest } from '../network.ts'
import type { Check } from './subnet-check.ts'

/** Is it of a size that will do? */
export const sizeCheck: Check = ({ request, existing: { name }, range }) => {
  if (range === undefined) return {}
  const { prefixLength } = range
  if (request.kind === 'own') {
    // What is lost with the size that was asked for was told when it could still be changed, and a size that a profile
    // chose for new subnets says nothing against one that exists.
    const isTooSmall = prefixLength > (request.smallestPrefixLength ?? 32)
    const isAsWanted = prefixLength === request.prefixLength || request.sizeReason !== undefined
    return isAsWanted && !isTooSmall ? {} : { warnings: [otherSizeWarning(request, name, prefixLength)] }
  }
  const warnings = smallWarnings(request, name, prefixLength)
  if (request.rule === undefined) return { warnings }
  const { rule, smallest = rule.smallest } = request
  if (prefixLength > smallest.prefixLength)
    return { faults: [wrongSizeFault(name, prefixLength, rule, smallest, 'small')] }
  const { largest } = rule
  return largest !== undefined && prefixLength < largest.prefixLength
    ? { faults: [wrongSizeFault(name, prefixLength, rule, largest, 'large')] }
    : { warnings }
}

function wrongSizeFault(
  name: string,
  prefixLength: number,
  { title }: SubnetRule,
  limit: SubnetSize,
  found: 'small' | 'large',
): UserErrorParts {
  const [extreme, direction] = found === 'small' ? ['smallest', 'larger'] : ['largest', 'smaller']
  return {
    what: `Subnet '${name}' is /${prefixLength}, which is too ${found} for: ${title}.`,
    why: `The ${extreme} subnet that works is a /${limit.prefixLength}, because ${limit.because}.`,
    fix: `Bring along a subnet of /${limit.prefixLength} or ${direction}. Azure resizes a subnet only while it is empty.`,
    more: limit.source,
  }
}

/** What is lost with a size below the recommended one. A size that a profile chose is explained where it is shown. */
export function smallWarnings(
  request: SubnetRequest<string>,
  name: string,
  prefixLength: number,
): readonly string[] {
  const drawback = drawbackOf(request.rule, prefixLength)
  const explained = request.kind === 'own' && request.sizeReason !== undefined
  return drawback === undefined || explained ? [] : [`Subnet '${name}' is /${prefixLength}. ${drawback}`]
}

const drawbackOf = (rule: SubnetRule | undefined, prefixLength: number): string | undefined =>
  rule === undefined || prefixLength <= rule.recommended.prefixLength
    ? undefined
    : `Microsoft recommends a /${rule.recommended.prefixLength} or larger for ${rule.title}, because ${rule.recommended.because}.`

function otherSizeWarning(
  { prefixLength: asked, smallestPrefixLength = 32, rule }: OwnSubnetRequest<string>,
  name: string,
  prefixLength: number,
): string {
  const drawback = drawbackOf(rule, prefixLength)
  const consequence =
    prefixLength > smallestPrefixLength
      ? `Its service takes no less than /${smallestPrefixLength} and will refuse it.`
      : `It is kept, because Azure resizes only empty subnets.${drawback === undefined ? '' : ` ${drawback}`}`
  return `Subnet '${name}' is /${prefixLength} where /${asked} is asked for. ${consequence}`
}
