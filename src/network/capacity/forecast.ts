import type { ProjectType, SubnetProfile } from '../../vocabulary.ts'
import { countFits } from '../planner/count-fits.ts'
import type { AddressRoom, PlanRequest } from '../planner/planning.ts'
import { type CountedWallKey, countedWallKeys, type WallKey, walls } from './walls.ts'

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
  readonly space: AddressRoom
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
