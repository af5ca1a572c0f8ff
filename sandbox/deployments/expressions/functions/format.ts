import { ExpressionError } from '../errors.ts'
import type { Json } from '../json.ts'

const hole = /\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^}]*))?\}/g

/** One value in the composite formatting of .NET, as far as templates use it: numbers, `N0`, `D3`, `X`. */
function written(value: Json, style: string | undefined): string {
  if (typeof value === 'number' && style) return number(value, style)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function number(value: number, style: string): string {
  const [, kind, digits] = /^([A-Za-z])(\d*)$/.exec(style) ?? []
  const width = digits === '' || digits === undefined ? undefined : Number(digits)
  switch (kind?.toUpperCase()) {
    case 'D':
      return `${value < 0 ? '-' : ''}${Math.abs(value)
        .toString()
        .padStart(width ?? 0, '0')}`
    case 'X':
      return (kind === 'X' ? value.toString(16).toUpperCase() : value.toString(16)).padStart(width ?? 0, '0')
    case 'N':
      return value.toLocaleString('en-US', {
        minimumFractionDigits: width ?? 2,
        maximumFractionDigits: width ?? 2,
      })
    case 'F':
      return value.toFixed(width ?? 2)
    default:
      if (/^0+$/.test(style)) return value.toString().padStart(style.length, '0')
      throw new ExpressionError(
        `The format '${style}' of the template language function 'format' is not valid.`,
      )
  }
}

/** The template function `format`. */
export function format(pattern: string, values: readonly Json[]): string {
  return pattern.replace(hole, (whole: string, index?: string, width?: string, style?: string) => {
    if (whole === '{{') return '{'
    if (whole === '}}') return '}'
    const value = values[Number(index)]
    if (value === undefined)
      throw new ExpressionError(
        "Unable to evaluate the template language function 'format': Index (zero based) must be greater than or equal to zero and less than the size of the argument list.",
      )
    const text = written(value, style)
    const room = Number(width ?? 0)
    return room < 0 ? text.padEnd(-room) : text.padStart(room)
  })
}
