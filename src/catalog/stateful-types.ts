import { allParts } from './all-parts.ts'
import { type Catalogue, catalogue } from './index.ts'
import type { DataDeclaration, StatefulType } from './types.ts'

/** What a project has besides its parts. */
const resourceGroup: DataDeclaration = {
  // The name that a plan has for it; its ARM type is not in its id.
  'resource group': { holds: 'everything in it, also what others have put there' },
  'Microsoft.Resources/deployments': 'stateless',
}

/** A type that no part declares may be one of another release: what is unknown counts as stateful. */
const unknown: StatefulType = { holds: 'what this release does not know, so it may be data' }

/**
 * What is lost with a resource of this type; undefined when it can be created again from the manifests. Case does not
 * matter. Some of it can be recovered for a while: recovery is no reason to delete it without permission.
 */
export function statefulType(type: string, from: Catalogue = catalogue): StatefulType | undefined {
  const declared = declarations(from).find(([name]) => name.toLowerCase() === type.toLowerCase())
  if (declared === undefined) return unknown
  return declared[1] === 'stateless' ? undefined : declared[1]
}

/** Each type once: where several parts declare it, they say the same. */
const declarations = (from: Catalogue): readonly (readonly [string, StatefulType | 'stateless'])[] => [
  ...new Map(
    [resourceGroup, ...allParts(from).map(({ data }) => data)].flatMap((data) => Object.entries(data)),
  ),
]

/** A collection in which people may have made something. */
interface Collection {
  /** Below the resource, e.g. `blobServices/containers`. */
  readonly path: string
  /** What each member holds. */
  readonly holds: string
}

/** The collections below a resource of this type in which people may have made something; none for most types. */
export function insideOf(type: string, from: Catalogue = catalogue): readonly Collection[] {
  const declared = allParts(from)
    .flatMap(({ inside }) => Object.entries(inside))
    .filter(([known]) => known.toLowerCase() === type.toLowerCase())
    .flatMap(([, collections]) => Object.entries(collections))
  return [...new Map(declared)].map(([path, holds]) => ({ path, holds }))
}

/** The types whose services list what they keep of deleted resources, and under which name of a collection. */
export const listedDeletions = (
  from: Catalogue = catalogue,
): readonly { readonly type: string; readonly collection: string }[] =>
  declarations(from).flatMap(([type, declared]) => {
    const collection = declared === 'stateless' ? undefined : declared.softDelete?.listed
    return collection === undefined ? [] : [{ type, collection }]
  })
