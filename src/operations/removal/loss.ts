import { statefulType } from '../../catalog/stateful-types.ts'
import type { Change } from '../../plan/model.ts'

/** A deletion, with what is lost by it. */
export const withLoss = (change: Change): Change => {
  const stateful = statefulType(change.kind)
  if (change.change !== 'delete' || stateful === undefined) return change
  const sentences = [change.reason, `Lost with it: ${stateful.holds}.`, stateful.softDelete?.sentence]
  return { ...change, reason: sentences.filter(Boolean).join(' ') }
}
