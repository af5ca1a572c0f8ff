import { enumeration } from '../../diagnostics/enumeration.ts'
import { printable } from '../../diagnostics/escape.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { table } from '../../plan/markdown.ts'
import type { Report } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import type { Operation, OperationContext } from '../operation.ts'
import { findStanding, type NewestSubject, type NewestTarget, type Standing } from './standing.ts'

/** What an operation is about to do to a project, or to the common area. */
export interface Concern {
  readonly target: NewestSubject
  /** Is something going to be changed, and not only shown? */
  readonly changing: boolean
}

/** The concern of an operation that changes something in mode `apply` only. */
export const whenApplied = (options: NewestTarget & { readonly mode: string }): Concern => ({
  target: options,
  changing: options.mode === 'apply',
})

/**
 * An operation that changes nothing when the default branch has newer documents of what it is about: a run that waited, or
 * that is run again, would undo what was merged since. It ends well, with a warning that says what differs. One that
 * changes nothing anyway only warns.
 * @param concernOf undefined when the operation is about neither a project nor the common area, or calls nothing
 */
export const newestOnly =
  <Options>(
    concernOf: (options: Options) => Concern | undefined,
    operation: Operation<Options>,
  ): Operation<Options> =>
  async (options, context) => {
    const concern = concernOf(options)
    if (concern === undefined) return operation(options, context)
    const { target, changing } = concern
    // GitHub is asked when the operation connects to Azure: one that fails before that asks nobody.
    if (!changing) {
      const warnings: string[] = []
      const mayGoOn = async () => {
        warnings.push(...(await warningsOf(target, context)))
      }
      return warnings.reduce(withWarning, await operation(options, { ...context, mayGoOn }))
    }
    const mayGoOn = () => refuseOlder(target, context)
    try {
      return await operation(options, { ...context, mayGoOn })
    } catch (error) {
      if (error instanceof OlderDocuments) return refused(target, error.standing, context)
      throw error
    }
  }

/** The default branch has newer documents, so the run ends, and that is no failure. */
class OlderDocuments extends Error {
  override readonly name = 'OlderDocuments'
  readonly standing: Older

  constructor(standing: Older) {
    super('The default branch has newer documents.')
    this.standing = standing
  }
}

/** @throws OlderDocuments, or UserError when GitHub does not say */
async function refuseOlder(target: NewestSubject, context: OperationContext): Promise<void> {
  const standing = await findStanding(target, context)
  if (standing.kind === 'older') throw new OlderDocuments(standing)
  logUnchecked(standing, target, context)
}

function logUnchecked(standing: Standing, { project }: NewestSubject, { info }: OperationContext): void {
  if (standing.kind !== 'unchecked') return
  info(`Not checked whether the default branch has newer documents of ${thisOne(project)}: ${standing.why}.`)
}

/** What whoever reads a plan should know; that GitHub does not say is no reason to show none. */
async function warningsOf(target: NewestSubject, context: OperationContext): Promise<readonly string[]> {
  try {
    const standing = await findStanding(target, context)
    if (standing.kind === 'older')
      return [`${sentence(target, standing)} A run that is to change something would change nothing.`]
    logUnchecked(standing, target, context)
    return []
  } catch (error) {
    if (error instanceof UserError) return [error.message]
    throw error
  }
}

const withWarning = (report: Report, warning: string): Report => ({
  ...report,
  ...(report.plan
    ? { plan: { ...report.plan, warnings: [...report.plan.warnings, warning] } }
    : { warnings: [...(report.warnings ?? []), warning] }),
  ...(report.summary !== undefined && {
    summary: fitting([report.summary.trimEnd(), `> ⚠️ ${printable(warning, mostCharacters)}`]),
  }),
})

type Older = Extract<Standing, { kind: 'older' }>

const mostCharacters = 1_000
const mostNamed = 5

function sentence({ project, environment }: NewestSubject, { since, changes }: Older): string {
  const paths = changes.map(({ path }) => printable(path))
  return `The documents of this run are older than the default branch's: since commit ${since.slice(0, 7)} it has changed ${enumeration(paths, mostNamed)} of ${nameOf(project)} in ${environment}.`
}

const nameOf = (project: string | undefined): string =>
  project === undefined ? 'the common area' : `project ${project}`

const thisOne = (project: string | undefined): string =>
  project === undefined ? 'this common area' : 'this project'

const howToGoOn = (project: string | undefined): string =>
  `Deliver ${nameOf(project)} from the default branch. To apply the documents of this run all the same, use the input "allow: older".`

function refused(target: NewestSubject, standing: Older, { action }: OperationContext): Report {
  const { project, environment } = target
  const title = `${project === undefined ? 'Common area' : `Project ${project}`} in ${environment}`
  const warning = `Nothing was changed. ${sentence(target, standing)} ${howToGoOn(project)}`
  const shown = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))
  const rows = standing.changes.map(({ path, before, after }) => [path, shown(before), shown(after)])
  return {
    outcome: 'refused',
    plan: {
      version: 1,
      action,
      ...(project !== undefined && { project }),
      environment,
      changes: [],
      warnings: [warning],
    },
    outputs: {},
    summary: fitting([
      `## ${title}: nothing was changed`,
      `The default branch has newer documents of ${thisOne(project)}.`,
      table(['Key', `Commit ${standing.since.slice(0, 7)}`, 'Default branch'], rows),
      howToGoOn(project),
    ]),
    notice: `${title}: nothing was changed, because the default branch has newer documents.`,
  }
}
