import { isWithin, lastSegment } from '../resource-id.ts'
import type { CellText } from './markdown.ts'
import { type Change, type ChangeKind, changeKinds, type PropertyChange } from './model.ts'
import { shownValue } from './shown-value.ts'

/** One row of the table of changes: one change, or the same change of several things. */
export interface Row {
  readonly change: ChangeKind
  readonly things: readonly Change[]
  readonly properties: readonly PropertyChange[]
  /** What comes and goes with the thing because it is a part of it. */
  readonly parts?: readonly Change[]
}

/** The same change of at least so many things is one row. */
const fewestShared = 3
const fewestAlike = 4
/** Kinds that are counted in one cell. */
const mostKinds = 6

/**
 * Changes as rows, what is lost first. A property that changes in the same way in several resources, as a tag does, is
 * one row, and so are several things of one kind with nothing to tell them apart but their names.
 */
export function rowsOf(changes: readonly Change[]): readonly Row[] {
  return changeKinds
    .filter((kind) => kind !== 'keep')
    .flatMap((kind) => {
      const own = changes.filter(({ change }) => change === kind)
      if (kind !== 'modify') return wholeRows(own)
      const shared = sharedRows(own)
      const rest = alike(own.flatMap((change) => withoutShared(change, shared)))
      return [...shared, ...rest].map(mostToSayFirst).toSorted((a, b) => weightOf(a) - weightOf(b))
    })
}

/** What loses something comes before other properties, and these before tags, of which there are many at a first delivery. */
const weightOfProperty = ({ path, loses }: PropertyChange): number =>
  loses !== undefined ? 0 : /^tags(\.|$)/.test(path) ? 2 : 1

/** A row is as important as the most important of its properties; what has none says something else. */
const weightOf = ({ properties }: Row): number =>
  properties.length === 0 ? 1 : Math.min(...properties.map(weightOfProperty))

const mostToSayFirst = (row: Row): Row => ({
  ...row,
  properties: row.properties.toSorted((a, b) => weightOfProperty(a) - weightOfProperty(b)),
})

/** Is something lost by it? That is always shown, and whole. */
export const isLossy = ({ change, properties }: Row): boolean =>
  change === 'delete' || change === 'detach' || properties.some(({ loses }) => loses !== undefined)

/** Things that come or go, each with its parts. A part of which there is more to say has a row of its own. */
function wholeRows(changes: readonly Change[]): readonly Row[] {
  const wholes = new Map(changes.map((change) => [change, wholeOf(change, changes)]))
  const isPart = (change: Change): boolean => wholes.get(change) !== undefined
  const partsOf = (whole: Change): readonly Change[] =>
    changes.filter((change) => wholes.get(change) === whole)
  return alike(changes.filter((change) => !isPart(change))).map((row) => ({
    ...row,
    parts: row.things.flatMap(partsOf),
  }))
}

/** The outermost thing that a change is a part of; a resource group is more than its parts. */
function wholeOf(change: Change, changes: readonly Change[]): Change | undefined {
  const { scope, reason } = change
  if (scope === undefined) return undefined
  return changes.find(
    (other) =>
      other !== change &&
      other.scope !== undefined &&
      other.scope.includes('/providers/') &&
      other.scope.length < scope.length &&
      isWithin(scope, other.scope) &&
      (reason === undefined || other.reason?.startsWith(reason) === true) &&
      wholeOf(other, changes) === undefined,
  )
}

/** Properties that several resources have in common, those of the same resources in one row. */
function sharedRows(changes: readonly Change[]): readonly Row[] {
  const having = new Map<string, { readonly property: PropertyChange; readonly things: Change[] }>()
  for (const change of changes) {
    for (const property of change.properties ?? []) {
      const found = having.get(JSON.stringify(property))
      if (found === undefined) having.set(JSON.stringify(property), { property, things: [change] })
      else found.things.push(change)
    }
  }
  const shared = [...having.values()].filter(({ things }) => things.length >= fewestShared)
  const bySet = Map.groupBy(shared, ({ things }) => JSON.stringify(things.map(identity)))
  return [...bySet.values()].flatMap((same): Row[] =>
    same[0] === undefined
      ? []
      : [{ change: 'modify', things: same[0].things, properties: same.map(({ property }) => property) }],
  )
}

const identity = ({ kind, name, scope }: Change): readonly (string | undefined)[] => [kind, name, scope]

/** What is left of a change when the shared rows are shown; nothing when they say it all. */
function withoutShared(change: Change, shared: readonly Row[]): readonly Change[] {
  const said = new Set(
    shared
      .filter(({ things }) => things.includes(change))
      .flatMap(({ properties }) => properties.map((property) => JSON.stringify(property))),
  )
  if (said.size === 0) return [change]
  const properties = (change.properties ?? []).filter((property) => !said.has(JSON.stringify(property)))
  const saysMore = properties.length > 0 || change.reason !== undefined || change.uncertainty !== undefined
  return saysMore ? [{ ...change, properties }] : []
}

