import { formatAddress, formatCidr, sizeOf } from '../cidr.ts'
import { type AreaKind, kindTitles, layOut, type MapRow, type VnetMap } from './vnet-map.ts'

const columns = 64
const symbols: Readonly<Record<AreaKind | 'free', string>> = {
  planned: '█',
  ours: '▓',
  existing: '▒',
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

/** The VNet as Markdown for a job summary: one line of symbols per row of addresses. Contains no names, so nothing to escape. */
export function vnetMapMarkdown(map: VnetMap): string {
  const lines = layOut(map).flatMap(({ prefix, rows, free }) => [
    `${formatCidr(prefix)}: ${free} of ${sizeOf(prefix.prefixLength)} addresses free`,
    ...rows.map(line),
  ])
  const legend = Object.entries({ ...kindTitles, free: 'free' }).map(
    ([kind, title]) => `${symbols[isKind(kind) ? kind : 'free']} ${title}`,
  )
  return ['```text', ...lines, '', legend.join('   '), '```', ''].join('\n')
}

const isKind = (kind: string): kind is AreaKind => kind in kindTitles

function line(row: MapRow): string {
  if (row.kind === 'empty') {
    return `${`  from ${formatAddress(row.first)}`.padEnd(22)}${symbols.free.repeat(3)} ${row.size} free`
  }
  const cells = Array.from({ length: columns }, (): AreaKind | 'free' => 'free')
  const perColumn = sizeOf(row.network.prefixLength) / columns
  for (const { area, offset, size } of row.pieces) {
    const last = Math.max(Math.floor(offset / perColumn), Math.ceil((offset + size) / perColumn) - 1)
    for (let column = Math.floor(offset / perColumn); column <= last; column += 1) {
      if (weight[area.kind] > weight[cells[column] ?? 'free']) cells[column] = area.kind
    }
  }
  return `  ${formatCidr(row.network).padEnd(20)}${cells.map((kind) => symbols[kind]).join('')}`
}
