import { formatAddress, formatCidr, sizeOf } from '../../cidr.ts'
import { grouped } from '../../plan/numbers.ts'
import { type AreaKind, kindsIn, kindTitles, layOut, type MapRow, type VnetMap } from './vnet-map.ts'

const columns = 32
const symbols: Readonly<Record<AreaKind | 'free' | 'partly', string>> = {
  planned: '█',
  ours: '▓',
  existing: '▒',
  partly: '░',
  reserved: '╱',
  free: '·',
}

/** Where several meet in one column, what matters most is shown. */
const weight: Readonly<Record<AreaKind | 'free', number>> = {
  free: 0,
  reserved: 1,
  existing: 2,
  ours: 3,
  planned: 4,
}

/** One column of a row: what is in it, and how many of its addresses are used by anything. */
interface Cell {
  kind: AreaKind | 'free'
  used: number
}

/**
 * The VNet as Markdown for a job summary: one line of symbols per row of addresses, with what is free in it. All its
 * prefixes share sixteen lines, but each has four when it needs them. Contains no names, so nothing to escape.
 */
export function vnetMapMarkdown(map: VnetMap): string {
  const lines = layOut(map, 'lines').flatMap(({ prefix, rows, free }) => [
    `${formatCidr(prefix)}: ${grouped(free)} of ${grouped(sizeOf(prefix.prefixLength))} addresses free`,
    ...rows.map(line),
  ])
  const kinds = kindsIn(map)
  const legend = [
    ...kinds.map((kind) => `${symbols[kind]} ${kindTitles[kind]}`),
    ...(kinds.includes('existing') && lines.some((text) => text.includes(symbols.partly))
      ? [`${symbols.partly} partly in use`]
      : []),
    `${symbols.free} free`,
  ]
  return ['```text', ...lines, '', legend.join('   '), '```', ''].join('\n')
}

const labelled = (label: string, drawn: string, free: number): string =>
  `  ${label.padEnd(19)}${drawn}  ${grouped(free)} free`

function line(row: MapRow): string {
  if (row.kind === 'empty') {
    return labelled(`from ${formatAddress(row.first)}`, symbols.free.repeat(columns), row.size)
  }
  const size = sizeOf(row.network.prefixLength)
  const perColumn = size / columns
  const cells = Array.from({ length: columns }, (): Cell => ({ kind: 'free', used: 0 }))
  for (const { area, offset, size: length } of row.pieces) {
    for (const [index, cell] of cells.entries()) {
      const shared = Math.min((index + 1) * perColumn, offset + length) - Math.max(index * perColumn, offset)
      if (shared <= 0) continue
      cell.used += shared
      if (weight[area.kind] > weight[cell.kind]) cell.kind = area.kind
    }
  }
  const drawn = cells.map(({ kind, used }) =>
    kind === 'existing' && used < perColumn ? symbols.partly : symbols[kind],
  )
  return labelled(formatCidr(row.network), drawn.join(''), row.free)
}
