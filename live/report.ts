import type { Difference, DifferenceKind } from './compare.ts'
import { differencesOf } from './compare.ts'
import type { LiveRun } from './run.ts'
import type { RanStep } from './run-step.ts'
import { endOf } from './steps.ts'

/** One step on both sides. */
export interface ComparedStep {
  readonly title: string
  readonly ended: { readonly azure: string; readonly sandbox: string }
  /** How many requests were compared. */
  readonly requests: number
  readonly differences: readonly Difference[]
}

/** What is sent in: nothing in it says whose Azure it was. */
export interface LiveReport {
  readonly version: 1
  readonly of: string
  readonly location: string
  readonly accessMode: string
  readonly cloud: string
  readonly steps: readonly ComparedStep[]
  /** Steps that did not run, and why. */
  readonly notRun: readonly string[]
}

const titleOf = ({ step }: RanStep): string =>
  `${step.does} (${step.action} ${step.with['mode']}${step.with['target'] === undefined ? '' : `, target ${step.with['target']}`})`

const endIn = (ran: RanStep | undefined): string => (ran === undefined ? 'not run' : endOf(ran))

/** The steps of both sides, next to each other. What only one side has done is compared with nothing. */
export function compareRuns(azure: LiveRun, sandbox: LiveRun): readonly ComparedStep[] {
  const finished = azure.steps.length === sandbox.steps.length
  const pairs = [
    ...azure.steps.map((ran, index) => [ran, sandbox.steps[index]] as const),
    // After an early end there is less to remove than on the sandbox, and nothing to compare.
    ...(finished ? azure.cleanUp.map((ran, index) => [ran, sandbox.cleanUp[index]] as const) : []),
  ]
  return pairs.map(([one, other]) => ({
    title: titleOf(one),
    ended: { azure: endIn(one), sandbox: endIn(other) },
    requests: one.recording.exchanges.length,
    differences: other === undefined ? [] : differencesOf(one.recording, other.recording),
  }))
}

const headings: Readonly<Record<DifferenceKind, string>> = {
  outcome: 'Outcome and plan',
  call: 'Asked on one side only',
  status: 'Status',
  code: 'Code of the error',
  'what-if': 'What-if',
  shape: 'Form of the answer',
  order: 'Order of changes',
}

/** More of one kind is not read by anybody; the JSON has all. */
const mostLines = 40

const cell = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``

const lines = (side: string, items: readonly string[]): readonly string[] =>
  items.length === 0
    ? []
    : [
        `  - only on ${side}: ${items.slice(0, mostLines).map(cell).join(', ')}${items.length > mostLines ? ` and ${items.length - mostLines} more` : ''}`,
      ]

const differenceLines = ({ what, azure, sandbox }: Difference): readonly string[] => [
  `- ${cell(what)}`,
  ...lines('Azure', azure),
  ...lines('the sandbox', sandbox),
]

function stepLines({ title, ended, requests, differences }: ComparedStep): readonly string[] {
  const groups = Map.groupBy(differences, ({ kind }) => kind)
  return [
    `## ${title}`,
    '',
    `Azure: ${ended.azure}. The sandbox: ${ended.sandbox}. ${requests} requests were compared${differences.length === 0 ? ', and nothing differs.' : '.'}`,
    '',
    ...[...groups].flatMap(([kind, same]) => [
      `### ${headings[kind]}`,
      '',
      ...same.slice(0, mostLines).flatMap(differenceLines),
      ...(same.length > mostLines ? [`- and ${same.length - mostLines} more`] : []),
      '',
    ]),
  ]
}

/** How many differences there are of each kind. */
export const countDifferences = (steps: readonly ComparedStep[]): number =>
  steps.reduce((sum, { differences }) => sum + differences.length, 0)

/** The report as people read it: Markdown. */
export function markdownOf({ of, location, accessMode, cloud, steps, notRun }: LiveReport): string {
  const count = countDifferences(steps)
  return [
    '# A live run: Azure and the sandbox, step by step',
    '',
    `${of}, in ${cloud}, ${location}, access mode ${accessMode}. ${count === 0 ? 'Nothing differs.' : `${count} differences.`}`,
    '',
    'Subscriptions, tenants, people, addresses and made-up ids are the same everywhere in here (`{id}`, `{person}`, `{address}`). Of answers only the form',
    'is kept, of errors only the code: no values, no texts, no tokens. Names of resources are those of the live run, which begins its own with `live`.',
    '',
    ...notRun.map((line) => `- ${line}`),
    ...(notRun.length === 0 ? [] : ['']),
    ...steps.flatMap(stepLines),
  ].join('\n')
}
