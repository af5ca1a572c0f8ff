import { formatAddress, formatCidr, sizeOf } from '../../cidr.ts'
import { grouped } from '../../plan/numbers.ts'
import { characterWidth, escapeXml, svgOf, tintOf } from './svg-style.ts'
import {
  kindsIn,
  kindTitles,
  layOut,
  type MapArea,
  type MapPiece,
  type MapRow,
  type MapSection,
  type VnetMap,
} from './vnet-map.ts'

const width = 960
const margin = 24
const gutter = 132
const highRow = 30
const lowRow = 20
/** With more rows than this, low ones keep the picture on a page. */
const manyRows = 24
const rowGap = 4
const barWidth = width - margin * 2 - gutter
/** And of the small labels. */
const smallCharacterWidth = 5.4

/** Collects the elements of a drawing from top to bottom. */
interface Drawing {
  readonly elements: string[]
  y: number
}

/**
 * Draws a VNet: one bar per row of addresses, each subnet in its place and size. The file is self-contained, can be
 * embedded in an HTML page, and follows a light or dark background. All text is escaped.
 */
export function vnetMapSvg(map: VnetMap): string {
  const sections = layOut(map, 'picture')
  const drawing: Drawing = { elements: [], y: margin + 12 }
  text(drawing, margin, `VNet ${map.name}`, 'title')
  drawing.y += 12
  legend(drawing, map)
  for (const section of sections) drawSection(drawing, section)
  newSubnets(drawing, map)
  const height = Math.ceil(drawing.y + margin / 2)
  return svgOf({ width, height, map, description: describe(map, sections), elements: drawing.elements })
}

/** A description of the picture. */
function describe({ areas }: VnetMap, sections: readonly MapSection[]): string {
  const prefixes = sections.map(({ prefix, free }) => `${formatCidr(prefix)} with ${free} free addresses`)
  const ours = areas
    .filter(({ kind }) => kind === 'planned' || kind === 'ours')
    .map(({ name, cidr, kind }) => `${name} ${formatCidr(cidr)}${kind === 'planned' ? ' (new)' : ''}`)
  const others = areas.filter(({ kind }) => kind === 'existing').length
  return `Address prefixes: ${prefixes.join('; ') || 'none'}. Subnets of this project: ${ours.join('; ') || 'none'}. Other subnets: ${others}.`
}

function text(drawing: Drawing, x: number, content: string, style = ''): void {
  const classes = style === '' ? '' : ` class="${style}"`
  drawing.elements.push(`<text x="${x}" y="${drawing.y}"${classes}>${escapeXml(content)}</text>`)
}

/** Only what the map has. A project is shown in its tint unless it is the one that the map is about. */
function legend(drawing: Drawing, map: VnetMap): void {
  drawing.y += 12
  const kinds = kindsIn(map)
  const others = map.areas.filter(({ kind }) => kind === 'existing')
  const isOfOne = kinds.includes('planned') || kinds.includes('ours')
  const entries: readonly (readonly [readonly string[], string])[] = [
    ...kinds
      .filter((kind) => kind === 'planned' || kind === 'ours')
      .map((kind) => [[kind], kindTitles[kind]] as const),
    ...(others.some(isTinted)
      ? [[['tint-0', 'tint-1', 'tint-2'], isOfOne ? 'other projects' : 'projects'] as const]
      : []),
    ...(others.every(isTinted) ? [] : [[['existing'], 'in use by others'] as const]),
    ...(kinds.includes('reserved') ? [[['reserved'], kindTitles.reserved] as const] : []),
    [['free'], 'free'],
  ]
  let x = margin
  for (const [swatches, title] of entries) {
    for (const swatch of swatches) {
      drawing.elements.push(
        `<rect class="${swatch}" x="${x}" y="${drawing.y - 9}" width="12" height="12" rx="2"/>`,
      )
      x += 14
    }
    text(drawing, x + 4, title, 'soft')
    x += 20 + title.length * characterWidth
  }
  drawing.y += 16
}

/** Is it shown in the tint of its project? */
const isTinted = ({ kind, project }: MapArea): boolean => kind === 'existing' && project !== undefined

function drawSection(drawing: Drawing, { prefix, rows, free }: MapSection): void {
  drawing.y += 18
  text(
    drawing,
    margin,
    `${formatCidr(prefix)} · ${grouped(free)} of ${grouped(sizeOf(prefix.prefixLength))} addresses free`,
    'strong',
  )
  drawing.y += 10
  const rowHeight = rows.length > manyRows ? lowRow : highRow
  for (const row of rows) {
    if (row.kind === 'empty') drawEmpty(drawing, row.first, row.size)
    else {
      const perAddress = barWidth / sizeOf(row.network.prefixLength)
      bar(drawing, formatCidr(row.network), rowHeight)
      for (const gap of gapsIn(row)) drawGap(drawing, gap, perAddress, rowHeight)
      for (const piece of row.pieces) drawPiece(drawing, piece, perAddress, rowHeight)
      drawing.y += rowHeight + rowGap
    }
  }
}

