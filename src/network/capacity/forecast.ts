import type { ProjectContents } from '../../catalog/contents.ts'
import { type Catalogue, catalogue } from '../../catalog/index.ts'
import { cidr } from '../../cidr.ts'
import { grouped } from '../../plan/numbers.ts'
import type { ProjectType, SubnetProfile } from '../../vocabulary.ts'
import type { AddressSpace } from '../planner/free-blocks.ts'
import { countFits, type PlanRequest, rangesOf } from '../planner/placement.ts'
import { privateEndpointsOf, projectSubnets } from '../subnet-sizes.ts'
import { type CountedLimitKey, countedLimitKeys, type LimitKey, limits, type RaisedLimits } from './limits.ts'

/** What one more project takes in one environment. */
export interface ProjectDemand {
  readonly type: ProjectType
  readonly profile: SubnetProfile
  readonly subnets: readonly PlanRequest[]
  /** How much of each limit it uses up; 0 where it uses nothing. */
  readonly takes: Readonly<Record<CountedLimitKey, number>>
}

/** What decides how much one more project takes. */
export interface DemandSource {
  readonly type: ProjectType
  readonly profile: SubnetProfile
  readonly contents: ProjectContents
  /** Does the factory's access mode use private endpoints? */
  readonly privateEndpoints: boolean
  /** How many of Azure's role assignments it takes. */
  readonly roleAssignments: number
}

/** What one more project takes in one environment. */
export function demandOf(
  { type, profile, contents, privateEndpoints, roleAssignments }: DemandSource,
  from: Catalogue = catalogue,
): ProjectDemand {
  const sized = projectSubnets(contents.services, profile, from)
  return {
    type,
    profile,
    subnets: sized.map(
      ({ key, prefixLength }): PlanRequest => ({
        key,
        prefixLength,
        ...rangesOf(from.subnets[key].rule, everywhere),
      }),
    ),
    takes: {
      subnets: sized.length,
      privateEndpoints: privateEndpoints ? privateEndpointsOf(contents, from) : 0,
      roleAssignments,
      deploymentStacks: 1,
      resourceGroups: 1,
      lakeEntries: 0,
      projectNumbers: 1,
    },
  }
}

/** The range of the project is not known yet. */
const everywhere = [cidr('0.0.0.0/0')]

/** How much of a limit is used, or why that is not known. */
export type Used =
  | { readonly kind: 'known'; readonly used: number }
  | {
      readonly kind: 'unknown'
      /** A sentence. */
      readonly reason: string
    }

/** One environment as it is. */
export interface EnvironmentState {
  /** Where subnets can go. */
  readonly space: AddressSpace
  readonly used: Readonly<Record<CountedLimitKey, Used>>
  readonly raisedLimits: RaisedLimits
}

/** How many more projects fit before a limit is reached. */
export interface LimitDistance {
  readonly limit: LimitKey
  readonly more: number
}

/** How many more projects of one type and profile fit. */
export interface Forecast {
  readonly demand: ProjectDemand
  readonly more: number
  /** The use of a limit is not known, so fewer may fit. */
  readonly atMost: boolean
  /** The limits that can be reached, the nearest first. */
  readonly limits: readonly LimitDistance[]
}

/** What a limit is in this environment. */
export const maxOf = (
  limit: CountedLimitKey,
  { raisedLimits }: Pick<EnvironmentState, 'raisedLimits'>,
): number => raisedLimits[limit] ?? limits[limit].max

/** The limits that such a project uses something of. */
const limitsOf = ({ takes }: ProjectDemand): readonly CountedLimitKey[] =>
  countedLimitKeys.filter((limit) => takes[limit] > 0)

/** No other limit allows as many, and counting further in the largest VNets would take seconds. */
const mostCounted = 10_000

