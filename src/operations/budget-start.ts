import type { Resources } from '../azure/resources.ts'
import { apiVersions } from '../catalog/facts/api-versions.ts'
import type { CommonArea } from '../compose/compose-common.ts'
import { isJsonObject } from '../json.ts'

/** The first of a month as Azure shows the day on which a budget begins. */
export const firstOfMonth = (now: Date): string =>
  `${new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString().slice(0, 10)}T00:00:00Z`

/**
 * The common area with the day on which its budget began, when it has one. Azure refuses another day, and one that is read from
 * the clock would be another every month: https://github.com/Azure/azure-quickstart-templates/issues/7095
 */
export async function withLiveBudget(
  area: CommonArea,
  resources: Pick<Resources, 'read'>,
): Promise<CommonArea> {
  if (area.factory.common.budget.kind !== 'own') return area
  const budget = await resources.read(area.ids.budget, apiVersions['Microsoft.Consumption/budgets'])
  const timePeriod = budget?.properties['timePeriod']
  const started = isJsonObject(timePeriod) ? timePeriod['startDate'] : undefined
  return typeof started === 'string' ? { ...area, budgetStart: started } : area
}
