import type { AccessOperation } from '../../access/model.ts'
import type { Step } from '../apply-steps.ts'

const kinds: readonly AccessOperation['kind'][] = [
  'create-group',
  'complete-owners',
  'add-members',
  'assign',
  'limit',
  'unassign',
  'remove-member',
]

const isInCosmos = (operation: AccessOperation): boolean =>
  'assignment' in operation && operation.assignment.plane === 'cosmos'

/** Whoever is in a group that has no role yet goes before it gets one. */
const isBeforeRoles = (operation: AccessOperation): boolean =>
  operation.kind === 'remove-member' && operation.before === 'roles'

function rankOf(operation: AccessOperation): number {
  if (isBeforeRoles(operation)) return kinds.indexOf('assign') - 0.5
  return kinds.indexOf(operation.kind) + (isInCosmos(operation) ? 0.5 : 0)
}

/** The operations so that those which go together follow one another. */
export const inStages = (operations: readonly AccessOperation[]): readonly AccessOperation[] =>
  operations.toSorted((a, b) => rankOf(a) - rankOf(b))

/** Cosmos DB makes one change of an account at a time; all else of one kind does not need one another. */
export const stageOf = (operation: AccessOperation): Pick<Step, 'stage'> =>
  isInCosmos(operation)
    ? {}
    : { stage: isBeforeRoles(operation) ? 'remove-member before roles' : operation.kind }
