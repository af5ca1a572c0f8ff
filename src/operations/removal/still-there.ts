import { unlessForbidden } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import { knownVersionOf, pieceOf } from './piece.ts'

/**
 * Of what a stack manages and is to delete, what is there. A stack goes on listing what somebody has deleted. Each is asked
 * for, since the list of a resource group lags behind, and one left out by mistake would go without a word: what may not be
 * read, or has a type that is not known, counts as there.
 */
export async function stillThere(
  ids: readonly string[],
  resources: Pick<Resources, 'read'>,
): Promise<readonly string[]> {
  const found = await Promise.all(ids.map((id) => isThere(id, resources)))
  return ids.filter((_, index) => found[index])
}

async function isThere(id: string, { read }: Pick<Resources, 'read'>): Promise<boolean> {
  const version = knownVersionOf(pieceOf(id).type)
  return version === undefined || unlessForbidden(async () => (await read(id, version)) !== undefined, true)
}
