/** What `${name}` stands for in a case. */
export type Values = ReadonlyMap<string, unknown>

const whole = /^\$\{([\w.]+)\}$/
const anywhere = /\$\{([\w.]+)\}/g

/**
 * A case with every `${name}` replaced: alone it becomes the value as it is, within a text the value's text.
 * @throws Error when nobody gave such a value
 */
export function fill(data: unknown, values: Values): unknown {
  if (typeof data === 'string') return fillText(data, values)
  if (Array.isArray(data)) return data.map((item) => fill(item, values))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [fillInside(key, values), fill(value, values)]),
  )
}

function fillText(text: string, values: Values): unknown {
  const name = whole.exec(text)?.[1]
  return name === undefined ? fillInside(text, values) : saved(name, values)
}

const fillInside = (text: string, values: Values): string =>
  text.replaceAll(anywhere, (_, name: string) => String(saved(name, values)))

function saved(name: string, values: Values): unknown {
  if (!values.has(name)) throw new Error(`No earlier case saved '${name}'.`)
  return values.get(name)
}