/** How many more such projects fit, and which limits are reached first. */
export function forecast(demand: ProjectDemand, state: EnvironmentState): Forecast {
  const distances: LimitDistance[] = [
    { limit: 'addresses', more: countFits(state.space, demand.subnets, mostCounted) },
  ]
  let atMost = false
  for (const limit of limitsOf(demand)) {
    const measured = state.used[limit]
    if (measured.kind === 'unknown') atMost = true
    const used = measured.kind === 'known' ? measured.used : 0
    const more = Math.max(0, Math.floor((maxOf(limit, state) - used) / demand.takes[limit]))
    distances.push({ limit, more })
  }
  const nearestFirst = distances.sort((a, b) => a.more - b.more)
  return { demand, more: nearestFirst[0]?.more ?? 0, atMost, limits: nearestFirst }
}

/** What one more address prefix would add. */
export interface AnotherPrefix {
  readonly prefixLength: number
  /** Projects more than fit now. */
  readonly more: number
  /** The limit that is reached next; `addresses` when they run out again before any other. */
  readonly nextLimit: LimitKey
}

/** Nobody gets a prefix larger than this easily, and one smaller than that is rarely worth the work. */
const largestPrefixLength = 16
const smallestPrefixLength = 24

/**
 * The smallest address prefix that takes a VNet as far as its next limit, or a /16 when none does.
 * @returns undefined when addresses are not what is missing, or not even a /16 would hold one more project
 */
export function anotherPrefix({ demand, limits, more }: Forecast): AnotherPrefix | undefined {
  const [first, next] = limits
  if (first?.limit !== 'addresses' || (next !== undefined && next.more <= more)) return undefined
  const wanted = next === undefined ? Number.POSITIVE_INFINITY : next.more - more
  for (let prefixLength = smallestPrefixLength; prefixLength >= largestPrefixLength; prefixLength -= 1) {
    const fits = countFits(emptyPrefix(prefixLength), anywhere(demand.subnets))
    if (fits >= wanted && next !== undefined) return { prefixLength, more: wanted, nextLimit: next.limit }
    if (prefixLength === largestPrefixLength && fits > 0)
      return { prefixLength, more: fits, nextLimit: 'addresses' }
  }
  return undefined
}

const emptyPrefix = (prefixLength: number) => ({
  prefixes: [{ first: 0, prefixLength }],
  taken: [],
  reserved: [],
})

/** The range of the prefix is not known yet, and will be one that the services support. */
const anywhere = (subnets: Forecast['demand']['subnets']): Forecast['demand']['subnets'] =>
  subnets.map(({ key, prefixLength }) => ({ key, prefixLength }))

/** How many more projects fit and what stops them, e.g. `41 more projects of type genai-1 (standard) fit, then addresses run out.` */
export function forecastSentence({ demand, more, atMost, limits: [first] }: Forecast): string {
  const limit = first === undefined ? 'nothing' : limits[first.limit].noun
  const kind = `of type ${demand.type} (${demand.profile})`
  if (more === 0) return `No more projects ${kind} fit: too few ${limit} are left.`
  const fit = more === 1 ? `project ${kind} fits` : `projects ${kind} fit`
  return `${atMost ? 'At most ' : ''}${grouped(more)} more ${fit}, then ${limit} run out.`
}

/** The tightest of several forecasts: the one in which the fewest fit. */
export const tightest = (forecasts: readonly Forecast[]): Forecast | undefined =>
  [...forecasts].sort((a, b) => a.more - b.more)[0]

/** What would let more projects fit, each a sentence, the best first. */
export function helpSentences(tight: Forecast, all: readonly Forecast[]): readonly string[] {
  const first = tight.limits[0]?.limit
  if (first === undefined) return []
  const prefix = anotherPrefix(tight)
  const compact = all.find(({ demand }) => demand.type === tight.demand.type && demand.profile === 'compact')
  const gained = compact === undefined ? 0 : compact.more - tight.more
  return [
    ...(prefix === undefined
      ? []
      : [
          `Another /${prefix.prefixLength} in the VNet would fit ${grouped(prefix.more)} more${thenLimit(prefix.nextLimit)}.`,
        ]),
    ...(gained > 0 ? [`The profile compact for new projects would fit ${grouped(gained)} more.`] : []),
    limits[first].help,
  ]
}

const thenLimit = (limit: LimitKey): string =>
  limit === 'addresses' ? '' : `, then ${limits[limit].noun} run out`
