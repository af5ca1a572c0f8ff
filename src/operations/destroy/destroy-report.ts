import { table } from '../../plan/markdown.ts'
import { type Change, hasChanges, type Outcome, type Plan } from '../../plan/model.ts'
import { planReport, type Report } from '../../plan/report.ts'
import { countSentence } from '../../plan/summary.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import type { Left, Thing } from '../removal/left.ts'
import { pieceOf } from '../removal/piece.ts'

/** What was found and done. */
export interface Destroyed {
  readonly action: string
  /** E.g. `Project 001 (rag-chat) in dev: destroy`. */
  readonly title: string
  /** What the plan is of. */
  readonly subject: Pick<Plan, 'project' | 'environment'>
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
  readonly outcome: Outcome
  /** What is deleted by itself, and not together with something else. */
  readonly steps: readonly Thing[]
  /** What is left at the end of an apply. */
  readonly left: readonly Left[]
  /** Closes the notice of a plan: how to go on. */
  readonly next: string | undefined
}

/** Reports what goes, and at the end what is left and why. */
export function reportDestroy(destroyed: Destroyed): Report {
  const { action, title, subject, warnings, outcome, left, next } = destroyed
  const changes = outcome === 'planned' || outcome === 'refused' ? destroyed.changes : withLeft(destroyed)
  const plan: Plan = { version: 1, action, ...subject, changes, warnings }
  const report = planReport({
    title,
    plan,
    outcome,
    unchanged: 'Nothing to destroy.',
    // What could not be deleted is a row that stays.
    isExact: true,
    details: [leftTable(left), left.length === 0 ? stayingTable(destroyed.changes) : '']
      .filter(Boolean)
      .join('\n\n'),
    outputs: { left: JSON.stringify(left) },
  })
  return outcome === 'failed' ? report : { ...report, notice: noticeOf(title, plan, destroyed, next) }
}

/** What was to go and is left is kept, with the reason; so is what was to go with it. */
const withLeft = ({ changes, left, steps }: Destroyed): readonly Change[] =>
  changes.map((change): Change => {
    const hasStep = steps.some(({ kind, scope }) => sameText(kind, change.kind) && scope === change.scope)
    const still =
      left.find((one) => isSame(one, change)) ?? left.find((one) => !hasStep && isPartOf(change, one))
    return still === undefined || change.change === 'keep'
      ? change
      : { ...change, change: 'keep', reason: still.reason }
  })

/** Is a row a part of a resource that is left? */
const isPartOf = (change: Change, left: Left): boolean =>
  isResource(change) && isResource(left) && isWithin(change.scope ?? '', left.scope ?? '')

/** And not a role on one, or what Azure keeps of one. */
const isResource = ({ kind, scope = '' }: Thing): boolean => sameText(kind, pieceOf(scope).type)

const isSame = (left: Left, { kind, name, scope = '' }: Change): boolean =>
  sameText(left.kind, kind) && sameText(left.name, name) && sameText(left.scope ?? scope, scope)

function leftTable(left: readonly Left[]): string {
  if (left.length === 0) return ''
  const rows = left.map(({ kind, name, reason, fix }) => [kind, name, reason, fix])
  return `### What is left\n\n${table(['What', 'Name', 'Why', 'How to go on'], rows)}`
}

/** What a plan leaves, and why. */
function stayingTable(changes: readonly Change[]): string {
  const rows = changes
    .filter(({ change }) => change === 'keep')
    .map(({ kind, name, reason = '' }) => [kind, name, reason])
  return rows.length === 0 ? '' : `### What stays\n\n${table(['What', 'Name', 'Why'], rows)}`
}

function noticeOf(title: string, plan: Plan, { outcome, left }: Destroyed, next: string | undefined): string {
  const each = left.map(({ kind, name, reason }) => `${kind} '${name}' (${reason.replace(/\.$/, '')})`)
  const rest = each.length === 0 ? 'Nothing is left.' : `Left: ${each.join('; ')}.`
  if (!hasChanges(plan)) return `${title}: nothing to destroy. ${rest}`
  const counts = `${title}: ${countSentence(plan, outcome)}.`
  if (outcome === 'applied') return `${counts} ${rest}`
  return next === undefined ? counts : `${counts} ${next}`
}
