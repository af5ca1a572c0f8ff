import { escaped } from '../../diagnostics/escape.ts'
import type { Danger } from '../../setup/danger.ts'
import type { SetupChange } from '../../setup/setup-change.ts'
import { type CommandPlace, commandsFor } from '../../setup/setup-commands.ts'
import { describeChange, whoMay } from '../../setup/setup-texts.ts'

/** A change that was not made. */
export interface OpenChange {
  readonly change: SetupChange
  /** Whoever runs set-up lacks the right to it; Azure takes it from nobody; or something else has to be done first, by whoever may. */
  readonly kind: 'refused' | 'impossible' | 'waiting'
  /** The words of Azure or GitHub; or what it waits for. */
  readonly reason: string
}

const environmentOf = (change: SetupChange): string => {
  switch (change.kind) {
    case 'resourceGroup':
      return change.group.environment
    case 'githubEnvironment':
      return change.environment.environment
    case 'roleDefinition':
      return change.definition.environment
    case 'formerRoleDefinition':
      return change.role.environment
    case 'owner':
    case 'formerOwner':
      return change.group.environment
    case 'manifest':
      return 'factory.yml'
    default:
      return change.identity.environment
  }
}

/** What is to be done, by environment. */
export function changeLines(changes: readonly SetupChange[]): readonly string[] {
  const groups = Map.groupBy(changes, environmentOf)
  const lines = [...groups].flatMap(([environment, all]) => [
    '',
    environment,
    ...all.map((change) => `  - ${describeChange(change)}`),
  ])
  const isNew = changes.some(({ kind }) => kind === 'application')
  return isNew
    ? [...lines, '', 'factory.yml', '  - Write the ids of the new applications into factory.yml']
    : lines
}

/** What somebody should know. */
export const noteLines = (notes: readonly string[]): readonly string[] =>
  notes.flatMap((note) => ['', `Note: ${escaped(note)}`])

/** What somebody should look at. */
export const dangerLines = (dangers: readonly Danger[]): readonly string[] =>
  dangers.flatMap(({ severity, what, fix }) => [
    '',
    `${severity === 'fault' ? 'Fault' : 'Warning'}: ${escaped(what)}`,
    `  ${fix}`,
  ])

/** What is left: what somebody else has to do, with the commands, by who may; and what can be done only after that. */
export const openLines = (open: readonly OpenChange[], place: CommandPlace): readonly string[] => [
  ...refusedLines(
    open.filter(({ kind }) => kind === 'refused'),
    place,
  ),
  ...impossibleLines(open.filter(({ kind }) => kind === 'impossible')),
  ...waitingLines(open.filter(({ kind }) => kind === 'waiting')),
]

function refusedLines(refused: readonly OpenChange[], place: CommandPlace): readonly string[] {
  if (refused.length === 0) return []
  const groups = Map.groupBy(refused, ({ change }) => whoMay(change))
  return [
    '',
    `You lack the right to ${refused.length === 1 ? 'one of these changes' : `${refused.length} of these changes`}. Whoever has it runs the commands (bash, signed in with az login and gh auth login); then run set-up again.`,
    ...[...groups].flatMap(([who, all]) => [
      '',
      `# For ${who}:`,
      ...all.flatMap(({ change, reason }) => [
        `# ${describeChange(change)}`,
        `#   refused: ${escaped(reason)}`,
        ...commandsFor(change, place),
      ]),
    ]),
  ]
}

const impossibleLines = (impossible: readonly OpenChange[]): readonly string[] =>
  impossible.length === 0
    ? []
    : [
        '',
        `Azure takes ${impossible.length === 1 ? 'one of these changes' : `${impossible.length} of these changes`} from nobody as things are. Deliveries assign several roles of Azure instead of one for each principal; where that is to stay so, say 'roles: builtin' in factory.yml.`,
        ...impossible.flatMap(({ change, reason }) => [
          `  - ${describeChange(change)}`,
          `      ${escaped(reason)}`,
        ]),
      ]

const waitingLines = (waiting: readonly OpenChange[]): readonly string[] =>
  waiting.length === 0
    ? []
    : [
        '',
        `${waiting.length === 1 ? 'One change waits' : `${waiting.length} changes wait`} for another one. Run set-up again once that is done:`,
        ...waiting.flatMap(({ change, reason }) => [
          `  - ${describeChange(change)}`,
          `      ${escaped(reason)}`,
        ]),
      ]

/** Entra makes whoever registers an application its owner, who could add a secret to it at any time. */
export const ownerLines = (clientIds: readonly string[], self: string | undefined): readonly string[] =>
  clientIds.length === 0 || self === undefined
    ? []
    : [
        '',
        `You own ${clientIds.length === 1 ? 'one of the applications' : `${clientIds.length} of the applications`}, and could add secrets with which you sign in as them. When set-up is complete, give that up (later changes of their credentials then take an Application Administrator):`,
        `  for id in ${clientIds.join(' ')}; do az ad app owner remove --id "$id" --owner-object-id ${self}; done`,
      ]