/** Things that differ in nothing but their names in one row, when there are some. */
function alike(changes: readonly Change[]): readonly Row[] {
  const groups = Map.groupBy(changes, (change) =>
    JSON.stringify([
      change.kind,
      // Roles and members are in many places, resources of one kind in one.
      change.kind.includes('/') ? scopeBesides(change) : '',
      change.reason,
      change.properties,
      change.uncertainty,
    ]),
  )
  return [...groups.values()].flatMap((same): Row[] => {
    const sets = same.length >= fewestAlike ? [same] : same.map((one) => [one])
    return sets.map((things) => ({
      change: things[0]?.change ?? 'keep',
      things,
      properties: things[0]?.properties ?? [],
    }))
  })
}

/** Where a thing is, when its name does not say it already: of a part of a resource, and of a setting on one, which resource. */
export function placeOf(change: Change): string {
  const besides = scopeBesides(change)
  const { kind, scope = '', name } = change
  return besides === '' && kind.includes('/') && !name.includes('/') ? wholeIn(scope) : besides
}

/** The last name in its scope, where that is not its own. */
function scopeBesides({ scope = '', name }: Change): string {
  const last = lastSegment(scope)
  return last === lastSegment(name) ? '' : last
}

/** Name of the resource that an id leads through; empty for one that is in nothing but its resource group. */
function wholeIn(id: string): string {
  const outer = id.replace(/(\/providers\/[^/]+)?\/[^/]+\/[^/]+$/i, '')
  return outer.toLowerCase().includes('/providers/') ? lastSegment(outer) : ''
}

const labels: Readonly<Record<ChangeKind, string>> = {
  delete: '🗑️\u00a0destroy',
  detach: '🔓\u00a0detach',
  create: '➕\u00a0create',
  modify: '✏️\u00a0change',
  keep: '✔️\u00a0keep',
}

/** How much of a row is shown; what is lost is always shown whole. */
export interface Detail {
  readonly mostNames: number
  readonly mostProperties: number
}

/** In the table that people see first, and in the one that is folded. */
export const brief: Detail = { mostNames: 3, mostProperties: 4 }
/** All of it. */
export const full: Detail = { mostNames: 500, mostProperties: 500 }

export const rowHeader = ['Change', 'What', 'Name', 'Where', 'Details']

/** The cells of a row. */
export function cellsOf(row: Row, detail: Detail): readonly CellText[] {
  const { change, things, properties, parts = [] } = row
  const first = things[0]
  if (first === undefined) return []
  const kinds = new Set(things.map(({ kind }) => kind))
  const isShared = kinds.size > 1
  const places = new Set(things.map(placeOf))
  const nameOf = (thing: Change): string =>
    places.size === 1 ? thing.name : `${thing.name} (${placeOf(thing)})`
  const names = isShared ? sharedNames(things, detail) : things.map(nameOf)
  return [
    [labels[change], certainty(first)],
    isShared
      ? `${things.length} resources`
      : things.length > 1
        ? `${things.length} × ${first.kind}`
        : first.kind,
    isLossy(row) || isShared ? names : cutList(names, detail.mostNames),
    places.size === 1 ? placeOf(first) : '',
    [
      ...reasons(things),
      ...cutList(
        properties.map((one) => shownProperty(one, change)),
        Math.max(detail.mostProperties, properties.filter(({ loses }) => loses !== undefined).length),
      ),
      ...cutList(shownParts(parts), detail.mostNames),
    ],
  ]
}

/** Of many kinds of things how many there are of each, or all of them. */
function sharedNames(things: readonly Change[], detail: Detail): readonly string[] {
  if (detail === full) return things.map(({ kind, name }) => `${kind} ${name}`)
  const counts = [...Map.groupBy(things, ({ kind }) => kind)].map(
    ([kind, same]) => `${same.length} × ${lastSegment(kind)}`,
  )
  return [cutList(counts, mostKinds).join(', ')]
}

const reasons = ([first, ...others]: readonly Change[]): readonly string[] =>
  first === undefined || others.some(({ reason }) => reason !== first.reason) ? [] : [first.reason ?? '']

const marks = { potential: 'perhaps', unknown: 'not all known' } as const

const certainty = ({ uncertainty }: Change): string =>
  uncertainty === undefined ? '' : marks[uncertainty.is]

/** What the marks of uncertain changes mean, each reason once with how many changes have it. */
export function uncertainties(changes: readonly Change[]): readonly string[] {
  const uncertain = changes.flatMap(({ uncertainty }) => uncertainty ?? [])
  const reasons = Map.groupBy(uncertain, ({ is, reason }) => `${marks[is]}: ${reason}`)
  return [...reasons].map(([sentence, same]) => `${sentence} (${same.length})`)
}

const cutList = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most + 1 ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`]

/** Parts by their type and last name, the same of several things once. */
const shownParts = (parts: readonly Change[]): readonly string[] =>
  [...Map.groupBy(parts, ({ kind, name }) => `${lastSegment(kind)} ${lastSegment(name)}`)].map(
    ([part, same]) => `with ${same.length > 1 ? `${same.length} × ` : ''}${part}`,
  )

const shownProperty = ({ path, before, after, loses }: PropertyChange, change: ChangeKind): string =>
  change === 'create'
    ? `${path}: ${shownValue(after)}`
    : `${path}: ${shownValue(before)} → ${shownValue(after)}${loses === undefined ? '' : `. Lost: ${loses}.`}`

/** Does the brief form leave something out? */
export const isCut = (row: Row): boolean =>
  JSON.stringify(cellsOf(row, brief)) !== JSON.stringify(cellsOf(row, full))
