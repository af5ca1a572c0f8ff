import { keysOf } from '../../by-key.ts'
import { catalogue } from '../../catalog/index.ts'
import { isWithin } from '../../resource-id.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** Ids of all that the project could have in its group, by the catalogue of this release. */
export const namedIds = ({ ids, names }: Pick<ProjectInEnvironment, 'ids' | 'names'>): readonly string[] => {
  const resources = keysOf(catalogue.resources).map((key) => ids[key])
  const parts = [...catalogue.baseline, ...Object.values(catalogue.services)]
  const endpoints = parts.flatMap(({ privateEndpoints }) =>
    privateEndpoints.flatMap(({ resource, group }) => {
      const key = keysOf(catalogue.resources).find((candidate) => candidate === resource)
      if (key === undefined) return []
      const name = names.project.privateEndpoint(names.project[key], group)
      return [`${ids.resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`]
    }),
  )
  return [...resources, ...endpoints].filter((id) => isWithin(id, ids.resourceGroup))
}
