import { parseArgs } from 'node:util'
import type { Beginning } from './beginning.ts'

/** What `npm start` is asked for. */
export interface CommandLine {
  readonly beginning: Beginning
  /** The file with the issue, as it was named; undefined for the example. */
  readonly named: string | undefined
  /** The command that asks the same again. */
  readonly command: string
}

const quotedIfNeeded = (text: string): string => (/\s/.test(text) ? `"${text}"` : text)

/** @throws Error that says what makes no sense */
export function readCommandLine(parameters: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: { from: { type: 'string' } },
  })
  const [named, ...others] = positionals
  if (others.length > 0)
    throw new Error(`One request at a time, found ${positionals.length}: npm start -- ISSUE.md`)
  const { from = 'subscriptions' } = values
  if (from !== 'subscriptions' && from !== 'project')
    throw new Error(`--from is subscriptions (default) or project, found ${JSON.stringify(from)}.`)
  const shown = [
    ...(from === 'project' ? ['--from project'] : []),
    ...(named === undefined ? [] : [quotedIfNeeded(named)]),
  ]
  return {
    beginning: from,
    named,
    command: ['npm start', ...(shown.length === 0 ? [] : ['--', ...shown])].join(' '),
  }
}
