import { commonCatalogue, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonPartDefinition } from '../../catalog/common/types.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { type TemplateBodies, templateBodies } from '../../compose/template-summary.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import type { JsonObject } from '../../json.ts'
import type { DnsSource } from '../../manifest/resolved.ts'
import { limits } from '../../network/capacity/limits.ts'
import { cell, table } from '../../plan/markdown.ts'
import { grouped } from '../../plan/numbers.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { CommonDelivery } from './plan-common.ts'
import type { ProjectCapacity } from './project-capacity.ts'
import { networkReach, reachOf } from './reach.ts'

/** What an architect asks of a common area: which parts it has, from where each can be reached, and how many projects will fit beside it. */
export interface AreaOverview {
  /** `reach` is empty for what nobody connects to. */
  readonly parts: readonly { readonly title: string; readonly what: string; readonly reach: string }[]
  readonly capacity: readonly {
    readonly type: string
    readonly more: string
    /** The limits that are reached first and next. */
    readonly first: string
    readonly next: string
  }[]
}

/** Finds it out. */
export const areaOverview = (delivery: CommonDelivery, { forecasts }: ProjectCapacity): AreaOverview => ({
  parts: partRows(delivery).map(([title = '', what = '', reach = '']) => ({ title, what, reach })),
  capacity: forecasts.map(capacityRow),
})

/** The same as Markdown, escaped. */
export const overviewMarkdown = ({ parts, capacity }: AreaOverview): string =>
  [
    '### Parts',
    table(
      ['Part', 'What it is', 'Reachable from'],
      parts.map(({ title, what, reach }) => [title, what, reach]),
    ),
    '### Capacity for projects',
    table(
      ['Type of project', 'How many more fit', 'First limit', 'Next limit'],
      capacity.map(({ type, more, first, next }) => [type, more, first, next]),
    ),
    cell(
      'Each row is a forecast of its own, as if all new projects were of that type: rows do not add up.',
      500,
    ),
  ].join('\n\n')

const capacityRow = ({
  demand,
  more,
  atMost,
  limits: [first, next],
}: ProjectCapacity['forecasts'][number]): AreaOverview['capacity'][number] => ({
  type: `${demand.type} (${demand.profile})`,
  more: `${atMost ? 'at most ' : ''}${grouped(more)}`,
  first: first === undefined ? '' : limits[first.limit].title,
  next: next === undefined ? '' : `${limits[next.limit].title} (at ${grouped(next.more)})`,
})

function partRows(delivery: CommonDelivery): readonly (readonly string[])[] {
  const { area, network, common } = delivery
  const { subscriptionId, dns, common: parts } = area.factory
  const bodies = new Map(
    [network, common].flatMap(({ template }) => [
      ...templateBodies({ ...template.template }, subscriptionId),
    ]),
  )
  return commonPartKeys.map((key) => {
    const [part, setting] = [commonCatalogue.parts[key], parts[key]]
    const { title } = part
    if (setting.kind === 'off')
      return [title, key === 'privateDnsZones' ? zonesElsewhere(dns) : 'not there', '']
    if (setting.kind === 'existing')
      return [
        title,
        `yours: ${lastSegment(setting.id)}`,
        key === 'virtualNetwork' ? networkReach(delivery) : 'as its owner set it',
      ]
    const own = resourcesOf(part, area, bodies)
    const names = own.map(({ name }) => String(name))
    const things = names.length === 0 ? countsOf(part, bodies) : names
    const said =
      key === 'virtualNetwork' ? delivery.subnets.network.addressPrefixes : optionTexts(setting.options)
    return [title, [...things, ...said].join(', '), reachOf(part, delivery, own)]
  })
}

/** Whose the private DNS zones are that the common area does not have. */
const zonesElsewhere = (dns: DnsSource): string =>
  dns.mode === 'hub'
    ? `those of the hub, in ${dns.resourceGroup}`
    : 'those that the policies of the subscription name'

/** How many there are of what has no name of its own, e.g. `62 × privateDnsZones`; what is in others is not counted. */
const countsOf = ({ data }: CommonPartDefinition, bodies: TemplateBodies): readonly string[] =>
  Object.keys(data)
    .filter((type) => type.split('/').length === 2)
    .map((type) => {
      const all = [...bodies.values()].filter((body) => sameText(String(body['type']), type))
      return `${all.length} × ${lastSegment(type)}`
    })

/** What was chosen of a part, as factory.yml would say it: `retentionDays 7`. */
const optionTexts = (options: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(options).flatMap(([key, value]) => {
    const text = Array.isArray(value) ? enumeration(value.map(String), 5) : String(value)
    return text === '' ? [] : [`${key} ${text.startsWith('/') ? lastSegment(text) : text}`]
  })

/** The bodies of a part's named resources. */
const resourcesOf = (
  part: CommonPartDefinition,
  { ids }: CommonArea,
  bodies: TemplateBodies,
): readonly JsonObject[] => {
  const known = new Map<string, string>(Object.entries(ids))
  return Object.keys(part.resources)
    .map((key) => bodies.get(known.get(key)?.toLowerCase() ?? ''))
    .filter((body) => body !== undefined)
}
