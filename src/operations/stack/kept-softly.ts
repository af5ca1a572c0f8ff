import { hasCode, readFailure } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { statefulType } from '../../catalog/stateful-types.ts'
import { recovering } from '../../compose/recovering.ts'
import { templateBodies } from '../../compose/template-summary.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import { apiVersionOf, type Piece, pieceOf } from '../removal/piece.ts'
import { blockedName, fateOf, isKeptUnlisted, listDeletions } from '../removal/soft-deleted.ts'

/** A deleted resource that Azure still keeps, and whose name a template needs. */
export interface Kept {
  readonly piece: Piece
  /** Its id as a deleted resource; undefined when its service does not list it. */
  readonly deletedId: string | undefined
  /** When Azure gives it up by itself; empty when Azure does not say. */
  readonly until: string
  /** `recover`: it comes back with the deployment. `purge`: it is given up before. */
  readonly becomes: 'recover' | 'purge'
}

/** Codes with which services refuse a name that a deleted resource still has, or may have. */
const codes = ['ConflictError', 'FlagMustBeSetForRestore', 'CustomDomainInUse', 'VaultAlreadyExists']

/** Was a template refused because Azure keeps a deleted resource of a name in it? */
export const isKeptConflict = (error: unknown): boolean =>
  hasCode(error, ...codes) || readFailure(error).details.some(isKeptWorkspace)

/** Machine Learning has no code for it. */
export const isKeptWorkspace = ({ message }: { readonly message: string }): boolean =>
  /soft-?deleted workspace exists/i.test(message)

/**
 * Finds what Azure keeps of the names that a template needs, and decides what becomes of each.
 * @throws UserError when one neither comes back nor may be given up
 */
export async function findKept(
  { template }: StackRequest,
  subscriptionId: string,
  { resources, purge }: { readonly resources: Resources; readonly purge: boolean },
): Promise<readonly Kept[]> {
  const bodies = [...templateBodies(template, subscriptionId)]
  const wanted = bodies.map(([id, body]) => ({ ...pieceOf(id), location: String(body['location'] ?? '') }))
  const types = [...new Set(wanted.map(({ type }) => type))]
  const listed = await Promise.all(
    types.map(async (type) => ({ type, all: await listDeletions(subscriptionId, type, resources) })),
  )
  const found = wanted.flatMap((one): readonly Kept[] => {
    const deleted = listed
      .find(({ type }) => type === one.type)
      ?.all.find(({ name }) => sameText(name, one.name))
    if (deleted === undefined) return []
    const becomes = fateOf(deleted, one, purge)
    if (becomes === 'block') throw new UserError(blockedName(deleted, one))
    const { deletedId, until } = deleted
    const piece = { id: one.id, type: one.type, name: deleted.name }
    return [{ piece, deletedId, until: until.slice(0, 10), becomes }]
  })
  return [...found, ...(purge ? await unlisted(wanted, resources) : [])]
}

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
