import type { Change } from '../plan/model.ts'
import { changesById } from './changes.ts'
import type { Origin } from './delivery.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { link, portalLink } from './links.ts'
import { badge, bounded, code, counted, folded, moreLine } from './parts.ts'
import { parseResourceId, type ResourceName } from './resource-id.ts'
import { type Area, areas, kindOf } from './resource-kinds.ts'

const mostResources = 300
const endpointType = 'microsoft.network/privateendpoints'

/** Resources by what they are to a reader: things, their parts, and the private endpoints that lead to them. */
interface Inventory {
  readonly things: readonly ResourceName[]
  readonly parts: ReadonlyMap<string, readonly ResourceName[]>
  readonly endpoints: readonly ResourceName[]
}

const key = (id: string): string => id.toLowerCase()
const isEndpoint = ({ type }: ResourceName): boolean => type.toLowerCase() === endpointType

/** Sorts the resources out. A part whose whole is not in the list is a thing of its own. */
function takeStock(ids: readonly string[]): Inventory {
  const resources = ids.flatMap((id) => parseResourceId(id) ?? [])
  const known = new Set(resources.map(({ id }) => key(id)))
  const parts = new Map<string, ResourceName[]>()
  const things: ResourceName[] = []
  for (const resource of resources) {
    const whole = resource.parent === undefined ? undefined : key(resource.parent)
    if (whole === undefined || !known.has(whole)) things.push(resource)
    else parts.set(whole, [...(parts.get(whole) ?? []), resource])
  }
  return {
    things: things.filter((thing) => !isEndpoint(thing) && thing.type !== 'resourceGroups'),
    parts,
    endpoints: things.filter(isEndpoint),
  }
}

/** What was deployed, by area, each thing with its parts and its private endpoints. */
export function resourcesSection(facts: EnvironmentFacts, { portal }: Origin): Markup | undefined {
  const { resources, resourceGroup, described, title } = facts
  if (resources === undefined) return undefined
  const inventory = takeStock(resources)
  const { sentence, badges } = novelty(inventory, facts, changesById(facts))
  const tenantId = described?.project.factory.tenantId
  const nameOf = ({ id, name }: ResourceName): Markup => link(portalLink(portal, tenantId, id), code(name))
  const { shown, more } = bounded(inventory.things, mostResources)
  const groups = areas.flatMap((area) => {
    const inArea = shown.filter(({ type }) => kindOf(type).area === area)
    return inArea.length === 0
      ? []
      : [areaRows(area, inArea, inventory, (thing) => html`${nameOf(thing)} ${badges.get(key(thing.id))}`)]
  })
  const table = html`<table class="stacked list inventory">
<caption class="hidden">Resources of the project in ${title}</caption>
<thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Includes</th><th scope="col">Private endpoints</th></tr></thead>
${groups}
</table>`
  return html`<section class="block">
<h3>Resources</h3>
<p class="lead">${counted(inventory.things.length, 'resource')} and ${counted(inventory.endpoints.length, 'private endpoint')}${resourceGroup === undefined ? '' : html` in resource group ${code(resourceGroup)}`}.${sentence}</p>
${table}${moreLine(more)}
${endpointList(inventory)}
</section>`
}

/** What is new among the resources: one sentence when it is all of the project's own, a badge for each otherwise. */
function novelty(
  { things }: Inventory,
  { resourceGroup }: EnvironmentFacts,
  changes: ReadonlyMap<string, Change>,
): { readonly sentence: string; readonly badges: ReadonlyMap<string, Markup> } {
  const changeOf = ({ id }: ResourceName) => changes.get(key(id))?.change
  const own = things.filter((thing) => thing.resourceGroup === resourceGroup)
  const allNew = own.length > 0 && own.every((thing) => changeOf(thing) === 'create')
  const badges = things.flatMap((thing): readonly (readonly [string, Markup])[] => {
    const change = changeOf(thing)
    if (change === 'modify') return [[key(thing.id), badge('changed', 'warn')]]
    return change === 'create' && !allNew ? [[key(thing.id), badge('new', 'good')]] : []
  })
  return { sentence: allNew ? ' All of them are new.' : '', badges: new Map(badges) }
}

function areaRows(
  area: Area,
  things: readonly ResourceName[],
  inventory: Inventory,
  nameOf: (thing: ResourceName) => Markup,
): Markup {
  const rows = things.map(
    (thing) => html`<tr><th scope="row">${kindOf(thing.type).title}</th>
<td data-label="Name">${nameOf(thing)}</td>
<td data-label="Includes">${partsOf(thing, inventory)}</td>
<td data-label="Private endpoints">${endpointsOf(thing, inventory)}</td></tr>\n`,
  )
  return html`<tbody><tr class="area"><th colspan="4" scope="rowgroup">${area}</th></tr>\n${rows}</tbody>\n`
}

const nothing = html`<span class="soft nothing">–</span>`

/** Parts of a thing and parts of these, those of one kind together. */
function partsOf({ id }: ResourceName, { parts }: Inventory): Markup {
  const below = (whole: string): readonly ResourceName[] =>
    (parts.get(key(whole)) ?? []).flatMap((part) => [part, ...below(part.id)])
  const byKind = Map.groupBy(
    below(id).filter(({ name }) => name !== 'default'),
    ({ type }) => kindOf(type).title,
  )
  if (byKind.size === 0) return nothing
  const items = [...byKind].map(
    ([title, members]) =>
      html`<li><span class="soft">${title}</span> ${members.map(({ name }) => html`${code(name)} `)}</li>`,
  )
  return html`<ul class="plain">${items}</ul>`
}

/** What the endpoint leads to within its resource, e.g. `blob`, as its name says. */
const targetOf = (endpoint: string, resource: string): string =>
  endpoint.slice(resource.length + 1).replace(/-?pend$/, '')

function endpointsOf({ name }: ResourceName, { endpoints }: Inventory): Markup {
  const own = endpoints.filter((endpoint) => endpoint.name.startsWith(`${name}-`))
  if (own.length === 0) return nothing
  return html`${own.map((endpoint) => html`<span class="chip">${targetOf(endpoint.name, name)}</span> `)}`
}

function endpointList({ endpoints }: Inventory): Markup | undefined {
  if (endpoints.length === 0) return undefined
  const { shown, more } = bounded(endpoints, mostResources)
  const items = shown.map(({ name }) => html`<li>${code(name)}</li>`)
  return folded(
    `Names of the ${counted(endpoints.length, 'private endpoint')}`,
    html`<ul class="columns">${items}</ul>${moreLine(more)}`,
  )
}
