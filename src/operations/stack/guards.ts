import { projectNameIn } from '../../compose/project-name-tag.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { howToAllow, type Objection } from '../objection.ts'
import type { LockedGoing } from '../removal/locked-going.ts'
import { isLoss, losesData, named, withLoss } from '../removal/loss.ts'
import type { StackTarget } from '../stack-target.ts'

/** What the guards check. */
export interface Guarded {
  readonly changes: readonly Change[]
  /** The deployment stack as it is; undefined when there is none. */
  readonly stack:
    | { readonly resourceIds: readonly string[]; readonly tags: Readonly<Record<string, string>> }
    | undefined
  readonly target: Pick<StackTarget, 'factory' | 'tags' | 'texts' | 'objection'>
  readonly allowed: readonly Allowance[]
  /** Locks of others over what is to go. */
  readonly locked: readonly LockedGoing[]
}

/** The result of the guards. */
export interface Verdict {
  /** The changes, deletions first, each with what is lost by it. */
  readonly changes: readonly Change[]
  /** All that the guards object to, the first to fix first. */
  readonly objections: readonly Objection[]
  readonly warnings: readonly string[]
  /** Why these changes must not be applied. */
  readonly refusal: UserError | undefined
}

/** Checks what a deployment would do to what a stack manages, and refuses what must not happen by accident. */
export function guard(facts: Guarded): Verdict {
  const changes = facts.changes.map(withLoss)
  const objections = [
    facts.target.objection?.(facts.stack?.tags ?? {}, facts.allowed),
    loss(facts, changes),
    narrowed(facts, changes),
    ...locks(facts),
  ].filter((objection) => objection !== undefined)
  return {
    changes: [
      ...changes.filter(({ change }) => change === 'delete'),
      ...changes.filter(({ change }) => change !== 'delete').map((change) => withName(change, facts)),
    ],
    objections,
    warnings: objections.map(({ warning }) => warning),
    refusal: objections.find(({ refusal }) => refusal !== undefined)?.refusal,
  }
}

const formerName = ({ stack }: Guarded): string | undefined => projectNameIn(stack?.tags ?? {})

/** A deployment that changes nothing else still has to write down whose stack it is. */
function withName(change: Change, facts: Guarded): Change {
  const { stack, target } = facts
  const name = projectNameIn(target.tags)
  const isNamed = stack === undefined || formerName(facts) === name
  if (isNamed || change.kind !== 'deployment stack' || change.change !== 'keep') return change
  return { ...change, change: 'modify', reason: `Its tags do not name project '${name}' yet.` }
}

const labelOf = ({ kind, name }: Change): string => `${kind} '${name}'`

function loss(facts: Guarded, changes: readonly Change[]): Objection | undefined {
  const [gone, less] = [changes.filter(isLoss), changes.filter(losesData)]
  if (gone.length + less.length === 0) return undefined
  const { factory, texts } = facts.target
  const lost = [
    ...(gone.length === 0 ? [] : [`stateful resources: ${named(gone.map(labelOf))}`]),
    ...(less.length === 0 ? [] : [`data: ${named(less.map((one) => `${one.holds} (${labelOf(one)})`))}`]),
  ]
  const what = `${texts.title} would lose ${lost.join('; and ')}.`
  const isRenamed = looksRenamed(facts)
  const where = isRenamed ? factory.at('salt') : texts.where
  const why = isRenamed
    ? `Most resources of the ${texts.noun} would be deleted and created again under other names: this looks like a changed name, instance, salt or locationCode in factory.yml, which must stay as they were at the first delivery.`
    : gone.length > 0
      ? texts.whyUnwanted
      : 'The documents, or a default of this release where they say nothing, ask for less than there is.'
  if (facts.allowed.includes('deletion'))
    return { warning: `${what} That is allowed. ${why}`, refusal: undefined, where }
  return {
    where,
    warning: `${what} ${why} Mode apply refuses that unless the input 'allow' contains 'deletion'.`,
    refusal: new UserError({
      what,
      why,
      fix: `Nothing was changed. If it is to be kept, say so in the documents, or deliver the newest commit. If the data may be lost, allow it. ${howToAllow('deletion', texts.workflow)}`,
    }),
  }
}

/** Who reaches something no more. That is no loss of data, and often what is wanted: it is said, and not refused. */
function narrowed({ target }: Guarded, changes: readonly Change[]): Objection | undefined {
  const fewer = changes.flatMap((change) => {
    const { holds = '', properties = [] } = change
    const lost = properties.flatMap(({ loses = '' }) => (holds.includes(loses) ? [] : [loses]))
    return lost.length === 0 ? [] : [`${[...new Set(lost)].join(', ')} (${labelOf(change)})`]
  })
  if (fewer.length === 0) return undefined
  const { texts } = target
  const warning = `${texts.title} would lose ${named(fewer)}. Whoever relies on it has to do without.`
  return { warning, refusal: undefined, where: texts.where }
}

const locks = ({ locked, target }: Guarded): readonly Objection[] =>
  locked.map((one) => ({ ...lockedObjection(one, target.texts.document), where: target.texts.where }))

function lockedObjection({ lock, pieces }: LockedGoing, document: string): Omit<Objection, 'where'> {
  const list = named(pieces.map(({ type, name }) => `${type} '${name}'`))
  const what = `Lock '${lock.name}' (${lock.level}) on '${lastSegment(lock.scope)}' keeps what would go with this delivery: ${list}.`
  return {
    warning: `${what} Mode apply refuses that until the lock is removed.`,
    refusal: new UserError({
      what,
      why: 'Azure would refuse to delete it, after it has applied the rest of the delivery.',
      fix: `Nothing was changed. If it is to go, ask who has set the lock to remove it (az lock delete --ids ${lock.id}), then run again. If not, ask for it again in ${document}.`,
    }),
  }
}

/** Does more than half of what the stack has go, while the same types are created under other names? */
function looksRenamed({ changes, stack }: Guarded): boolean {
  const created = new Set(
    changes.filter(({ change }) => change === 'create').map(({ kind }) => kind.toLowerCase()),
  )
  const members = stack?.resourceIds ?? []
  const replaced = changes.filter(
    ({ change, kind, scope = '' }) =>
      change === 'delete' && created.has(kind.toLowerCase()) && members.some((id) => sameText(id, scope)),
  )
  return replaced.length > members.length / 2
}