function bar(drawing: Drawing, label: string, height: number): void {
  const middle = drawing.y + height / 2 + 4
  drawing.elements.push(
    `<text class="soft" x="${margin}" y="${middle}">${escapeXml(label)}</text>`,
    `<rect class="free" x="${margin + gutter}" y="${drawing.y}" width="${barWidth}" height="${height}" rx="3"/>`,
  )
}

function drawEmpty(drawing: Drawing, first: number, size: number): void {
  bar(drawing, `from ${formatAddress(first)}`, lowRow)
  drawing.elements.push(
    `<text class="soft middle" x="${margin + gutter + barWidth / 2}" y="${drawing.y + lowRow / 2 + 4}">${grouped(size)} free</text>`,
  )
  drawing.y += lowRow + rowGap
}

/** A stretch of a row in which nothing is. */
interface Gap {
  readonly offset: number
  readonly size: number
}

function gapsIn({ network, pieces }: Extract<MapRow, { kind: 'row' }>): readonly Gap[] {
  const gaps: Gap[] = []
  let next = 0
  for (const { offset, size } of [...pieces].sort((a, b) => a.offset - b.offset)) {
    if (offset > next) gaps.push({ offset: next, size: offset - next })
    next = Math.max(next, offset + size)
  }
  const end = sizeOf(network.prefixLength)
  return next < end ? [...gaps, { offset: next, size: end - next }] : gaps
}

function drawGap(drawing: Drawing, { offset, size }: Gap, perAddress: number, height: number): void {
  const label = fitting([`${grouped(size)} free`, grouped(size)], size * perAddress)
  if (label === undefined) return
  const middle = margin + gutter + (offset + size / 2) * perAddress
  drawing.elements.push(
    `<text class="soft middle" x="${round(middle)}" y="${drawing.y + height / 2 + 4}">${label.text}</text>`,
  )
}

function drawPiece(
  drawing: Drawing,
  { area, offset, size }: MapPiece,
  perAddress: number,
  height: number,
): void {
  const x = margin + gutter + offset * perAddress
  // A subnet is never thinner than what the eye sees.
  const pieceWidth = Math.max(2, size * perAddress - 1)
  const whole = `${area.name} ${formatCidr(area.cidr)}`
  const label = fitting([whole, area.name, ...shortNames(area)], pieceWidth)
  const style = isTinted(area) && area.project !== undefined ? tintOf(area.project) : area.kind
  const letters = [isTinted(area) ? '' : 'on', label?.isSmall ? 'small' : '', 'middle']
    .filter(Boolean)
    .join(' ')
  drawing.elements.push(
    `<g><title>${escapeXml(`${whole}, ${area.project === undefined ? '' : `project ${area.project}, `}${kindTitles[area.kind]}`)}</title>`,
    `<rect class="${style}" x="${round(x)}" y="${drawing.y + 1}" width="${round(pieceWidth)}" height="${height - 2}" rx="2"/>`,
    ...(label === undefined
      ? []
      : [
          `<text class="${letters}" x="${round(x + pieceWidth / 2)}" y="${drawing.y + height / 2 + 4}">${escapeXml(label.text)}</text>`,
        ]),
    '</g>',
  )
}

/** The name without what the names of all projects begin with, and the number alone. */
function shortNames({ name, project }: MapArea): readonly string[] {
  if (project === undefined) return []
  const start = name.indexOf(project)
  return [name.slice(start).replace('-', ' '), project]
}

interface Label {
  readonly text: string
  readonly isSmall: boolean
}

/** The first of the texts that fits; else the last one, in small letters or shortened when that leaves something to read. */
function fitting(texts: readonly string[], available: number): Label | undefined {
  const characters = Math.floor((available - 6) / characterWidth)
  const whole = texts.find(({ length }) => length <= characters)
  if (whole !== undefined) return { text: whole, isSmall: false }
  const shortest = texts.at(-1) ?? ''
  if (shortest.length <= Math.floor((available - 2) / smallCharacterWidth))
    return { text: shortest, isSmall: true }
  return characters < 6 ? undefined : { text: `${shortest.slice(0, characters - 1)}…`, isSmall: false }
}

const round = (value: number): number => Math.round(value * 10) / 10

/** The project's own subnets as text: the bars may be too thin for their names. */
function newSubnets(drawing: Drawing, { areas }: VnetMap): void {
  const ours = areas.filter(({ kind }) => kind === 'planned' || kind === 'ours')
  if (ours.length === 0) return
  drawing.y += 22
  text(drawing, margin, 'Subnets of this project', 'strong')
  for (const { name, cidr, kind } of ours) {
    drawing.y += 20
    drawing.elements.push(
      `<rect class="${kind}" x="${margin}" y="${drawing.y - 9}" width="12" height="12" rx="2"/>`,
    )
    text(drawing, margin + 18, `${name} · ${formatCidr(cidr)} · ${kind === 'planned' ? 'new' : 'exists'}`)
  }
  drawing.y += 8
}
