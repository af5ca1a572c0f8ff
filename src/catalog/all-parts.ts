import { commonCatalogue } from './common/index.ts'
import { everything, partsOf } from './contents.ts'
import { type Catalogue, catalogue } from './index.ts'
import type { PartDeclaration } from './types.ts'

/** All that projects and common areas can be made of. */
export const allParts = (from: Catalogue = catalogue): readonly PartDeclaration[] => [
  ...partsOf(everything(from), from),
  ...Object.values(commonCatalogue.parts),
]
