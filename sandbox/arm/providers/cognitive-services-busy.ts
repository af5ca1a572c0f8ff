import { conflict } from '../errors.ts'

/** An account changes with one of its parts at a time. */
export const parentBusy = (held: string) =>
  conflict(
    'RequestConflict',
    `Cannot modify resource '${held}': another operation is being performed on the parent resource. Please try again later.`,
  )

/** A capability host that is being created or deleted keeps every other one of its scope waiting. */
export const hostBusy = (held: string) =>
  conflict(
    'Conflict',
    `Create: Capability Host ${held.slice(held.lastIndexOf('/') + 1)} is currently in non creating, retry after its complete: ${held}`,
  )
