import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { resourceGroupIdOf, sameText, subscriptionOf } from '../../resource-id.ts'
import type { Left, Removal } from './left.ts'
import { partsAt } from './parts.ts'
import { apiVersionOf, lossOf, type Piece } from './piece.ts'
import { readSoftDeleted } from './soft-deleted.ts'

/** A resource that leaves more than its own place when a stack deletes it, and what has to go before it. */
export interface Retirement {
  readonly piece: Piece
  /** In the order in which they have to go. */
  readonly parts: readonly Piece[]
}

/** What the deletions of a retirement take. */
export interface RetirementClients {
  readonly resources: Resources
  readonly session: Pick<Session, 'progress' | 'sleep'>
}

/**
 * Those resources that something has to be done for before their stack deletes them: their parts go first, or they are to
 * be purged. What there is of parts is read from Azure: others may have made some.
 * @param purge is what Azure keeps softly to be given up?
 */
export async function retirementsOf(
  pieces: readonly Piece[],
  purge: boolean,
  resources: Resources,
): Promise<readonly Retirement[]> {
  const concerned = pieces.filter((piece) => {
    const loss = lossOf(piece)
    return loss?.partsFirst !== undefined || (purge && loss?.softDelete?.purge !== undefined)
  })
  return Promise.all(
    concerned.map(async (piece) => {
      const collections = lossOf(piece)?.partsFirst ?? []
      const parts = await Promise.all(collections.map((path) => partsAt(piece, path, resources)))
      return { piece, parts: parts.flat() }
    }),
  )
}

/** The deletions of a retirement: the parts, the resource itself, and what is kept of it where that is to be given up. */
export function retirementRemovals(
  { piece, parts }: Retirement,
  purge: boolean,
  clients: RetirementClients,
): readonly Removal[] {
  const how = purge ? lossOf(piece)?.softDelete?.purge : undefined
  const query: Record<string, string> = how === 'forceToPurge' ? { forceToPurge: 'true' } : {}
  return [
    ...parts.map((part) => deletion(part, {}, clients)),
    deletion(piece, query, clients),
    ...(how === 'again' ? [purging(piece, clients)] : []),
  ]
}

const deletion = (
  piece: Piece,
  query: Readonly<Record<string, string>>,
  { resources }: RetirementClients,
): Removal => ({
  step: `Delete ${piece.type} ${piece.name}`,
  doomed: { kind: piece.type, name: piece.name, scope: piece.id },
  apply: async () => {
    await resources.remove(piece.id, apiVersionOf(piece.type), query)
    return []
  },
})

/** A deleted account is listed as such some seconds later. */
const mostLooks = 10

/** Gives up what Azure keeps of a deleted resource. */
export const purging = ({ id, type, name }: Piece, { resources, session }: RetirementClients): Removal => {
  const doomed = { kind: `softly deleted ${type}`, name, scope: id }
  return {
    step: `Purge ${type} ${name}`,
    doomed,
    apply: async (): Promise<readonly Left[]> => {
      for (let look = 1; look <= mostLooks; look += 1) {
        const all = await readSoftDeleted(subscriptionOf(id), resourceGroupIdOf(id), resources)
        const deleted = all.find((one) => sameText(one.piece.name, name) && sameText(one.piece.type, type))
        if (deleted !== undefined) {
          await resources.remove(deleted.deletedId, apiVersionOf(deleted.piece.type))
          return []
        }
        session.progress(`Azure does not list ${name} as deleted yet`)
        await session.sleep(5_000)
      }
      const reason = 'Azure does not list it as deleted: another run has purged it, or it is listed later.'
      return [{ ...doomed, why: 'azure', reason, fix: 'Run again in some minutes to be sure.' }]
    },
  }
}
