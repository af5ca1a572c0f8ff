import { takes } from '../arguments.ts'

const durationPattern =
  /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const two = (value: number): string => String(value).padStart(2, '0')

const parts: readonly (readonly [string, (date: Date) => string])[] = [
  ['yyyy', (date) => String(date.getUTCFullYear())],
  ['yy', (date) => String(date.getUTCFullYear()).slice(-2)],
  ['MM', (date) => two(date.getUTCMonth() + 1)],
  ['dd', (date) => two(date.getUTCDate())],
  ['HH', (date) => two(date.getUTCHours())],
  ['mm', (date) => two(date.getUTCMinutes())],
  ['ss', (date) => two(date.getUTCSeconds())],
  ['fff', (date) => String(date.getUTCMilliseconds()).padStart(3, '0')],
  ['M', (date) => String(date.getUTCMonth() + 1)],
  ['d', (date) => String(date.getUTCDate())],
  ['H', (date) => String(date.getUTCHours())],
]
const styles = new Map(parts)
const marks = new RegExp(parts.map(([mark]) => mark).join('|'), 'g')

function written(date: Date, style: string | undefined): string {
  if (style === 'u') return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`
  return date.toISOString().length > 0 && style !== undefined
    ? style.replace(marks, (mark) => styles.get(mark)?.(date) ?? mark)
    : date.toISOString().replace(/[-:]|\.\d+/g, '')
}

function moved(date: Date, match: RegExpExecArray): Date {
  const sign = match[1] === '-' ? -1 : 1
  const amount = (index: number): number => sign * Number(match[index] ?? 0)
  const result = new Date(date)
  result.setUTCFullYear(result.getUTCFullYear() + amount(2), result.getUTCMonth() + amount(3))
  const seconds = (amount(4) * 7 + amount(5)) * 86_400 + amount(6) * 3_600 + amount(7) * 60 + amount(8)
  return new Date(result.getTime() + seconds * 1_000)
}

/**
 * Functions for dates.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date
 */
export const dateFunctions = {
  utcNow: takes(0, 1, (given, scope) => {
    if (scope.defaults === undefined)
      throw given.wrong('the function is allowed in default values of parameters only')
    return written(scope.defaults.now, given.optionalText(0))
  }),
  dateTimeAdd: takes(2, 3, (given) => {
    const date = new Date(given.text(0))
    const match = durationPattern.exec(given.text(1))
    if (Number.isNaN(date.getTime())) throw given.wrong(`'${given.text(0)}' is not a date and time`)
    if (match === null) throw given.wrong(`'${given.text(1)}' is not a duration`)
    return written(moved(date, match), given.optionalText(2) ?? 'yyyy-MM-ddTHH:mm:ssZ')
  }),
  dateTimeToEpoch: takes(1, undefined, (given) => Math.floor(Date.parse(given.text(0)) / 1_000)),
  dateTimeFromEpoch: takes(
    1,
    undefined,
    (given) => `${new Date(given.integer(0) * 1_000).toISOString().slice(0, 19)}Z`,
  ),
}
