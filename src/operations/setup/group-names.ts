import { catalogue } from '../../catalog/index.ts'
import { corePersonas, projectPersonas } from '../../manifest/personas.ts'
import { namingScheme } from '../../manifest/resolve.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { projectNames } from '../../naming/names.ts'
import { sameText } from '../../resource-id.ts'
import { commonAreaOf } from '../common-area.ts'

/** Has a group one of the names of this environment: the core team's, the lake's, or one of any project's? */
export function isGroupOf(name: string, factory: ResolvedFactory): boolean {
  const { names } = commonAreaOf(factory)
  const [, project] = /_prj(\d{3})_/.exec(name) ?? []
  const known =
    project === undefined
      ? [...corePersonas(factory).map(names.coreTeamGroup), names.lakeTraversalGroup]
      : projectPersonas(factory).map(projectNames(catalogue, namingScheme(factory), project).personaGroup)
  return known.some((one) => sameText(one, name))
}
