// The picture of docs/architecture.md: the parts of the product, and which may import which, as the import rules say it.
import { parts } from '../import-rules.ts'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Where each part is drawn. */
const places: Readonly<Record<string, Box>> = {
  actions: { x: 260, y: 60, width: 440 },
  operations: { x: 260, y: 190, width: 440 },
  azure: { x: 20, y: 320, width: 200 },
  report: { x: 260, y: 320, width: 440 },
  runtime: { x: 740, y: 320, width: 200 },
  domain: { x: 260, y: 450, width: 440 },
  manifest: { x: 260, y: 580, width: 440 },
  plan: { x: 740, y: 580, width: 200 },
  catalog: { x: 260, y: 710, width: 440 },
  naming: { x: 740, y: 710, width: 200 },
  words: { x: 20, y: 840, width: 450 },
  diagnostics: { x: 490, y: 840, width: 450 },
}
/** What everything stands on: no arrow leads there, since one would have to come from everywhere. */
const ground: readonly string[] = ['words', 'diagnostics']
const height = 90

const placeOf = (name: string): Box => {
  const place = places[name]
  if (place === undefined) throw new Error(`The picture has no place for '${name}'.`)
  return place
}

/** The imports that no others lead to as well. What is left out here stands in the boxes. */
const arrows = Object.entries(parts).flatMap(([from, { may }]) =>
  may
    .filter((to) => !ground.includes(to) && !may.some((other) => parts[other]?.may.includes(to)))
    .map((to) => ({ from, to })),
)

/** From the side of one box that faces the other to the one that faces it. */
function arrow({ from, to }: { readonly from: string; readonly to: string }): string {
  const [a, b] = [placeOf(from), placeOf(to)]
  const left = Math.max(a.x, b.x)
  const right = Math.min(a.x + a.width, b.x + b.width)
  if (a.y === b.y) {
    const isRight = b.x > a.x
    const [start, end] = isRight ? [a.x + a.width, b.x - 6] : [a.x, b.x + b.width + 6]
    return line(`M${start} ${a.y + height / 2}H${end}`)
  }
  if (left < right) return line(`M${(left + right) / 2} ${a.y + height}V${b.y - 6}`)
  const [start, end] = b.x > a.x ? [a.x + a.width, b.x - 6] : [a.x, b.x + b.width + 6]
  return line(`M${start} ${a.y + height * 0.75}H${(start + end) / 2}V${b.y + height * 0.4}H${end}`)
}

const line = (path: string): string => `<path class="arrow" d="${path}" marker-end="url(#head)"/>`

function box(name: string): string {
  const part = parts[name]
  if (part === undefined) throw new Error(`The picture has a place for '${name}', which is no part.`)
  const { x, y, width } = placeOf(name)
  const folders = part.folders.map((folder) => folder.replace('src/', '')).join(' · ')
  const imports = part.may.filter((other) => !ground.includes(other))
  const texts = [
    { kind: 'name', text: part.pure ? `${name} (pure)` : name },
    ...(folders === name ? [] : [{ kind: 'folders', text: folders }]),
    { kind: 'does', text: part.does },
    ...(ground.includes(name)
      ? []
      : [{ kind: 'imports', text: imports.length === 0 ? '' : `may import ${imports.join(', ')}` }]),
  ].filter(({ text }) => text !== '')
  const first = y + height / 2 - (texts.length - 1) * 9 + 4
  return [
    `<rect class="${part.pure ? 'pure' : 'edge'}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    ...texts.map(
      ({ kind, text }, index) =>
        `<text class="${kind}" x="${x + width / 2}" y="${first + index * 18}">${text}</text>`,
    ),
  ].join('\n')
}

/** An SVG with its own background, since pages are light or dark. */
export function architecturePicture(): string {
  for (const name of Object.keys(parts)) placeOf(name)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 960" font-family="system-ui, sans-serif" role="img" aria-label="Parts of the product, and which may import which">
<style>
rect.edge { fill: #fff; stroke: #57606a }
rect.pure { fill: #ddf4ff; stroke: #0969da }
text { text-anchor: middle; fill: #1f2328; font-size: 12px }
text.name { font-weight: 600; font-size: 15px }
text.folders, text.imports { fill: #57606a; font-size: 11px }
path.arrow { fill: none; stroke: #57606a; stroke-width: 1.5 }
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>
<rect width="960" height="960" fill="#f6f8fa"/>
<text x="480" y="32">Imports point down, and only there. All parts may import words and diagnostics. Blue parts decide and know no SDK, no clock, no file.</text>
${arrows.map(arrow).join('\n')}
${Object.keys(places).map(box).join('\n')}
</svg>
`
}
