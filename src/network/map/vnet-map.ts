import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import { type Cidr, endOf, networkAt, overlaps, parseNetwork, sizeOf } from '../../cidr.ts'
import { projectOfSubnet } from '../../naming/names.ts'
import { outermost } from '../planner/free-blocks.ts'
import { type ActualNetwork, ipv4Networks } from '../vnet.ts'

/**
 * The map of a VNet with a project's subnets in it, including those that were not requested. Reserved ranges beside the VNet,
 * and subnets elsewhere, are left out.
 */
export function mapOf(
  network: ActualNetwork,
  reserved: readonly Cidr[],
  assigned: readonly AssignedSubnet[],
): VnetMap {
  const prefixes = ipv4Networks(network.addressPrefixes)
  const ours = new Set(assigned.map(({ name }) => name.toLowerCase()))
  const projects = new Set(assigned.flatMap(({ name }) => projectOfSubnet(name) ?? []))
  const isOurs = (name: string): boolean =>
    ours.has(name.toLowerCase()) || projects.has(projectOfSubnet(name) ?? '')
  const existing = network.subnets.flatMap(({ name, addressPrefixes }) =>
    ipv4Networks(addressPrefixes).map(
      (cidr): MapArea => ({
        kind: isOurs(name) ? 'ours' : 'existing',
        name,
        cidr,
        ...projectOf(name),
      }),
    ),
  )
  const planned = assigned.flatMap(({ name, addressPrefix, state }): readonly MapArea[] => {
    const parsed = parseNetwork(addressPrefix)
    return state === 'existing' || parsed.kind !== 'ipv4'
      ? []
      : [{ kind: 'planned', name, cidr: parsed.cidr, ...projectOf(name) }]
  })
  const kept = reserved.map((cidr): MapArea => ({ kind: 'reserved', name: 'reserved', cidr }))
  return {
    name: network.name,
    prefixes,
    areas: [...kept, ...existing, ...planned].filter(({ cidr }) =>
      prefixes.some((prefix) => overlaps(prefix, cidr)),
    ),
  }
}

function projectOf(name: string): Pick<MapArea, 'project'> {
  const project = projectOfSubnet(name)
  return project === undefined ? {} : { project }
}

/** What a part of a VNet is used for. `ours` exists already, `planned` is new. */
export type AreaKind = 'existing' | 'ours' | 'planned' | 'reserved'

/** A network inside, around or beside the address space of a VNet. */
export interface MapArea {
  readonly kind: AreaKind
  readonly name: string
  readonly cidr: Cidr
  /** Number of the project whose subnet it is, by its name; absent when it belongs to no project. */
  readonly project?: string
}

/** What is drawn. */
export interface VnetMap {
  readonly name: string
  /** Address prefixes of the VNet. */
  readonly prefixes: readonly Cidr[]
  readonly areas: readonly MapArea[]
}

/** A stretch of one row that belongs to one area. */
export interface MapPiece {
  readonly area: MapArea
  /** Addresses from the start of the row. */
  readonly offset: number
  readonly size: number
}

/** A line of the map: some addresses with what is in them, or a long stretch where nothing is. */
export type MapRow =
  | {
      readonly kind: 'row'
      readonly network: Cidr
      readonly pieces: readonly MapPiece[]
      /** Addresses of it that are neither used nor reserved. */
      readonly free: number
    }
  | { readonly kind: 'empty'; readonly first: number; readonly size: number }

/** One address prefix, cut into rows of equal size. */
export interface MapSection {
  readonly prefix: Cidr
  readonly rows: readonly MapRow[]
  /** Addresses that are neither used nor reserved. */
  readonly free: number
}

/** How a map is shown: as a picture, or as a few lines of text for a job summary. */
export type MapDetail = 'picture' | 'lines'

/** More rows than this are not legible on one page, or more lines than people scroll past. All prefixes share them. */
const mostRows: Readonly<Record<MapDetail, number>> = { picture: 64, lines: 16 }
/** Each prefix has at least so many, however many prefixes there are. */
const fewestRows = 4

/** Later kinds are drawn over earlier ones. */
const layers: readonly AreaKind[] = ['reserved', 'existing', 'ours', 'planned']

