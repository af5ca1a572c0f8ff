import { many, takes } from '../arguments.ts'
import { isArray, isObject, type Json } from '../json.ts'
import { deterministicGuid, uniqueString } from '../unique-string.ts'
import { format } from './format.ts'

/** A value as `concat`, `string` and `format` write it. */
const asText = (value: Json): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

const dataUri = /^data:([^,;]*)(?:;charset=[^,;]*)?(;base64)?,(.*)$/s

/**
 * Functions for strings.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
 */
export const textFunctions = {
  base64: takes(1, undefined, (given) => Buffer.from(given.text(0), 'utf8').toString('base64')),
  base64toString: takes(1, undefined, (given) => Buffer.from(given.text(0), 'base64').toString('utf8')),
  base64toJson: takes(1, undefined, (given) =>
    JSON.parse(Buffer.from(given.text(0), 'base64').toString('utf8')),
  ),
  dataUri: takes(
    1,
    undefined,
    (given) => `data:text/plain;charset=utf8;base64,${Buffer.from(given.text(0)).toString('base64')}`,
  ),
  dataUriToString: takes(1, undefined, (given) => {
    const [, , base64, content] = dataUri.exec(given.text(0)) ?? []
    if (content === undefined) throw given.wrong('the argument is not a data URI')
    return base64 === undefined
      ? decodeURIComponent(content)
      : Buffer.from(content, 'base64').toString('utf8')
  }),
  endsWith: takes(2, undefined, (given) => given.text(0).toLowerCase().endsWith(given.text(1).toLowerCase())),
  startsWith: takes(2, undefined, (given) =>
    given.text(0).toLowerCase().startsWith(given.text(1).toLowerCase()),
  ),
  format: takes(2, many, (given) => format(given.text(0), given.values.slice(1))),
  guid: takes(1, many, (given) => deterministicGuid(given.texts())),
  uniqueString: takes(1, many, (given) => uniqueString(given.texts())),
  join: takes(2, undefined, (given) => given.list(0).map(asText).join(given.text(1))),
  newGuid: takes(0, undefined, (given, scope) => {
    if (scope.defaults === undefined)
      throw given.wrong('the function is allowed in default values of parameters only')
    return scope.defaults.uuid()
  }),
  padLeft: takes(2, 3, (given) =>
    asText(given.at(0)).padStart(given.integer(1), given.optionalText(2) ?? ' '),
  ),
  replace: takes(3, undefined, (given) => given.text(0).replaceAll(given.text(1), () => given.text(2))),
  split: takes(2, undefined, (given) => {
    const separators = given.at(1)
    const marks = isArray(separators) ? separators.map(asText) : [given.text(1)]
    return marks.reduce<string[]>((parts, mark) => parts.flatMap((part) => part.split(mark)), [given.text(0)])
  }),
  string: takes(1, undefined, (given) => asText(given.at(0))),
  substring: takes(2, 3, (given) => {
    const [text, start] = [given.text(0), given.integer(1)]
    const length = given.values[2] === undefined ? text.length - start : given.integer(2)
    if (start < 0 || length < 0 || start + length > text.length)
      throw given.wrong(
        'the index and length parameters must refer to a location within the string: ' +
          `the 'index' parameter is '${start}', the 'length' parameter is '${length}', the length of the string is '${text.length}'`,
      )
    return text.slice(start, start + length)
  }),
  toLower: takes(1, undefined, (given) => given.text(0).toLowerCase()),
  toUpper: takes(1, undefined, (given) => given.text(0).toUpperCase()),
  trim: takes(1, undefined, (given) => given.text(0).trim()),
  uri: takes(2, undefined, (given) => new URL(given.text(1), given.text(0)).href),
  uriComponent: takes(1, undefined, (given) => encodeURIComponent(given.text(0))),
  uriComponentToString: takes(1, undefined, (given) => decodeURIComponent(given.text(0))),
  json: takes(1, undefined, (given) => {
    try {
      return JSON.parse(given.text(0))
    } catch (error) {
      throw given.wrong(`the value is not valid JSON (${error instanceof Error ? error.message : 'unknown'})`)
    }
  }),
  indexOf: takes(2, undefined, (given) => {
    const where = given.at(0)
    if (isArray(where)) return where.indexOf(given.at(1))
    return given.text(0).toLowerCase().indexOf(given.text(1).toLowerCase())
  }),
  lastIndexOf: takes(2, undefined, (given) => {
    const where = given.at(0)
    if (isArray(where)) return where.lastIndexOf(given.at(1))
    return given.text(0).toLowerCase().lastIndexOf(given.text(1).toLowerCase())
  }),
  concat: takes(0, many, (given) => {
    if (given.values.length > 0 && given.values.every(isArray)) return given.values.flat()
    if (given.values.some((value) => isArray(value) || isObject(value)))
      throw given.wrong('the arguments must be all strings, or all arrays')
    return given.values.map(asText).join('')
  }),
}
