import { z } from 'zod'
import { openGraph } from '../src/azure/graph.ts'
import type { Session } from '../src/azure/session.ts'

const listed = z.object({ id: z.string() })

/**
 * Deletes the groups of these names that this person owns: those of the core team and of the lake, which the destroy of a
 * common area leaves.
 */
export async function removeGroups(
  session: Session,
  names: readonly string[],
  ownerId: string,
): Promise<void> {
  const graph = await openGraph(session)
  for (const name of names) {
    const filter = encodeURIComponent(`mailNickname eq '${name.replaceAll("'", "''")}'`)
    for (const { id } of await graph.list(`/groups?$filter=${filter}&$select=id`, listed)) {
      const owners = await graph.list(`/groups/${id}/owners?$select=id`, listed)
      const isOwn = owners.length > 0 && owners.every((owner) => owner.id === ownerId)
      if (isOwn) await graph.write({ method: 'DELETE', path: `/groups/${id}` })
    }
  }
}
