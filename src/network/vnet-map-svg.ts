import { formatAddress, formatCidr, sizeOf } from '../cidr.ts'
import {
  type AreaKind,
  kindTitles,
  layOut,
  type MapPiece,
  type MapSection,
  type VnetMap,
} from './vnet-map.ts'

const width = 960
const margin = 24
const gutter = 132
const rowHeight = 30
const emptyHeight = 18
const rowGap = 4
const barWidth = width - margin * 2 - gutter
/** Width of a character of the label font, a little generous. */
const characterWidth = 6.6

/** Text and attribute values of SVG. Control characters are not allowed in XML at all. */
const escapeXml = (text: string): string =>
  text
    .replace(
      /[\p{Cc}\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu,
      '?',
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const colours = `
.vnet-map{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--free:#eef1f4;--line:#d0d7de;--existing:#6a737d;--ours:#2f6fdb;--planned:#1a7f4b;--reserved:#8a6500;--on:#fff;font:11px ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif}
@media (prefers-color-scheme:dark){.vnet-map{--paper:#0d1117;--ink:#e6edf3;--soft:#9aa4af;--free:#1c2129;--line:#30363d;--existing:#5d6772;--ours:#3b7cf0;--planned:#238a55;--reserved:#7d5d00}}
.vnet-map .paper{fill:var(--paper)}.vnet-map .free{fill:var(--free);stroke:var(--line)}.vnet-map text{fill:var(--ink)}.vnet-map .soft{fill:var(--soft)}.vnet-map .on{fill:var(--on)}.vnet-map .title{font-size:16px;font-weight:600}.vnet-map .strong{font-weight:600}
.vnet-map .existing{fill:var(--existing)}.vnet-map .ours{fill:var(--ours)}.vnet-map .planned{fill:var(--planned);stroke:var(--ink);stroke-width:1.5}.vnet-map .reserved{fill:var(--reserved)}`
  .trim()
  .replaceAll('\n', '')

/** Collects the elements of a drawing from top to bottom. */
interface Drawing {
  readonly elements: string[]
  y: number
}

/**
 * Draws a VNet: one bar per row of addresses, each subnet in its place and size. The file stands alone, can also be put
 * into an HTML page, and follows a light or dark background. All text is escaped.
 * @param id prefix of the element ids, for pages that hold several maps
 */
export function vnetMapSvg(map: VnetMap, id = 'vnet-map'): string {
  const sections = layOut(map)
  const drawing: Drawing = { elements: [], y: margin + 12 }
  const safeId = id.replace(/[^\w-]/g, '-')
  text(drawing, margin, `VNet ${map.name}`, 'title')
  drawing.y += 12
  legend(drawing)
  for (const section of sections) drawSection(drawing, section)
  newSubnets(drawing, map)
  const height = Math.ceil(drawing.y + margin / 2)
  const title = `Address space of VNet ${map.name}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="vnet-map" viewBox="0 0 ${width} ${height}" width="100%" style="max-width:${width}px" role="img" aria-labelledby="${safeId}-title ${safeId}-description">`,
    `<title id="${safeId}-title">${escapeXml(title)}</title>`,
    `<desc id="${safeId}-description">${escapeXml(describe(map, sections))}</desc>`,
    `<style>${colours}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...drawing.elements,
    '</svg>\n',
  ].join('\n')
}

/** What the picture shows, in words. */
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

function legend(drawing: Drawing): void {
  drawing.y += 12
  const entries: readonly (readonly [AreaKind | 'free', string])[] = [
    ['planned', kindTitles.planned],
    ['ours', kindTitles.ours],
    ['existing', kindTitles.existing],
    ['reserved', kindTitles.reserved],
    ['free', 'free'],
  ]
  let x = margin
  for (const [kind, title] of entries) {
    drawing.elements.push(
      `<rect class="${kind}" x="${x}" y="${drawing.y - 9}" width="12" height="12" rx="2"/>`,
    )
    text(drawing, x + 18, title, 'soft')
    x += 34 + title.length * characterWidth
  }
  drawing.y += 16
}

function drawSection(drawing: Drawing, { prefix, rows, free }: MapSection): void {
  drawing.y += 18
  text(
    drawing,
    margin,
    `${formatCidr(prefix)} · ${free.toLocaleString('en')} of ${sizeOf(prefix.prefixLength).toLocaleString('en')} addresses free`,
    'strong',
  )
  drawing.y += 10
  for (const row of rows) {
    if (row.kind === 'empty') drawEmpty(drawing, row.first, row.size)
    else {
      bar(drawing, formatCidr(row.network), rowHeight)
      for (const piece of row.pieces) drawPiece(drawing, piece, sizeOf(row.network.prefixLength))
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
  bar(drawing, `from ${formatAddress(first)}`, emptyHeight)
  drawing.elements.push(
    `<text class="soft" x="${margin + gutter + 8}" y="${drawing.y + 13}">${size.toLocaleString('en')} free</text>`,
  )
  drawing.y += emptyHeight + rowGap
}

function drawPiece(drawing: Drawing, { area, offset, size }: MapPiece, rowSize: number): void {
  const x = margin + gutter + (offset / rowSize) * barWidth
  // A subnet is never thinner than what the eye sees.
  const pieceWidth = Math.max(2, (size / rowSize) * barWidth - 1)
  const label = `${area.name} ${formatCidr(area.cidr)}`
  const shown = fitting([label, area.name], pieceWidth)
  drawing.elements.push(
    `<g><title>${escapeXml(`${label}, ${kindTitles[area.kind]}`)}</title>`,
    `<rect class="${area.kind}" x="${round(x)}" y="${drawing.y + 1}" width="${round(pieceWidth)}" height="${rowHeight - 2}" rx="2"/>`,
    ...(shown === undefined
      ? []
      : [
          `<text class="on" x="${round(x + 5)}" y="${drawing.y + rowHeight / 2 + 4}">${escapeXml(shown)}</text>`,
        ]),
    '</g>',
  )
}

/** The first of the texts that fits, the last one shortened when that leaves something to read. */
function fitting(texts: readonly string[], available: number): string | undefined {
  const characters = Math.floor((available - 10) / characterWidth)
  const whole = texts.find(({ length }) => length <= characters)
  const shortest = texts.at(-1)
  if (whole !== undefined || shortest === undefined || characters < 6) return whole
  return `${shortest.slice(0, characters - 1)}…`
}

const round = (value: number): number => Math.round(value * 10) / 10

/** The project's own subnets in words: the bars may be too thin for their names. */
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
