import { ArmError, type Identifiers } from '../contracts.ts'
import { type Address, sameId } from './address.ts'
import { conflict, OperationCanceled } from './errors.ts'
import type { ResourceRules } from './rules.ts'

/**
 * What becomes of an operation that meets another one under way. Microsoft.Network does all three:
 * - `in-progress`: 409 `AnotherOperationInProgress`
 * - `retryable`: 429 `RetryableErrorDueToAnotherOperation` with `Retry-After`
 *   (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling)
 * - `superseded`: it goes on, and the one under way ends `Canceled`
 *   (https://github.com/microsoft/AzureTRE/issues/3177). Only a write supersedes, and only a write of the same type;
 *   others are refused as `in-progress`.
 */
export type Conflict = 'in-progress' | 'retryable' | 'superseded'

/** So that a client meets both refusals, whatever it does. */
export const usualConflicts: readonly Conflict[] = ['in-progress', 'in-progress', 'retryable']

const secondsToWait = 1

/** The right to change something while nobody else does. */
export interface Hold {
  release(): void
  /** Throws `OperationCanceled` when another operation took over. */
  confirm(): void
}

/** What is being changed. */
export interface Locks {
  /** @throws ArmError when something else is being changed that must not be at the same time */
  hold(address: Address, rules: ResourceRules, verb: 'Put' | 'Delete'): Hold
}

interface Holder {
  readonly operation: string
  readonly id: string
  readonly type: string
  readonly verb: 'Put' | 'Delete'
  canceled?: OperationCanceled
}

/** Locks whose conflicts end in turn as `conflicts` says, from the first one again after the last. */
export function createLocks(deps: {
  readonly base: () => string
  readonly identifiers: Identifiers
  readonly conflicts: readonly Conflict[]
}): Locks {
  const holders = new Map<string, Holder>()
  let met = 0
  const nextConflict = (): Conflict => deps.conflicts[met++ % deps.conflicts.length] ?? 'in-progress'

  const refuseOrSupersede = (holder: Holder, newcomer: Holder, address: Address): void => {
    const kind = nextConflict()
    const isPut = [holder, newcomer].every(({ verb }) => verb === 'Put')
    const replaces = isPut && sameId(holder.type, newcomer.type)
    if (kind === 'retryable') throw retryable(holder, newcomer)
    if (kind !== 'superseded' || !replaces) throw inProgress(deps.base(), address)
    holder.canceled = superseded(holder, newcomer)
  }

  return {
    hold: (address, rules, verb) => {
      const held = [rules.lock?.(address) ?? []].flat().map((key) => key.toLowerCase())
      if (held.length === 0) return { release: () => undefined, confirm: () => undefined }
      const own: Holder = {
        id: deps.identifiers.uuid(),
        operation: operationName(verb, address.type),
        type: address.type.toLowerCase(),
        verb,
      }
      const holder = held.map((key) => holders.get(key)).find((one) => one !== undefined)
      if (holder !== undefined && rules.busy !== undefined) throw rules.busy(address.id)
      if (holder !== undefined) refuseOrSupersede(holder, own, address)
      for (const key of held) holders.set(key, own)
      return {
        release: () => {
          for (const key of held) if (holders.get(key) === own) holders.delete(key)
        },
        confirm: () => {
          if (own.canceled !== undefined) throw own.canceled
        },
      }
    },
  }
}

/** `PutSubnetOperation`, as the network provider calls it. */
function operationName(verb: string, type: string): string {
  const singular = type.slice(type.lastIndexOf('/') + 1).replace(/s$/, '')
  return `${verb}${singular.charAt(0).toUpperCase()}${singular.slice(1)}Operation`
}

function inProgress(base: string, address: Address): ArmError {
  return conflict(
    'AnotherOperationInProgress',
    `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${base}/subscriptions/${address.subscriptionId ?? ''}/providers/Microsoft.Network/locations/global/operations.`,
  )
}

function retryable(holder: Holder, newcomer: Holder): ArmError {
  const message = `Operation ${newcomer.operation} (${newcomer.id}) cannot proceed with ${holder.operation} (${holder.id}) in progress. Please try again later.`
  return new ArmError(429, { code: 'RetryableErrorDueToAnotherOperation', message }, secondsToWait)
}

function superseded(holder: Holder, newcomer: Holder): OperationCanceled {
  return new OperationCanceled({
    code: 'Canceled',
    message: 'Operation was canceled.',
    details: [
      {
        code: 'CanceledAndSupersededDueToAnotherOperation',
        message: `Operation ${holder.operation} (${holder.id}) was canceled and superseded by operation ${newcomer.operation} (${newcomer.id}).`,
      },
    ],
  })
}
