import { commonCatalogue } from '../catalog/common/index.ts'
import { type CommonArea, commonIdsOf } from '../compose/compose-common.ts'
import { namingScheme } from '../manifest/resolve.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { commonNames } from '../naming/names.ts'
import { firstOfMonth } from './budget-start.ts'
import { type FactoryTarget, readFactory } from './project.ts'

/**
 * Reads factory.yml and decides everything about the common area of one environment.
 * @throws UserError with every fault of the document that has some, or when the factory lacks the environment
 */
export const readCommonArea = (target: FactoryTarget): CommonArea => commonAreaOf(readFactory(target).factory)

/**
 * The common area of a factory in one environment.
 * @param now when its budget begins, unless it has one
 */
export function commonAreaOf(factory: ResolvedFactory, now: Date = new Date()): CommonArea {
  const names = commonNames(commonCatalogue, namingScheme(factory))
  return { factory, names, ids: commonIdsOf(factory, names), budgetStart: firstOfMonth(now) }
}
