import type { ProjectContents } from '../../catalog/index.ts'
import { subnets } from '../../catalog/subnets.ts'
import { cidr } from '../../cidr.ts'
import { grouped } from '../../plan/numbers.ts'
import type { ProjectType, SubnetProfile } from '../../vocabulary.ts'
import type { AddressSpace } from '../planner/free-blocks.ts'
import { countFits, type PlanRequest, rangesOf } from '../planner/placement.ts'
import { privateEndpointsOf, projectSubnets } from '../subnet-sizes.ts'
import { type CountedWallKey, countedWallKeys, type WallKey, walls } from './limits.ts'

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

/** What one more project takes in one environment. */
export interface ProjectDemand {
  readonly type: ProjectType
  readonly profile: SubnetProfile
  readonly subnets: readonly PlanRequest[]
  /** How much it takes at each wall; 0 where it takes nothing. */
  readonly takes: Readonly<Record<CountedWallKey, number>>
}

/** How much is used at a wall, or why that is not known. */
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
  readonly used: Readonly<Record<CountedWallKey, Used>>
  /** Limits that are not the usual ones, because somebody had them raised. */
  readonly limits: Readonly<Partial<Record<CountedWallKey, number>>>
}

/** How many more projects a wall leaves room for. */
export interface WallDistance {
  readonly wall: WallKey
  readonly more: number
}

/** How many more projects of one type and profile fit. */
export interface Forecast {
  readonly demand: ProjectDemand
  readonly more: number
  /** A wall could not be measured, so that there may be room for fewer. */
  readonly atMost: boolean
  /** The walls that can be reached, the nearest first. */
  readonly walls: readonly WallDistance[]
}

/** The most that there can be at a wall in this environment. */
export const limitOf = (wall: CountedWallKey, { limits }: Pick<EnvironmentState, 'limits'>): number =>
  limits[wall] ?? walls[wall].limit

/** The walls that a project of this demand comes nearer to. */
const wallsBefore = ({ takes }: ProjectDemand): readonly CountedWallKey[] =>
  countedWallKeys.filter((wall) => takes[wall] > 0)

/** No other wall lets so many through, and in the largest VNets counting on would take seconds. */
const mostCounted = 10_000

/** How many more projects of this demand fit, and which walls come first. */
export function forecast(demand: ProjectDemand, state: EnvironmentState): Forecast {
  const distances: WallDistance[] = [
    { wall: 'addresses', more: countFits(state.space, demand.subnets, mostCounted) },
  ]
  let atMost = false
  for (const wall of wallsBefore(demand)) {
    const measured = state.used[wall]
    if (measured.kind === 'unknown') atMost = true
    const used = measured.kind === 'known' ? measured.used : 0
    const more = Math.max(0, Math.floor((limitOf(wall, state) - used) / demand.takes[wall]))
    distances.push({ wall, more })
  }
  const nearestFirst = distances.sort((a, b) => a.more - b.more)
  return { demand, more: nearestFirst[0]?.more ?? 0, atMost, walls: nearestFirst }
}

/** What one more address prefix would bring. */
export interface AnotherPrefix {
  readonly prefixLength: number
  /** Projects more than fit now. */
  readonly more: number
  /** The wall that comes next; `addresses` when they run out again before any other. */
  readonly nextWall: WallKey
}

/** A prefix larger than this is rarely to be had, and one smaller than that rarely worth the work. */
const largestPrefixLength = 16
const smallestPrefixLength = 24

/**
 * The smallest address prefix that takes a VNet as far as its next wall, or a /16 when none does.
 * @returns undefined when addresses are not what is missing, or not even a /16 would hold one more project
 */
export function anotherPrefix({ demand, walls, more }: Forecast): AnotherPrefix | undefined {
  const [first, next] = walls
  if (first?.wall !== 'addresses' || (next !== undefined && next.more <= more)) return undefined
  const wanted = next === undefined ? Number.POSITIVE_INFINITY : next.more - more
  for (let prefixLength = smallestPrefixLength; prefixLength >= largestPrefixLength; prefixLength -= 1) {
    const fits = countFits(emptyPrefix(prefixLength), anywhere(demand.subnets))
    if (fits >= wanted && next !== undefined) return { prefixLength, more: wanted, nextWall: next.wall }
    if (prefixLength === largestPrefixLength && fits > 0)
      return { prefixLength, more: fits, nextWall: 'addresses' }
  }
  return undefined
}

const emptyPrefix = (prefixLength: number) => ({
  prefixes: [{ first: 0, prefixLength }],
  taken: [],
  reserved: [],
})

/** Nobody knows yet where the prefix will be, and it will not be where a service refuses it. */
const anywhere = (subnets: Forecast['demand']['subnets']): Forecast['demand']['subnets'] =>
  subnets.map(({ key, prefixLength }) => ({ key, prefixLength }))

/** How many more projects fit and what stops them, e.g. `Room for 41 more projects of type genai-1 (standard), then addresses run out.` */
export function roomSentence({ demand, more, atMost, walls: [first] }: Forecast): string {
  const wall = first === undefined ? 'nothing' : walls[first.wall].noun
  const kind = `of type ${demand.type} (${demand.profile})`
  if (more === 0) return `No room for another project ${kind}: too few ${wall} are left.`
  const projects = more === 1 ? 'project' : 'projects'
  return `Room for ${atMost ? 'at most ' : ''}${grouped(more)} more ${projects} ${kind}, then ${wall} run out.`
}

/** The nearest of several forecasts: the one that leaves room for the fewest. */
export const nearest = (forecasts: readonly Forecast[]): Forecast | undefined =>
  [...forecasts].sort((a, b) => a.more - b.more)[0]

/** What would make room for more, each a sentence, the best first. */
export function helpSentences(tight: Forecast, all: readonly Forecast[]): readonly string[] {
  const first = tight.walls[0]?.wall
  if (first === undefined) return []
  const prefix = anotherPrefix(tight)
  const compact = all.find(({ demand }) => demand.type === tight.demand.type && demand.profile === 'compact')
  const gained = compact === undefined ? 0 : compact.more - tight.more
  return [
    ...(prefix === undefined
      ? []
      : [
          `Another /${prefix.prefixLength} in the VNet would make room for ${grouped(prefix.more)} more${thenWall(prefix.nextWall)}.`,
        ]),
    ...(gained > 0
      ? [`The profile compact for new projects would make room for ${grouped(gained)} more.`]
      : []),
    walls[first].help,
  ]
}

const thenWall = (wall: WallKey): string => (wall === 'addresses' ? '' : `, then ${walls[wall].noun} run out`)
