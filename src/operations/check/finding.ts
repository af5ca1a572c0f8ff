import type { UserError, UserErrorParts } from '../../diagnostics/user-error.ts'
import type { Objection } from '../objection.ts'

/**
 * `fault`: the delivery would fail, or do what nobody wants. `warning`: it would go on, and somebody should know.
 * `unchecked`: nobody looked, so nothing is known. `good`: it was looked at, and all is well.
 */
export type Severity = 'fault' | 'warning' | 'unchecked' | 'good'

/** One thing that is known of a delivery before its first write. */
export interface Finding extends Pick<UserErrorParts, 'what' | 'where' | 'why' | 'fix' | 'more'> {
  readonly severity: Severity
  /** What to run to fix it, in a shell with the Azure CLI. */
  readonly commands?: readonly string[]
}

/** What a delivery would be refused for, as a finding. */
export const faultOf = ({ parts: { what, where, why, fix, more } }: UserError): Finding => ({
  severity: 'fault',
  what,
  ...(where && { where }),
  ...(why && { why }),
  ...(fix && { fix }),
  ...(more && { more }),
})

/** What a guard objects to: a fault unless it is allowed. */
export const objectionFinding = ({ warning, refusal, where }: Objection): Finding =>
  refusal === undefined ? { severity: 'warning', what: warning, where } : { where, ...faultOf(refusal) }

/** Why a check could not look at something, as a finding. */
export const unchecked = (what: string, why: string, fix?: string): Finding => ({
  severity: 'unchecked',
  what,
  why,
  ...(fix === undefined ? {} : { fix }),
})

/** A quota of which Azure does not say how much is left. */
export const notListed = (quota: string, location: string, names: string): Finding =>
  unchecked(
    `Whether the quota ${quota} in ${location} is enough for ${names}.`,
    'Azure does not list it among the quotas of the region. It answers when the resource is created.',
  )
