import { keysOf } from '../../by-key.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { byProductVersion } from '../../catalog/facts/by-products.ts'
import { statefulType } from '../../catalog/stateful-types.ts'
import type { StatefulType } from '../../catalog/types.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText, typeOfResource } from '../../resource-id.ts'

/** A resource, by its id. */
export interface Piece {
  readonly id: string
  /** ARM type, in whatever case Azure wrote it. */
  readonly type: string
  readonly name: string
}

/** It as a row of a plan or of what is left. */
export const pieceRow = ({ id, type, name }: Piece) => ({ kind: type, name, scope: id })

/** What a plan deletes. */
export const deletedBy = (changes: readonly Change[]): readonly Piece[] =>
  changes.flatMap(({ change, scope }) => (change === 'delete' && scope !== undefined ? [pieceOf(scope)] : []))

/** The type and the name that an id says. */
export function pieceOf(id: string): Piece {
  const type = typeOfResource(id)
  return { id, type: knownType(type) ?? type, name: lastSegment(id) }
}

const knownType = (type: string): ArmType | undefined =>
  keysOf(apiVersions).find((known) => sameText(known, type))

/** The version in which a type is read and deleted, or undefined for one that no project of this release has. */
export function knownVersionOf(type: string): string | undefined {
  const [namespace = '', first = ''] = type.split('/')
  const beside = byProductVersion(type)
  if (beside !== undefined) return beside
  const known = knownType(type) ?? knownType(`${namespace}/${first}`)
  return known && apiVersions[known]
}

/**
 * The same; parts come in the version of what they are part of.
 * @throws Error for a type that no project has
 */
export function apiVersionOf(type: string): string {
  const version = knownVersionOf(type)
  if (version === undefined) throw new Error(`The catalogue has no API version of ${type}.`)
  return version
}

/** The resource that it is, or is a part of: the first name in its id. */
export const rootOf = (id: string): string => /^.*?\/providers\/[^/]+\/[^/]+\/[^/]+/i.exec(id)?.[0] ?? id

/** Does Azure make resources of this type by itself beside others? Nothing is lost with one. */
export const isBesideOthers = (type: string): boolean => byProductVersion(type) !== undefined

/** What is lost with it, and what Azure keeps of it; undefined when the manifests make it again. */
export const lossOf = ({ type }: Piece): StatefulType | undefined => statefulType(type)
