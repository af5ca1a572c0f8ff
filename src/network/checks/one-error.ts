import { UserError, type UserErrorParts } from '../../diagnostics/user-error.ts'

const mostTold = 10

/** Several faults as one error, each told whole; one alone stays as it is. There is at least one. */
export function oneError(faults: readonly UserErrorParts[], title: string): UserError {
  const [first, ...others] = faults
  if (first === undefined) throw new RangeError('There is no fault to report.')
  if (others.length === 0) return new UserError(first)
  const told = faults
    .slice(0, mostTold)
    .map((fault, index) => `(${index + 1}) ${new UserError(fault).message}`)
  const rest = faults.length - told.length
  const where = faults.find((fault) => fault.where !== undefined)?.where
  return new UserError({
    what: `${title} ${faults.length} faults:`,
    ...(where === undefined ? {} : { where }),
    why: [...told, ...(rest > 0 ? [`And ${rest} more.`] : [])].join(' '),
  })
}
