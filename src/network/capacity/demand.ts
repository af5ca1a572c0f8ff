import type { ProjectContents } from '../../catalog/index.ts'
import { subnets } from '../../catalog/subnets.ts'
import { cidr } from '../../cidr.ts'
import type { ProjectType, SubnetProfile } from '../../vocabulary.ts'
import type { PlanRequest } from '../planner/planning.ts'
import { rangesOf } from '../planner/rule-ranges.ts'
import { privateEndpointsOf, projectSubnets } from '../requests/sizes.ts'
import type { ProjectDemand } from './forecast.ts'

/** What decides how much one more project takes. */
export interface DemandSource {
  readonly type: ProjectType
  readonly profile: SubnetProfile
  readonly contents: ProjectContents
  /** Does the factory's access mode make private endpoints? */
  readonly privateEndpoints: boolean
  /** How many of Azure's role assignments it takes. */
  readonly roleAssignments: number
}

/** What one more project takes in one environment. */
export function demandOf({
  type,
  profile,
  contents,
  privateEndpoints,
  roleAssignments,
}: DemandSource): ProjectDemand {
  const sized = projectSubnets(contents.services, profile)
  return {
    type,
    profile,
    subnets: sized.map(
      ({ key, prefixLength }): PlanRequest => ({
        key,
        prefixLength,
        ...rangesOf(subnets[key].rule, everywhere),
      }),
    ),
    takes: {
      subnets: sized.length,
      privateEndpoints: privateEndpoints ? privateEndpointsOf(contents) : 0,
      roleAssignments,
      deploymentStacks: 1,
      resourceGroups: 1,
      lakeEntries: 0,
      projectNumbers: 1,
    },
  }
}

/** It is not known yet where the project is to be. */
const everywhere = [cidr('0.0.0.0/0')]
