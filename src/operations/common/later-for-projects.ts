import { commonCatalogue } from '../../catalog/common/index.ts'
import { projectOfSubnet } from '../../naming/names.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'

/** What leads out of the network, and is attached to subnets. */
const waysOut = [commonCatalogue.parts.natGateway, commonCatalogue.parts.routeTable]

/** A new way out is for the subnets of projects too, but these are changed with their project only. */
export function laterForProjects(
  changes: readonly Change[],
  { subnets }: Pick<ActualNetwork, 'subnets'>,
): readonly string[] {
  const projects = new Set(subnets.flatMap(({ name }) => projectOfSubnet(name) ?? []))
  if (projects.size === 0) return []
  return waysOut.flatMap(({ key, title, resources }) => {
    const type = Object.entries(resources).find(([name]) => name === key)?.[1].type ?? ''
    return changes.some(({ change, kind }) => change === 'create' && sameText(kind, type))
      ? [
          `${title}: subnets of projects that are there (${[...projects].toSorted().join(', ')}) get it with the next delivery of their project, those of private endpoints not at all.`,
        ]
      : []
  })
}
