import { type Cidr, endOf, networkAt, overlaps, sizeOf } from '../cidr.ts'
import { outermost } from './free-blocks.ts'

/** What a part of a VNet is used for. `ours` exists already, `planned` is new. */
export type AreaKind = 'existing' | 'ours' | 'planned' | 'reserved'

/** A network inside, around or beside the address space of a VNet. */
export interface MapArea {
  readonly kind: AreaKind
  readonly name: string
  readonly cidr: Cidr
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
  | { readonly kind: 'row'; readonly network: Cidr; readonly pieces: readonly MapPiece[] }
  | { readonly kind: 'empty'; readonly first: number; readonly size: number }

/** One address prefix, cut into rows of equal size. */
export interface MapSection {
  readonly prefix: Cidr
  readonly rows: readonly MapRow[]
  /** Addresses that are neither used nor reserved. */
  readonly free: number
}

/** More rows than this are not legible on one page. */
const mostRows = 64

/** Later kinds are drawn over earlier ones. */
const layers: readonly AreaKind[] = ['reserved', 'existing', 'ours', 'planned']

/** Cuts the address space of a VNet into rows to draw, by address. */
export function layOut({ prefixes, areas }: VnetMap): readonly MapSection[] {
  const drawn = [...areas].sort(
    (a, b) => layers.indexOf(a.kind) - layers.indexOf(b.kind) || a.cidr.first - b.cidr.first,
  )
  return outermost(prefixes).map((prefix) => {
    const inside = drawn.filter(({ cidr }) => overlaps(cidr, prefix))
    return { prefix, rows: rowsOf(prefix, inside), free: freeIn(prefix, inside) }
  })
}

/** Sixteen rows where that is legible; fewer, larger ones when the VNet is large and full. */
function rowsOf(prefix: Cidr, areas: readonly MapArea[]): readonly MapRow[] {
  const standard = Math.max(prefix.prefixLength, Math.min(24, Math.max(20, prefix.prefixLength + 4)))
  for (let rowLength = standard; rowLength > prefix.prefixLength; rowLength -= 1) {
    const rows = rowsOfLength(prefix, areas, rowLength)
    if (rows !== undefined) return rows
  }
  return rowsOfLength(prefix, areas, prefix.prefixLength) ?? []
}

/** The rows of this size, with the empty ones between them as one; `undefined` when they are too many. */
function rowsOfLength(
  prefix: Cidr,
  areas: readonly MapArea[],
  rowLength: number,
): readonly MapRow[] | undefined {
  const used = usedRows(prefix, areas, rowLength)
  if (used === undefined) return undefined
  const rows: MapRow[] = []
  let next = prefix.first
  const skipTo = (first: number): void => {
    if (first > next) rows.push({ kind: 'empty', first: next, size: first - next })
  }
  for (const network of used) {
    skipTo(network.first)
    rows.push({ kind: 'row', network, pieces: piecesIn(network, areas) })
    next = endOf(network)
  }
  skipTo(endOf(prefix))
  return rows
}

/** The rows something is in. An area far larger than a row counts every row of it. */
function usedRows(prefix: Cidr, areas: readonly MapArea[], rowLength: number): readonly Cidr[] | undefined {
  const firsts = new Set<number>()
  for (const { cidr } of areas) {
    const end = Math.min(endOf(cidr), endOf(prefix))
    let { first } = networkAt(Math.max(cidr.first, prefix.first), rowLength)
    for (; first < end; first += sizeOf(rowLength)) {
      firsts.add(first)
      if (firsts.size > mostRows) return undefined
    }
  }
  return [...firsts].sort((a, b) => a - b).map((first) => ({ first, prefixLength: rowLength }))
}

const piecesIn = (row: Cidr, areas: readonly MapArea[]): readonly MapPiece[] =>
  areas
    .filter(({ cidr }) => overlaps(cidr, row))
    .map((area) => {
      const first = Math.max(area.cidr.first, row.first)
      return { area, offset: first - row.first, size: Math.min(endOf(area.cidr), endOf(row)) - first }
    })

function freeIn(prefix: Cidr, areas: readonly MapArea[]): number {
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
