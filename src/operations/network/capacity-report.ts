import { type Cidr, totalSizeOf } from '../../cidr.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import {
  type EnvironmentState,
  type Forecast,
  forecastSentence,
  helpSentences,
  maxOf,
  tightest,
} from '../../network/capacity/forecast.ts'
import { type CountedLimitKey, countedLimitKeys, limits } from '../../network/capacity/limits.ts'
import { vnetMapMarkdown } from '../../network/map/markdown.ts'
import { vnetMapSvg } from '../../network/map/svg.ts'
import { mapOf } from '../../network/map/vnet-map.ts'
import { freeBlocks } from '../../network/planner/free-blocks.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Plan } from '../../plan/model.ts'
import { grouped } from '../../plan/numbers.ts'
import { type Report, resultName } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import type { ProjectType } from '../../vocabulary.ts'
import type { CapacityOptions } from './options.ts'

/** What was measured, and what follows from it. */
export interface CapacityFindings {
  readonly action: string
  readonly options: CapacityOptions
  readonly factory: ResolvedFactory
  readonly network: ActualNetwork
  readonly state: EnvironmentState
  /** Ranges of the VNet in which no subnet may be placed. */
  readonly blocked: readonly Cidr[]
  /** Every type in every profile. */
  readonly forecasts: readonly Forecast[]
  /** The types to watch. */
  readonly types: readonly ProjectType[]
  readonly warnings: readonly string[]
}

/** Reports how many more projects fit, which limit comes first, and what would help. */
export function reportCapacity(findings: CapacityFindings): Report {
  const { action, options, factory, network, forecasts, types, blocked } = findings
  const { environment } = factory
  const watched = forecasts.filter(
    ({ demand }) => types.includes(demand.type) && demand.profile === factory.network.profile,
  )
  const tight = tightest(watched)
  if (tight === undefined) throw new Error('A factory has a profile, and there are types of projects.')
  const sentence = forecastSentence(tight)
  const help = helpSentences(tight, forecasts)
  const few = tight.more < options.warnBelow ? `Fewer than ${grouped(options.warnBelow)} ('warn-below').` : ''
  const inOneLine = `${environment}, VNet ${network.name}: ${sentence}`
  const found = [...findings.warnings, ...unknownLimits(findings)]
  const warnings = [...found, ...(few === '' ? [] : [`${inOneLine} ${few} ${help[0] ?? ''}`.trimEnd()])]
  const map = mapOf(network, blocked, [])
  const plan: Plan = { version: 1, action, environment, changes: [], warnings }
  return {
    plan,
    outcome: 'planned',
    outputs: { capacity: JSON.stringify(asJson(findings)) },
    files: { 'map-file': { name: resultName(plan, 'map.svg'), text: vnetMapSvg(map) } },
    notice: inOneLine,
    summary: fitting([
      `## ${cell(`Capacity of ${environment}, VNet ${network.name}`)}`,
      few === '' ? `**${cell(sentence)}**` : `⚠️ **${cell(sentence)}** ${cell(few)}`,
      ...found.map((warning) => `> ⚠️ ${cell(warning, 1_000)}`),
      forecastTable(forecasts),
      'Each row is a forecast of its own, as if all new projects were of its type and profile: rows do not add up.',
      `### What would help\n\n${help.map((each) => `- ${cell(each, 1_000)}`).join('\n')}`,
      `### Limits\n\n${limitTable(findings)}`,
      countedList(),
      vnetMapMarkdown(map),
    ]),
  }
}

/** A limit that projects use nothing of needs no warning; the table shows that its use is not known. */
const unknownLimits = ({ state, forecasts }: CapacityFindings): readonly string[] =>
  countedLimitKeys.flatMap((limit) => {
    const used = state.used[limit]
    if (used.kind === 'known' || forecasts.every(({ demand }) => demand.takes[limit] === 0)) return []
    return [
      `The number of ${limits[limit].noun} in use is not known, so fewer projects may fit. ${used.reason}`,
    ]
  })

function forecastTable(forecasts: readonly Forecast[]): string {
  const rows = forecasts.map(({ demand, more, atMost, limits: [first, next] }) => [
    demand.type,
    demand.profile,
    `${atMost ? 'at most ' : ''}${grouped(more)}`,
    first === undefined ? '' : limits[first.limit].title,
    next === undefined ? '' : `${limits[next.limit].title} (at ${grouped(next.more)})`,
  ])
  return table(['Type', 'Profile', 'More projects', 'First limit', 'Next limit'], rows)
}

/** What one project takes, once where all types take the same. */
function takenBy(limit: CountedLimitKey, { forecasts, factory }: CapacityFindings): string {
  const own = forecasts.filter(({ demand }) => demand.profile === factory.network.profile)
  const amounts = new Set(own.map(({ demand }) => demand.takes[limit]))
  const [only = 0] = amounts
  if (amounts.size === 1) return grouped(only)
  return own.map(({ demand }) => `${demand.type} ${grouped(demand.takes[limit])}`).join(', ')
}

function addressCounts({ space }: EnvironmentState) {
  const max = totalSizeOf(space.prefixes)
  const left = totalSizeOf(freeBlocks(space.prefixes, [...space.taken, ...space.reserved]))
  return { used: max - left, max, left }
}

function limitTable(findings: CapacityFindings): string {
  const { state, forecasts, factory } = findings
  const { used, max, left } = addressCounts(state)
  const own = forecasts.filter(({ demand }) => demand.profile === factory.network.profile)
  const addresses = [
    limits.addresses.title,
    grouped(used),
    grouped(max),
    grouped(left),
    own.map(({ demand }) => `${demand.type} ${grouped(totalSizeOf(demand.subnets))}`).join(', '),
  ]
  const counted = countedLimitKeys.map((limit) => {
    const measured = state.used[limit]
    const most = maxOf(limit, state)
    const amounts =
      measured.kind === 'known'
        ? [grouped(measured.used), grouped(most), grouped(Math.max(0, most - measured.used))]
        : [`not known: ${measured.reason}`, grouped(most), '']
    return [limits[limit].title, ...amounts, takenBy(limit, findings)]
  })
  const taker = `One project takes (${factory.network.profile})`
  return table(['What is limited', 'Used', 'Limit', 'Left', taker], [addresses, ...counted])
}

const countedList = (): string => {
  const items = Object.values(limits).map(({ title, counted, source }) => {
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
    projects: forecasts.map(({ demand, more, atMost, limits: distances }) => ({
      type: demand.type,
      profile: demand.profile,
      more,
      atMost,
      first: distances[0]?.limit ?? null,
      next: distances[1]?.limit ?? null,
      moreByLimit: Object.fromEntries(distances.map((distance) => [distance.limit, distance.more])),
      takes: demand.takes,
      subnets: Object.fromEntries(demand.subnets.map(({ key, prefixLength }) => [key, prefixLength])),
    })),
    limits: [
      { limit: 'addresses', used: addresses.used, max: addresses.max, left: addresses.left },
      ...countedLimitKeys.map((limit) => {
        const measured = state.used[limit]
        const max = maxOf(limit, state)
        return measured.kind === 'known'
          ? { limit, used: measured.used, max, left: Math.max(0, max - measured.used) }
          : { limit, used: null, max, left: null, reason: measured.reason }
      }),
    ],
  }
}
