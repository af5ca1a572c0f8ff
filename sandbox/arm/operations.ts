import { ArmError, type Caller, type Clock, type Identifiers, type Operations } from '../contracts.ts'
import { OperationCanceled } from './errors.ts'
import type { ArmState, OperationRecord } from './state.ts'

/** Path of an operation's status, after the subscription: what `Azure-AsyncOperation` points to. */
export const statusPath = 'providers/Microsoft.Resources/locations/global/operationStatuses'
/** Path of an operation's result: what `Location` points to. */
export const resultPath = 'providers/Microsoft.Resources/locations/global/operationResults'

/**
 * Longest time a status request is held while the work goes on, in milliseconds. Clients ask at once and then wait two
 * seconds or more (@azure/core-lro), or thirty (the Azure CLI without `Retry-After`): holding the first question a
 * little lets short work end with it.
 */
const waitBudget = 1_000

/** How many operations are remembered; Azure forgets them after some time. */
const remembered = 2_000

/** The operations, and how their addresses are answered. */
export interface OperationDesk extends Operations {
  /** The operation when it exists and was begun by this principal; waits a little when it is still running. */
  ask(operationId: string, caller: Caller): Promise<OperationRecord | undefined>
}

/** Long-running operations kept in the state. Those that a stopped sandbox left running are counted as failed. */
export function createOperations(
  state: ArmState,
  deps: { readonly clock: Clock; readonly identifiers: Identifiers; readonly base: () => string },
): OperationDesk {
  const running = new Map<string, Promise<void>>()
  for (const operation of Object.values(state.operations)) {
    if (operation.status !== 'InProgress') continue
    operation.status = 'Failed'
    operation.error = {
      code: 'OperationInterrupted',
      message: 'The sandbox was stopped during this operation.',
    }
  }
  const now = () => deps.clock.now().toISOString()

  const follow = async (operation: OperationRecord, work: Parameters<Operations['begin']>[2]) => {
    try {
      const outcome = await work()
      operation.status = outcome.status
      if (outcome.status === 'Succeeded') operation.result = outcome.result
      else operation.error = outcome.error
    } catch (error) {
      operation.status = error instanceof OperationCanceled ? 'Canceled' : 'Failed'
      operation.error =
        error instanceof ArmError ? error.body : { code: 'InternalServerError', message: String(error) }
    }
    operation.endTime = now()
    running.delete(operation.id)
  }

  return {
    begin: (subscriptionId, caller, work) => {
      const operation: OperationRecord = {
        id: deps.identifiers.uuid(),
        subscriptionId,
        objectId: caller.objectId,
        startTime: now(),
        status: 'InProgress',
      }
      state.operations[operation.id] = operation
      forgetOldest(state)
      running.set(operation.id, follow(operation, work))
      const root = `${deps.base()}/subscriptions/${subscriptionId}`
      const query = 'api-version=2024-03-01'
      return {
        operationId: operation.id,
        headers: {
          'Azure-AsyncOperation': `${root}/${statusPath}/${operation.id}?${query}`,
          Location: `${root}/${resultPath}/${operation.id}?${query}`,
          'Retry-After': '1',
        },
      }
    },
    ask: async (operationId, caller) => {
      const operation = state.operations[operationId]
      if (operation?.objectId !== caller.objectId) return undefined
      const work = running.get(operationId)
      if (work !== undefined) await Promise.race([work, deps.clock.sleep(waitBudget)])
      return operation
    },
  }
}

function forgetOldest(state: ArmState): void {
  const done = Object.values(state.operations).filter((operation) => operation.status !== 'InProgress')
  for (const { id } of done.slice(0, Math.max(0, done.length - remembered))) delete state.operations[id]
}
