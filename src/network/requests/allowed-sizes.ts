import type { SubnetRule, SubnetSize } from '../../catalog/facts/subnet-rule.ts'
import { sizeOf } from '../../cidr.ts'
import { type Location, UserError } from '../../diagnostics/user-error.ts'

/** A size that somebody asked for. */
interface AskedSize {
  /** Who asks, as the beginning of a sentence, e.g. `Subnet 'genai'`. */
  readonly what: string
  readonly prefixLength: number
  readonly rule: SubnetRule
  /** The smallest size that will do here: that of the rule, or a larger one. */
  readonly smallest: SubnetSize
  readonly where?: Location
}

const inWords = (prefixLength: number): string => `a /${prefixLength} (${sizeOf(prefixLength)} addresses)`

/** @throws UserError when the service refuses the size */
export function refuseWrongSize({ what, prefixLength, rule, smallest, where }: AskedSize): void {
  const { title, largest } = rule
  const place = where === undefined ? {} : { where }
  if (prefixLength > smallest.prefixLength) {
    throw new UserError({
      what: `${what} asks for a /${prefixLength}, which is too small for: ${title}.`,
      ...place,
      why: `The smallest subnet that works is ${inWords(smallest.prefixLength)}, because ${smallest.because}.`,
      fix: `Ask for a /${smallest.prefixLength} or larger, that is prefixLength ${smallest.prefixLength} or less.`,
      more: smallest.source,
    })
  }
  if (largest !== undefined && prefixLength < largest.prefixLength) {
    throw new UserError({
      what: `${what} asks for a /${prefixLength}, which is too large for: ${title}.`,
      ...place,
      why: `The largest subnet that works is ${inWords(largest.prefixLength)}, because ${largest.because}.`,
      fix: `Ask for a /${largest.prefixLength} or smaller, that is prefixLength ${largest.prefixLength} or more.`,
      more: largest.source,
    })
  }
}
