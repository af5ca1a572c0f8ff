import type { AccessOperation } from '../../access/model.ts'
import type { Step } from '../apply-steps.ts'

const kinds: readonly AccessOperation['kind'][] = [
  'invite',
  'create-group',
  'complete-owners',
  'add-members',
  'assign',
  'make-eligible',
  'set-condition',
  // Whoever is to leave leaves before roles are tidied up, whose removal somebody may have forbidden.
  'remove-member',
  'unassign',
  'end-eligibility',
]

/** What is read back before anything goes that it stands in for. */
const confirmed: readonly AccessOperation['kind'][] = ['assign', 'make-eligible', 'set-condition']

const isInCosmos = (operation: AccessOperation): boolean =>
  'assignment' in operation && operation.assignment.plane === 'cosmos'

const beforeWhat = (operation: AccessOperation) =>
  operation.kind === 'remove-member' ? operation.before : undefined

function rankOf(operation: AccessOperation): number {
  if (beforeWhat(operation) === 'all') return -1
  if (beforeWhat(operation) === 'roles') return kinds.indexOf('assign') - 0.5
  // The longest lane begins first.
  return kinds.indexOf(operation.kind) - (isInCosmos(operation) ? 0.25 : 0)
}

/** The operations so that those which go together follow one another. */
export const inStages = (operations: readonly AccessOperation[]): readonly AccessOperation[] =>
  operations.toSorted((a, b) => rankOf(a) - rankOf(b))

/**
 * The steps of operations, in their order. New role assignments are read back before others go that they stand in for.
 * @param confirm makes sure that those are known everywhere
 */
export function stagedSteps(
  operations: readonly AccessOperation[],
  stepsOf: (operation: AccessOperation) => readonly Step[],
  confirm: () => Promise<void>,
): readonly Step[] {
  const staged = inStages(operations)
  const last = staged.findLastIndex(({ kind }) => confirmed.includes(kind))
  if (last === -1) return staged.flatMap(stepsOf)
  return [
    ...staged.slice(0, last + 1).flatMap(stepsOf),
    { name: 'Confirm the role assignments', apply: confirm },
    ...staged.slice(last + 1).flatMap(stepsOf),
  ]
}

/** What is of one kind does not need one another; but Cosmos DB makes one change of an account at a time. */
export const stageOf = (operation: AccessOperation): Pick<Step, 'stage' | 'lane'> => ({
  stage: `${operation.kind} ${beforeWhat(operation) ?? ''}`,
  ...(isInCosmos(operation) && { lane: 'cosmos' }),
})
