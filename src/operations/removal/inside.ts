import type { Resources } from '../../azure/resources.ts'
import { insideOf } from '../../catalog/stateful-types.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import { partsAt } from './parts.ts'
import { type Piece, pieceRow, rootOf } from './piece.ts'

/** What goes with resources besides themselves. */
export interface Inside {
  readonly changes: readonly Change[]
  /** What could not be looked at. */
  readonly unseen: readonly string[]
}

/**
 * What people, or services at work for them, have made inside resources that go: databases, containers, model deployments. It
 * is in no manifest, so nothing brings it back.
 * @param going all that goes, with those parts that are known to
 */
export async function readInside(going: readonly Piece[], resources: Resources): Promise<Inside> {
  const outermost = going.filter(
    ({ id }) => !going.some((other) => !sameText(other.id, id) && isWithin(id, other.id)),
  )
  const found = await Promise.all(outermost.map((piece) => lookInto(piece, resources)))
  return {
    changes: found
      .flatMap(({ changes }) => changes)
      .filter(({ scope = '' }) => !going.some(({ id }) => sameText(id, scope))),
    unseen: found.flatMap(({ unseen }) => unseen),
  }
}

/** In the collections of a resource, and in those of their members. */
async function lookInto(piece: Piece, resources: Resources): Promise<Inside> {
  const found = await Promise.all(
    insideOf(piece.type).map(async ({ path, holds }): Promise<readonly Inside[]> => {
      try {
        const members = (await partsAt(piece, path, resources)).filter(isMadeByPeople)
        const below = await Promise.all(members.map((member) => lookInto(member, resources)))
        return [{ changes: members.map((member) => insideChange(member, holds)), unseen: [] }, ...below]
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return [{ changes: [], unseen: [unseen(piece, path, error)] }]
      }
    }),
  )
  return {
    changes: found.flat().flatMap(({ changes }) => changes),
    unseen: found.flat().flatMap(({ unseen }) => unseen),
  }
}

/** Each Foundry account has content filters of Azure's own, e.g. `Microsoft.DefaultV2`. */
const isMadeByPeople = ({ name }: Piece): boolean => !/^Microsoft\./i.test(name)

const unseen = ({ type, name }: Piece, path: string, { parts }: UserError): string =>
  `What others have made in ${type} '${name}' (${path}) goes with it, and could not be listed: ${parts.what}`

const insideChange = (piece: Piece, holds: string): Change => ({
  change: 'delete',
  ...pieceRow(piece),
  holds,
  reason: `It is in '${lastSegment(rootOf(piece.id))}', and in no document of the factory.`,
})
