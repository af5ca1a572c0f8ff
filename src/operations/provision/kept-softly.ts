import { hasCode, readFailure } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { statefulType } from '../../catalog/stateful-types.ts'
import { recovering } from '../../compose/recovering.ts'
import { templateBodies } from '../../compose/template-summary.ts'
import type { Change } from '../../plan/model.ts'
import { resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import { apiVersionOf, type Piece, pieceOf } from '../removal/piece.ts'
import { isKeptUnlisted, readSoftDeleted } from '../removal/soft-deleted.ts'

/** A deleted resource that Azure still keeps, and whose name the project needs. */
export interface Kept {
  readonly piece: Piece
  /** Its id as a deleted resource; undefined when its service does not list it. */
  readonly deletedId: string | undefined
  /** When Azure gives it up by itself; empty when Azure does not say. */
  readonly until: string
  /** `recover`: it comes back with the deployment. `purge`: it is given up before. */
  readonly becomes: 'recover' | 'purge'
}

const codes = ['ConflictError', 'FlagMustBeSetForRestore']

/** Was a template refused because Azure keeps a deleted resource of a name in it? */
export const isKeptConflict = (error: unknown): boolean =>
  hasCode(error, ...codes) ||
  readFailure(error).details.some(({ message }) => /soft-?deleted workspace exists/i.test(message))

/** Finds what Azure keeps of the names that a template needs, and decides what becomes of each. */
export async function findKept(
  { template }: StackRequest,
  subscriptionId: string,
  { resources, purge }: { readonly resources: Resources; readonly purge: boolean },
): Promise<readonly Kept[]> {
  const wanted = [...templateBodies(template, subscriptionId).keys()].map(pieceOf)
  const groups = [...new Set(wanted.map(({ id }) => resourceGroupIdOf(id)))].filter(isGroup)
  const listed = (
    await Promise.all(groups.map((group) => readSoftDeleted(subscriptionId, group, resources)))
  ).flat()
  const found = listed.flatMap(({ deletedId, piece, until }): readonly Kept[] => {
    const kept = statefulType(piece.type)?.softDelete
    if (!wanted.some((one) => sameText(one.id, piece.id))) return []
    const becomes = purge && kept?.purge !== undefined ? 'purge' : 'recover'
    return [{ piece, deletedId, until: until.slice(0, 10), becomes }]
  })
  return [...found, ...(purge ? await unlisted(wanted, resources) : [])]
}

const isGroup = (id: string): boolean => /\/resourceGroups\/[^/]+$/i.test(id)

/** What is not there, and may be kept by a service that does not list what it keeps. */
async function unlisted(wanted: readonly Piece[], resources: Resources): Promise<readonly Kept[]> {
  const candidates = wanted.filter(({ type }) => isKeptUnlisted(type))
  const read = await Promise.all(
    candidates.map(async (piece) => ({
      piece,
      isThere: (await resources.read(piece.id, apiVersionOf(piece.type))) !== undefined,
    })),
  )
  return read.flatMap(({ piece, isThere }): readonly Kept[] =>
    isThere ? [] : [{ piece, deletedId: undefined, until: '', becomes: 'purge' }],
  )
}

/** The request with which what is recovered comes back. What is purged before is created. */
export const withRecovery = (request: StackRequest, kept: readonly Kept[]): StackRequest => ({
  ...request,
  template: recovering(request.template, (type, name) =>
    kept.some(({ piece }) => sameText(piece.type, type) && sameText(piece.name, name))
      ? statefulType(type)?.softDelete?.recovery
      : undefined,
  ),
})

/** What the log and the plan say of it. */
export function keptSentence({ piece, deletedId, until, becomes }: Kept): string {
  if (deletedId === undefined)
    return `Azure may keep a deleted ${piece.type} '${piece.name}', which it does not list: it is purged first, and cannot be recovered after that.`
  const kept = `Azure keeps the deleted ${piece.type} '${piece.name}'${until === '' ? '' : ` until ${until}`}`
  return becomes === 'purge'
    ? `${kept}: it is purged first, and cannot be recovered after that.`
    : `${kept}: it is recovered, with what was in it.`
}

/** The changes, with what becomes of what Azure keeps. */
export const withKept = (changes: readonly Change[], kept: readonly Kept[]): readonly Change[] =>
  changes.map((change) => {
    const found = kept.find(
      ({ piece }) => sameText(piece.type, change.kind) && sameText(piece.name, change.name),
    )
    if (found === undefined || change.change !== 'create') return change
    return { ...change, reason: [keptSentence(found), change.reason].filter(Boolean).join(' ') }
  })

/** The steps that purge what is not to come back, before the deployment. */
export const purgeSteps = (kept: readonly Kept[], resources: Resources): readonly Step[] =>
  kept
    .filter(({ becomes }) => becomes === 'purge')
    .map(({ piece, deletedId }) => ({
      name: `Purge the deleted ${piece.type} ${piece.name}`,
      apply: () =>
        deletedId === undefined
          ? resources.remove(piece.id, apiVersionOf(piece.type), { forceToPurge: 'true' })
          : resources.remove(deletedId, apiVersionOf(piece.type)),
    }))
