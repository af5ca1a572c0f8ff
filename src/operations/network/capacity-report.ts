import { type Cidr, totalSizeOf } from '../../cidr.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import {
  type EnvironmentState,
  type Forecast,
  helpSentences,
  limitOf,
  nearest,
  roomSentence,
} from '../../network/capacity/forecast.ts'
import { type CountedWallKey, countedWallKeys, walls } from '../../network/capacity/limits.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import { freeBlocks } from '../../network/planner/free-blocks.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import { grouped } from '../../plan/numbers.ts'
import { fitting } from '../../plan/summary.ts'
import type { Host } from '../../runtime/host.ts'
import { writePlan, writeResult } from '../../runtime/result-files.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import type { ProjectType } from '../../vocabulary.ts'
import type { CapacityOptions } from './options.ts'

/** What was measured, and what follows from it. */
export interface CapacityFindings {
  readonly inputs: CapacityOptions
  readonly factory: ResolvedFactory
  readonly network: ActualNetwork
  readonly state: EnvironmentState
  /** Ranges of the VNet that no subnet may be put on. */
  readonly blocked: readonly Cidr[]
  /** Every type in every profile. */
  readonly forecasts: readonly Forecast[]
  /** The types to watch. */
  readonly types: readonly ProjectType[]
  readonly warnings: readonly string[]
}

/** Writes the files, and makes the outputs and the summary. */
export function reportCapacity(findings: CapacityFindings, host: Host): ActionResult {
  const { inputs, factory, network, forecasts, types, blocked } = findings
  const { environment } = factory
  const watched = forecasts.filter(
    ({ demand }) => types.includes(demand.type) && demand.profile === factory.network.profile,
  )
  const tight = nearest(watched)
  if (tight === undefined) throw new Error('A factory has a profile, and there are types of projects.')
  const sentence = roomSentence(tight)
  const help = helpSentences(tight, forecasts)
  const few = tight.more < inputs.warnBelow ? `Fewer than ${grouped(inputs.warnBelow)} ('warn-below').` : ''
  const inOneLine = `${environment}, VNet ${network.name}: ${sentence}`
  const found = [...findings.warnings, ...unknownWalls(findings)]
  const warnings = [...found, ...(few === '' ? [] : [`${inOneLine} ${few} ${help[0] ?? ''}`.trimEnd()])]
  const map = mapOf(network, blocked, [])
  return {
    outputs: {
      changed: 'false',
      'plan-file': writePlan(host.environment, {
        version: 1,
        action: 'ip-calc',
        environment,
        changes: [],
        warnings,
      }),
      'map-file': writeResult(host.environment, `${environment}.ip-calc.map.svg`, vnetMapSvg(map)),
      capacity: JSON.stringify(asJson(findings)),
    },
    warnings,
    notice: inOneLine,
    ...(inputs.summary && {
      summary: fitting([
        `## ${cell(`Capacity of ${environment}, VNet ${network.name}`)}`,
        few === '' ? `**${cell(sentence)}**` : `⚠️ **${cell(sentence)}** ${cell(few)}`,
        ...found.map((warning) => `> ⚠️ ${cell(warning, 1_000)}`),
        forecastTable(forecasts),
        'Each row is a forecast of its own, as if all new projects were of its type and profile: rows do not add up.',
        `### What would help\n\n${help.map((each) => `- ${cell(each, 1_000)}`).join('\n')}`,
        `### Limits\n\n${wallTable(findings)}`,
        countedList(),
        vnetMapMarkdown(map),
      ]),
    }),
  }
}

/** A wall that projects come no nearer to needs no warning; the table says that it is not known. */
const unknownWalls = ({ state, forecasts }: CapacityFindings): readonly string[] =>
  countedWallKeys.flatMap((wall) => {
    const used = state.used[wall]
    if (used.kind === 'known' || forecasts.every(({ demand }) => demand.takes[wall] === 0)) return []
    return [
      `How many ${walls[wall].noun} are in use is not known, so there may be room for fewer projects. ${used.reason}`,
    ]
  })

