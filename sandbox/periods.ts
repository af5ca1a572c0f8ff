/** Lengths of time as Graph and Azure Resource Manager both write them. */

const pattern = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const seconds = [7 * 86_400, 86_400, 3_600, 60, 1]

/** Seconds of an ISO 8601 duration without months and years; `undefined` when it is none. */
export function secondsOf(duration: string): number | undefined {
  const match = pattern.exec(duration)
  if (match === null) return undefined
  return seconds.reduce((all, factor, index) => all + factor * Number(match[index + 1] ?? 0), 0)
}

/** When the schedule of a role ends. `never` for one that does not, `undefined` for an expiration that is none. */
export function endOf(
  start: Date,
  expiration: { readonly type?: unknown; readonly duration?: unknown; readonly endDateTime?: unknown },
): Date | 'never' | undefined {
  const { type, duration, endDateTime } = expiration
  switch (String(type ?? 'noExpiration').toLowerCase()) {
    case 'noexpiration':
      return 'never'
    case 'afterduration': {
      // A schedule counts no weeks.
      const isCounted = typeof duration === 'string' && !duration.includes('W')
      const length = isCounted ? (secondsOf(duration) ?? 0) : 0
      return length === 0 ? undefined : new Date(start.getTime() + length * 1_000)
    }
    case 'afterdatetime': {
      const end = new Date(typeof endDateTime === 'string' ? endDateTime : Number.NaN)
      return Number.isNaN(end.getTime()) || end <= start ? undefined : end
    }
    default:
      return undefined
  }
}
