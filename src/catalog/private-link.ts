import { everything, partsOf } from './contents.ts'
import { type Catalogue, catalogue } from './index.ts'

/** Do private endpoints lead to resources of this type? Case does not matter. */
export const hasPrivateEndpoints = (type: string, from: Catalogue = catalogue): boolean =>
  partsOf(everything(from), from).some(({ privateEndpoints, resources }) =>
    privateEndpoints.some(({ resource }) => resources[resource]?.type.toLowerCase() === type.toLowerCase()),
  )
