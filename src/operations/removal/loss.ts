import { statefulType } from '../../catalog/stateful-types.ts'
import type { Change } from '../../plan/model.ts'

/** A deletion, with what is lost by it. */
export const withLoss = (change: Change): Change => {
  if (change.change !== 'delete') return change
  const stateful = statefulType(change.kind)
  const holds = change.holds ?? stateful?.holds
  if (holds === undefined) return change
  const sentences = [change.reason, `Lost with it: ${holds}.`, stateful?.softDelete?.sentence]
  return { ...change, holds, reason: sentences.filter(Boolean).join(' ') }
}

/** How many things a sentence names. */
const mostNamed = 20

/** Things as a sentence names them: so many, and the number of the rest, which the plan has. */
export function named(things: readonly string[]): string {
  const rest = things.length - mostNamed
  return [...things.slice(0, mostNamed), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

/** Is something deleted that no manifest brings back? */
export const isLoss = ({ change, holds }: Change): boolean => change === 'delete' && holds !== undefined

/** Does something that stays lose data that no manifest brings back? */
export const losesData = ({ change, holds }: Change): boolean => change === 'modify' && holds !== undefined