/** Cuts the address space of a VNet into rows to draw, by address. */
export function layOut({ prefixes, areas }: VnetMap, detail: MapDetail): readonly MapSection[] {
  const drawn = [...areas].sort(
    (a, b) => layers.indexOf(a.kind) - layers.indexOf(b.kind) || a.cidr.first - b.cidr.first,
  )
  const sections = outermost(prefixes)
  const most = Math.max(fewestRows, Math.floor(mostRows[detail] / sections.length))
  return sections.map((prefix) => {
    const inside = drawn.filter(({ cidr }) => overlaps(cidr, prefix))
    const finest = standardRow(prefix) + (detail === 'picture' ? finerBy(inside.length) : 0)
    return { prefix, rows: rowsOf(prefix, inside, finest, most), free: freeIn(prefix, inside) }
  })
}

/** Sixteen rows, where that is legible. */
const standardRow = ({ prefixLength }: Cidr): number =>
  Math.max(prefixLength, Math.min(24, Math.max(20, prefixLength + 4)))

/** Twice as many rows, each half as large, when there is much to show; and twice that. */
const finerBy = (areas: number): number => (areas > 240 ? 2 : areas > 64 ? 1 : 0)

/** Rows of the finest size that are not too many: larger ones when the VNet is large and full. */
function rowsOf(prefix: Cidr, areas: readonly MapArea[], finest: number, most: number): readonly MapRow[] {
  for (let rowLength = finest; rowLength > prefix.prefixLength; rowLength -= 1) {
    const rows = rowsOfLength(prefix, areas, rowLength, most)
    if (rows !== undefined) return rows
  }
  return rowsOfLength(prefix, areas, prefix.prefixLength, most) ?? []
}

/** The rows of this size, with the empty ones between them as one; `undefined` when they are too many. */
function rowsOfLength(
  prefix: Cidr,
  areas: readonly MapArea[],
  rowLength: number,
  most: number,
): readonly MapRow[] | undefined {
  const used = usedRows(prefix, areas, rowLength, most)
  if (used === undefined) return undefined
  const rows: MapRow[] = []
  let next = prefix.first
  const skipTo = (first: number): void => {
    if (first > next) rows.push({ kind: 'empty', first: next, size: first - next })
  }
  for (const network of used) {
    skipTo(network.first)
    const inside = areas.filter(({ cidr }) => overlaps(cidr, network))
    rows.push({ kind: 'row', network, pieces: piecesIn(network, inside), free: freeIn(network, inside) })
    next = endOf(network)
  }
  skipTo(endOf(prefix))
  return rows.length > most ? undefined : rows
}

/** The rows something is in. An area far larger than a row counts every row of it. */
function usedRows(
  prefix: Cidr,
  areas: readonly MapArea[],
  rowLength: number,
  most: number,
): readonly Cidr[] | undefined {
  const firsts = new Set<number>()
  for (const { cidr } of areas) {
    const end = Math.min(endOf(cidr), endOf(prefix))
    let { first } = networkAt(Math.max(cidr.first, prefix.first), rowLength)
    for (; first < end; first += sizeOf(rowLength)) {
      firsts.add(first)
      if (firsts.size > most) return undefined
    }
  }
  return [...firsts].sort((a, b) => a - b).map((first) => ({ first, prefixLength: rowLength }))
}

const piecesIn = (row: Cidr, areas: readonly MapArea[]): readonly MapPiece[] =>
  areas.map((area) => {
    const first = Math.max(area.cidr.first, row.first)
    return { area, offset: first - row.first, size: Math.min(endOf(area.cidr), endOf(row)) - first }
  })

/** Addresses that none of the areas has; all of the areas have some. */
export function freeIn(prefix: Cidr, areas: readonly MapArea[]): number {
  const used = outermost(areas.map(({ cidr }) => cidr)).reduce(
    (sum, cidr) => sum + Math.min(endOf(cidr), endOf(prefix)) - Math.max(cidr.first, prefix.first),
    0,
  )
  return sizeOf(prefix.prefixLength) - used
}

/** Words for the kinds of area, in the order of a legend. */
export const kindTitles: Readonly<Record<AreaKind, string>> = {
  planned: 'new for this project',
  ours: 'of this project',
  existing: 'in use',
  reserved: 'reserved',
}

/** The kinds of area that a map has, in the order of a legend. */
export const kindsIn = ({ areas }: VnetMap): readonly AreaKind[] =>
  (['planned', 'ours', 'existing', 'reserved'] as const).filter((kind) =>
    areas.some((area) => area.kind === kind),
  )
