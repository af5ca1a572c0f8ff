const daysIn = { D: 1, W: 7, M: 30, Y: 365 } as const

/** Days of an ISO 8601 duration of days, weeks, months or years, such as `P180D`. */
export function daysOf(duration: string): number {
  const [, count = '', unit = ''] = /^P(\d+)([DWMY])$/.exec(duration) ?? []
  const known = unit === 'D' || unit === 'W' || unit === 'M' || unit === 'Y' ? daysIn[unit] : undefined
  if (known === undefined) throw new Error(`'${duration}' is no duration that the schema allows.`)
  return Number(count) * known
}
