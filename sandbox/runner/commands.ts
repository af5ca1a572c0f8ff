/** One line that an action wrote to its log. */
export type LogLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group' | 'endgroup' | 'debug' | 'mask'; readonly text: string }
  | {
      readonly kind: 'error' | 'warning' | 'notice'
      readonly text: string
      readonly properties: Readonly<Record<string, string>>
    }

const decodeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')

const decodeProperty = (text: string): string =>
  decodeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))

function properties(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at).trim(), decodeProperty(pair.slice(at + 1))] as const
  })
  return Object.fromEntries(pairs.filter(([name]) => name !== ''))
}

/**
 * Reads one line of an action's output as the runner does.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function parseLine(line: string): LogLine {
  const [, command, parameters = '', data = ''] = /^\s*::([a-z-]+)(?:\s+([^:]*?))?::(.*)$/.exec(line) ?? []
  switch (command) {
    case 'error':
    case 'warning':
    case 'notice':
      return { kind: command, text: decodeData(data), properties: properties(parameters) }
    case 'group':
    case 'endgroup':
    case 'debug':
      return { kind: command, text: decodeData(data) }
    case 'add-mask':
      return { kind: 'mask', text: decodeData(data) }
    default:
      return { kind: 'text', text: line }
  }
}

/**
 * Reads a GITHUB_OUTPUT file: `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. Line ends may be those of Windows.
 * @throws Error for a line that is neither, as the runner fails the step
 */
export function parseOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: [string, string][] = []
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? []
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter, index + 1)
      if (end < 0) throw new Error(`Output '${name}' has no closing delimiter.`)
      outputs.push([name, lines.slice(index + 1, end).join('\n')])
      index = end
    } else if (line.includes('=')) {
      outputs.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    } else if (line !== '') {
      throw new Error(`Invalid output: '${line}'.`)
    }
  }
  return Object.fromEntries(outputs)
}
