/** Periods of role schedules, as Graph and Azure Resource Manager both write them. */

const pattern = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; `undefined` when it is none. */
function millisecondsOf(duration: string): number | undefined {
  const match = pattern.exec(duration)
  if (match === null || duration === 'P' || duration.endsWith('T')) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

/** When a schedule ends. `never` for one that does not, `undefined` for an expiration that is none. */
export function endOf(
  start: Date,
  expiration: { readonly type?: unknown; readonly duration?: unknown; readonly endDateTime?: unknown },
): Date | 'never' | undefined {
  const { type, duration, endDateTime } = expiration
  switch (String(type ?? 'noExpiration').toLowerCase()) {
    case 'noexpiration':
      return 'never'
    case 'afterduration': {
      const length = typeof duration === 'string' ? millisecondsOf(duration) : undefined
      return length === undefined || length === 0 ? undefined : new Date(start.getTime() + length)
    }
    case 'afterdatetime': {
      const end = new Date(typeof endDateTime === 'string' ? endDateTime : Number.NaN)
      return Number.isNaN(end.getTime()) || end <= start ? undefined : end
    }
    default:
      return undefined
  }
}