function forecastTable(forecasts: readonly Forecast[]): string {
  const rows = forecasts.map(({ demand, more, atMost, walls: [first, next] }) => [
    demand.type,
    demand.profile,
    `${atMost ? 'at most ' : ''}${grouped(more)}`,
    first === undefined ? '' : walls[first.wall].title,
    next === undefined ? '' : `${walls[next.wall].title} (at ${grouped(next.more)})`,
  ])
  return table(['Type', 'Profile', 'More projects', 'First limit', 'Next limit'], rows)
}

/** What one project takes, said once where all types take the same. */
function takenBy(wall: CountedWallKey, { forecasts, factory }: CapacityFindings): string {
  const own = forecasts.filter(({ demand }) => demand.profile === factory.network.profile)
  const amounts = new Set(own.map(({ demand }) => demand.takes[wall]))
  const [only = 0] = amounts
  if (amounts.size === 1) return grouped(only)
  return own.map(({ demand }) => `${demand.type} ${grouped(demand.takes[wall])}`).join(', ')
}

function addressCounts({ space }: EnvironmentState) {
  const limit = totalSizeOf(space.prefixes)
  const left = totalSizeOf(freeBlocks(space.prefixes, [...space.taken, ...space.reserved]))
  return { used: limit - left, limit, left }
}

function wallTable(findings: CapacityFindings): string {
  const { state, forecasts, factory } = findings
  const { used, limit, left } = addressCounts(state)
  const own = forecasts.filter(({ demand }) => demand.profile === factory.network.profile)
  const addresses = [
    walls.addresses.title,
    grouped(used),
    grouped(limit),
    grouped(left),
    own.map(({ demand }) => `${demand.type} ${grouped(totalSizeOf(demand.subnets))}`).join(', '),
  ]
  const counted = countedWallKeys.map((wall) => {
    const measured = state.used[wall]
    const most = limitOf(wall, state)
    const amounts =
      measured.kind === 'known'
        ? [grouped(measured.used), grouped(most), grouped(Math.max(0, most - measured.used))]
        : [`not known: ${measured.reason}`, grouped(most), '']
    return [walls[wall].title, ...amounts, takenBy(wall, findings)]
  })
  const taker = `One project takes (${factory.network.profile})`
  return table(['What is limited', 'Used', 'Limit', 'Left', taker], [addresses, ...counted])
}

const countedList = (): string => {
  const items = Object.values(walls).map(({ title, counted, source }) => {
    const link = source === undefined ? '' : ` [Source](${source})`
    return `- ${cell(title)}: ${cell(counted, 1_000)}${link}`
  })
  return `<details><summary>How it is counted</summary>\n\n${items.join('\n')}\n\n</details>`
}

/** The output `capacity`: its keys stay as they are. */
function asJson({ factory, network, state, forecasts }: CapacityFindings) {
  const addresses = addressCounts(state)
  return {
    version: 1,
    environment: factory.environment,
    vnet: { id: network.id, name: network.name },
    profile: factory.network.profile,
    projects: forecasts.map(({ demand, more, atMost, walls: distances }) => ({
      type: demand.type,
      profile: demand.profile,
      more,
      atMost,
      first: distances[0]?.wall ?? null,
      next: distances[1]?.wall ?? null,
      moreByWall: Object.fromEntries(distances.map((distance) => [distance.wall, distance.more])),
      takes: demand.takes,
      subnets: Object.fromEntries(demand.subnets.map(({ key, prefixLength }) => [key, prefixLength])),
    })),
    walls: [
      { wall: 'addresses', ...addresses },
      ...countedWallKeys.map((wall) => {
        const measured = state.used[wall]
        const limit = limitOf(wall, state)
        return measured.kind === 'known'
          ? { wall, used: measured.used, limit, left: Math.max(0, limit - measured.used) }
          : { wall, used: null, limit, left: null, reason: measured.reason }
      }),
    ],
  }
}
