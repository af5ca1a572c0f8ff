import { defaultServicesOf } from '../src/catalog/contents.ts'
import type { PlanRequest } from '../src/network/planner/placement.ts'
import { projectSubnets } from '../src/network/subnet-sizes.ts'
import type { ProjectType, SubnetProfile } from '../src/vocabulary.ts'

/** The sizes that the known accelerator gives its project types, which the figures to reach were measured with. */
const known: Readonly<Record<'all' | 'genai-1', Readonly<Record<string, number>>>> = {
  all: { aca: 23, aca2: 23, aks2: 24, genai: 25, aks: 26, dbxpub: 26, dbxpriv: 26, webapp: 27 },
  'genai-1': { aca: 23, genai: 25, aks: 26, webapp: 27 },
}

/** The subnets of one project in the sizes that the known accelerator gives. */
export const knownProject = (type: keyof typeof known): readonly PlanRequest[] =>
  Object.entries(known[type]).map(([key, prefixLength]) => ({ key, prefixLength }))

/** The subnets of one project of our catalogue, with the services that its type has. */
export const catalogueProject = (type: ProjectType, profile: SubnetProfile): readonly PlanRequest[] =>
  projectSubnets(defaultServicesOf(type), profile).map(({ key, prefixLength }) => ({ key, prefixLength }))
