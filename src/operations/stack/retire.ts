import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import type { Step } from '../apply-steps.ts'
import type { Removal } from '../removal/left.ts'
import { withLoss } from '../removal/loss.ts'
import { apiVersionOf, lossOf, type Piece, pieceOf, pieceRow } from '../removal/piece.ts'
import {
  purging,
  type Retirement,
  type RetirementClients,
  retirementRemovals,
  retirementsOf,
} from '../removal/retirement.ts'
import { isPurgeable, readSoftDeleted, wasOwn } from '../removal/soft-deleted.ts'
import type { StackTarget } from '../stack-target.ts'

/** What goes before the stack is deployed without it. */
export interface Retiring {
  readonly retirements: readonly Retirement[]
  /** What Azure keeps of what went earlier, and that is given up now. */
  readonly purged: readonly Piece[]
  /** Is what Azure would keep given up? */
  readonly purge: boolean
}

/** What is about to change, and what may be lost. */
interface Going {
  readonly target: StackTarget
  readonly changes: readonly Change[]
  /** Ids of the resources that the template has. */
  readonly wanted: readonly string[]
  readonly allowed: readonly Allowance[]
}

/**
 * Those of the resources that a stack is about to delete that something has to be done for before: their parts go first, in
 * their order, or they are to be purged; also what a run that was cut off has deleted and not purged.
 */
export async function readRetiring(
  { target, changes, wanted, allowed }: Going,
  { resources }: Pick<RetirementClients, 'resources'>,
): Promise<Retiring> {
  const purge = allowed.includes('purge')
  const going = changes
    .flatMap(({ change, scope }) => (change === 'delete' && scope !== undefined ? [pieceOf(scope)] : []))
    .filter((piece) => lossOf(piece)?.partsFirst !== undefined || isPurgeable(piece.type))
  const [found, kept] = await Promise.all([
    Promise.all(going.map(({ id, type }) => resources.read(id, apiVersionOf(type)))),
    purge ? readSoftDeleted(target.factory.subscriptionId, target.resourceGroupId, resources) : [],
  ])
  const existing = going.filter((_, index) => found[index] !== undefined)
  const isWanted = ({ id }: Piece): boolean => wanted.some((other) => sameText(other, id))
  return {
    retirements: await retirementsOf(existing, purge, resources),
    purged: kept
      .filter((one) => wasOwn(one, target.namedIds))
      .map(({ piece }) => piece)
      .filter((piece) => isPurgeable(piece.type) && !isWanted(piece)),
    purge,
  }
}

/** What goes before the stack and is not in its own plan. */
export const retiringChanges = (
  { retirements, purged }: Retiring,
  planned: readonly Change[],
): readonly Change[] => [
  ...retirements
    .flatMap(({ parts }) => parts)
    .filter(({ id }) => !planned.some(({ scope = '' }) => sameText(scope, id)))
    .map((piece) => withLoss({ change: 'delete', ...pieceRow(piece) })),
  ...purged.map(({ id, type, name }): Change => {
    const reason = 'It is purged, and cannot be recovered after that.'
    return { change: 'delete', kind: `softly deleted ${type}`, name, scope: id, reason }
  }),
]

/**
 * Deletes what the stack would leave half behind, and gives up what Azure keeps where that is allowed.
 * @param remarks sentences are added about what may still be kept
 */
export const retireSteps = (
  { retirements, purged, purge }: Retiring,
  clients: RetirementClients,
  remarks: string[],
): readonly Step[] =>
  [
    ...retirements.flatMap((retirement) => retirementRemovals(retirement, purge, clients)),
    ...purged.map((piece) => purging(piece, clients)),
  ].map((removal) => stepOf(removal, remarks))

const stepOf = ({ step: name, apply }: Removal, remarks: string[]): Step => ({
  name,
  apply: async () => {
    for (const { why, kind, name: left, reason, fix } of await apply()) {
      if (why !== 'azure') throw new UserError({ what: `${kind} '${left}' is still there. ${reason}`, fix })
      remarks.push(`${kind} '${left}' may still be kept. ${reason} ${fix}`)
    }
  },
})
