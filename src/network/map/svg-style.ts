import type { VnetMap } from './vnet-map.ts'

/** Width of a character of the label font, a little generous. */
export const characterWidth = 6.6

/** Text and attribute values of SVG. Control characters are not allowed in XML at all, and some change the reading direction. */
export const escapeXml = (text: string): string =>
  text
    .replace(
      /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu,
      '?',
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/**
 * Neighbouring projects have different tints, pale enough that what is new stands out, and dark where the page is.
 * Letters on them have a contrast of at least 7:1.
 */
const tints: readonly { readonly light: string; readonly dark: string }[] = [
  { light: '#cfe0fc', dark: '#20406f' },
  { light: '#d0eed6', dark: '#1c4d31' },
  { light: '#fde0c0', dark: '#5b3b15' },
  { light: '#e4d7f8', dark: '#443170' },
  { light: '#fbd3dd', dark: '#5f2439' },
  { light: '#c9ecef', dark: '#124b51' },
]

/** The class of a project's tint. */
export const tintOf = (project: string): string => `tint-${Number(project) % tints.length}`

const tintVariables = (theme: 'light' | 'dark'): string =>
  tints.map((tint, index) => `--tint-${index}:${tint[theme]}`).join(';')

const colours = [
  `.vnet-map{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--free:#f6f8fa;--line:#d0d7de;--existing:#6a737d;--ours:#2f6fdb;--planned:#1a7f4b;--reserved:#8a6500;--on:#fff;${tintVariables('light')};font:11px ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif}`,
  `@media (prefers-color-scheme:dark){.vnet-map{--paper:#0d1117;--ink:#e6edf3;--soft:#9aa4af;--free:#161b22;--line:#30363d;--existing:#5d6772;--ours:#3b7cf0;--planned:#238a55;--reserved:#7d5d00;${tintVariables('dark')}}}`,
  '.vnet-map .paper{fill:var(--paper)}.vnet-map .free{fill:var(--free);stroke:var(--line)}.vnet-map text{fill:var(--ink)}.vnet-map .soft{fill:var(--soft)}.vnet-map .on{fill:var(--on)}.vnet-map .title{font-size:16px;font-weight:600}.vnet-map .strong{font-weight:600}.vnet-map .small{font-size:9px}.vnet-map .middle{text-anchor:middle}',
  '.vnet-map .existing{fill:var(--existing)}.vnet-map .ours{fill:var(--ours)}.vnet-map .planned{fill:var(--planned);stroke:var(--ink);stroke-width:1.5}.vnet-map .reserved{fill:var(--reserved)}',
  ...tints.map((_, index) => `.vnet-map .tint-${index}{fill:var(--tint-${index})}`),
].join('')

/** A drawing of a VNet. */
interface MapDrawing {
  readonly width: number
  readonly height: number
  readonly map: VnetMap
  /** For those who do not see it. */
  readonly description: string
  readonly elements: readonly string[]
}

/** The file: self-contained, fit to be embedded in an HTML page, light or dark as what is around it. */
export const svgOf = ({ width, height, map, description, elements }: MapDrawing): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" class="vnet-map" viewBox="0 0 ${width} ${height}" width="100%" style="max-width:${width}px" role="img" aria-labelledby="vnet-map-title vnet-map-description">`,
    `<title id="vnet-map-title">${escapeXml(`Address space of VNet ${map.name}`)}</title>`,
    `<desc id="vnet-map-description">${escapeXml(description)}</desc>`,
    `<style>${colours}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...elements,
    '</svg>\n',
  ].join('\n')
