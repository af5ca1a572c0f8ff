import { conflict } from '../errors.ts'

const kinds = ['deployments', 'projects'] as const

/**
 * What an operation on an account keeps others from: the account itself all of its parts, a part those of its own kind.
 * Microsoft's samples make a project and a deployment at the same time, and never two deployments.
 * https://github.com/Azure/bicep/issues/11211
 */
export const heldOfAccount = (
  account: string | undefined,
  only?: (typeof kinds)[number],
): readonly string[] =>
  account === undefined
    ? []
    : kinds.filter((kind) => kind === (only ?? kind)).map((kind) => `${account}/${kind}`)

/** An account changes with one of its parts of a kind at a time. */
export const parentBusy = (held: string) =>
  conflict(
    'RequestConflict',
    `Another operation is being performed on the parent resource '${held.replace(/(\/accounts\/[^/]+)\/.*$/i, '$1')}'. Please try again later.`,
  )

/** A capability host that is being created or deleted keeps every other one of its scope waiting. */
export const hostBusy = (held: string) =>
  conflict(
    'Conflict',
    `Create: Capability Host ${held.slice(held.lastIndexOf('/') + 1)} is currently in non creating, retry after its complete: ${held}`,
  )
