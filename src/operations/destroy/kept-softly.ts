import type { Resources } from '../../azure/resources.ts'
import { keysOf } from '../../by-key.ts'
import { catalogue } from '../../catalog/index.ts'
import { sameText } from '../../resource-id.ts'
import type { Left } from '../removal/left.ts'
import { lossOf, type Piece } from '../removal/piece.ts'
import { isKeptUnlisted, readSoftDeleted, type SoftDeleted, wasOwn } from '../removal/soft-deleted.ts'
import type { Doomed } from './read-doomed.ts'
import { ownIds } from './resource-part.ts'

/** What Azure keeps of what was deleted. */
export interface KeptSoftly {
  readonly left: readonly Left[]
  /** Which of it holds on to a subnet, half sentences. */
  readonly holding: readonly string[]
}

/** Asks what Azure keeps, after the deletions. */
export async function keptSoftly(
  { target, found, options }: Doomed,
  resources: Resources,
): Promise<KeptSoftly> {
  const { subscriptionId } = target.project.factory
  const listed = await readSoftDeleted(subscriptionId, target.ids.resourceGroup, resources)
  const own = ownIds(target, found)
  // A service that does not list what it keeps keeps it all the same.
  const unlisted = options.allowed.includes('purge')
    ? []
    : found.ours.filter(({ type }) => isKeptUnlisted(type))
  return {
    left: [
      ...listed.map((one) => (wasOwn(one, own) ? leftOf(one) : leftOfOthers(one))),
      ...unlisted.map((piece) => row(piece, '', 'forceToPurge')),
    ],
    holding: listed.filter(({ piece }) => isInjected(piece)).map(holdingOf),
  }
}

const leftOf = ({ piece, until }: SoftDeleted): Left => row(piece, until, lossOf(piece)?.softDelete?.purge)

const leftOfOthers = ({ piece, until }: SoftDeleted): Left => ({
  ...row(piece, until, undefined),
  why: 'others',
  fix: "It was not the project's: whoever deleted it decides whether it is purged.",
})

function row(piece: Piece, until: string, purge: string | undefined): Left {
  const sentence = lossOf(piece)?.softDelete?.sentence ?? ''
  const end = until === '' ? '' : `Azure keeps it until ${until}.`
  const again = 'Delivered again, the project gets it back.'
  const fix =
    purge === 'again'
      ? `To give it up now, run again with "purge" in the input allow. ${again}`
      : `Nothing is to be done. ${again}`
  return {
    why: 'azure',
    kind: `softly deleted ${piece.type}`,
    name: piece.name,
    scope: piece.id,
    reason: [end, sentence].filter((part) => part !== '').join(' '),
    fix,
  }
}

/** Is it of a type that runs in a subnet of the project's, and keeps it until it is gone for good? */
const isInjected = ({ type }: Piece): boolean =>
  keysOf(catalogue.subnets).some((key) => {
    const { injected } = catalogue.subnets[key]
    const resource = keysOf(catalogue.resources).find((candidate) => candidate === injected?.resource)
    return resource !== undefined && sameText(catalogue.resources[resource].type, type)
  })

const holdingOf = ({ piece, until }: SoftDeleted): string =>
  `the softly deleted ${piece.type} '${piece.name}' keeps it until it is purged${until === '' ? '' : `, or until ${until}`}`
