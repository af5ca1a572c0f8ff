import { grouped } from '../../plan/numbers.ts'
import type { Forecast } from './forecast.ts'
import { anotherPrefix } from './growth.ts'
import { type WallKey, walls } from './walls.ts'

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
