import { allParts } from './all-parts.ts'
import { type Catalogue, catalogue } from './index.ts'

/** Do private endpoints lead to resources of this type? Case does not matter. */
export const hasPrivateEndpoints = (type: string, from: Catalogue = catalogue): boolean =>
  allParts(from).some(({ privateEndpoints, resources }) =>
    privateEndpoints.some(({ resource }) => resources[resource]?.type.toLowerCase() === type.toLowerCase()),
  )
