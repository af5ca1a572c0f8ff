import { type Cidr, endOf, formatAddress, formatCidr, overlaps, sizeOf } from '../../cidr.ts'
import { grouped } from '../../plan/numbers.ts'
import { outermost } from '../planner/free-blocks.ts'
import { characterWidth, escapeXml, svgOf } from './svg-style.ts'
import { type AreaKind, freeIn, type MapArea, type VnetMap } from './vnet-map.ts'

const width = 340
const margin = 10
const blockWidth = width - 2 * margin
const mostCharacters = Math.floor((blockWidth - 16) / characterWidth)
/** More blocks than this in one prefix are not read; neighbours that are not the project's become one. */
const mostBlocks = 40

/** A stretch of addresses, with what is in it in two lines. */
interface Block {
  readonly kind: AreaKind | 'free'
  readonly first: number
  readonly end: number
  /** Subnets in it; none when it is free or reserved. */
  readonly names: readonly string[]
}

const isOwn = ({ kind }: Pick<Block, 'kind'>): boolean => kind === 'planned' || kind === 'ours'

/** The addresses of a prefix from first to last: what is in them, and what is free between. */
function blocksIn(prefix: Cidr, areas: readonly MapArea[]): readonly Block[] {
  const blocks: Block[] = []
  let next = prefix.first
  const freeTo = (first: number): void => {
    if (first > next) blocks.push({ kind: 'free', first: next, end: first, names: [] })
  }
  for (const { kind, name, cidr } of areas.toSorted((a, b) => a.cidr.first - b.cidr.first)) {
    const [first, end] = [Math.max(cidr.first, prefix.first), Math.min(endOf(cidr), endOf(prefix))]
    freeTo(first)
    blocks.push({ kind, first, end, names: kind === 'reserved' ? [] : [name] })
    next = Math.max(next, end)
  }
  freeTo(endOf(prefix))
  return blocks
}

/** Neighbours that may be one block are one. */
function merged(blocks: readonly Block[], mayMerge: (a: Block, b: Block) => boolean): readonly Block[] {
  const result: Block[] = []
  for (const block of blocks) {
    const last = result.at(-1)
    if (last === undefined || !mayMerge(last, block)) result.push(block)
    else
      result[result.length - 1] = {
        kind: [last.kind, block.kind].includes('existing') ? 'existing' : last.kind,
        first: last.first,
        end: Math.max(last.end, block.end),
        names: [...last.names, ...block.names],
      }
  }
  return result
}

/** What is drawn of a prefix: each subnet of the project by itself, the subnets of others together. */
function shownBlocks(prefix: Cidr, areas: readonly MapArea[]): readonly Block[] {
  const blocks = merged(blocksIn(prefix, areas), (a, b) => a.kind === 'existing' && b.kind === 'existing')
  return blocks.length <= mostBlocks ? blocks : merged(blocks, (a, b) => !isOwn(a) && !isOwn(b))
}

const range = ({ first, end }: Block): string => `${formatAddress(first)} – ${formatAddress(end - 1)}`

const whatIn = (block: Block): string => {
  const [name = '', ...others] = block.names
  if (isOwn(block)) return name
  if (block.kind === 'free') return 'free'
  if (block.kind === 'reserved') return 'reserved'
  return others.length === 0 ? name : `${block.names.length} subnets of others`
}

const kindWords: Readonly<Partial<Record<Block['kind'], string>>> = { planned: 'new', ours: 'exists' }

const shortened = (text: string): string =>
  text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`

/** Larger blocks are higher, but by far not in proportion. */
const heightOf = ({ first, end }: Block): number =>
  38 + Math.min(30, Math.max(0, Math.round(4 * (Math.log2(end - first) - 8))))

function blockElements(block: Block, y: number): readonly string[] {
  const height = heightOf(block)
  const letters = block.kind === 'free' ? '' : 'on'
  const x = margin + 8
  const count = grouped(block.end - block.first)
  const sized = [`${range(block)} · ${count} addresses`, `${range(block)} · ${count}`]
  const second = sized.find(({ length }) => length <= mostCharacters) ?? range(block)
  const first = [whatIn(block), kindWords[block.kind]].filter((part) => part !== undefined).join(' · ')
  return [
    `<g><title>${escapeXml(`${[...block.names].slice(0, 20).join(', ') || whatIn(block)}, ${range(block)}`)}</title>`,
    `<rect class="${block.kind}" x="${margin}" y="${y}" width="${blockWidth}" height="${height}" rx="3"/>`,
    `<text class="${`${letters} strong`.trim()}" x="${x}" y="${y + 16}">${escapeXml(shortened(first))}</text>`,
    `<text class="${letters === '' ? 'soft' : letters}" x="${x}" y="${y + 31}">${escapeXml(shortened(second))}</text>`,
    '</g>',
  ]
}

/**
 * Draws a VNet for a narrow screen: one labelled block below the other, in the order of addresses. All text is escaped.
 */
export function narrowMapSvg(map: VnetMap): string {
  const elements: string[] = []
  let y = margin + 14
  const line = (text: string, style: string): void => {
    elements.push(`<text class="${style}" x="${margin}" y="${y}">${escapeXml(shortened(text))}</text>`)
  }
  line(`VNet ${map.name}`, 'strong')
  for (const prefix of outermost(map.prefixes)) {
    const inside = map.areas.filter(({ cidr }) => overlaps(cidr, prefix))
    y += 22
    line(
      `${formatCidr(prefix)} · ${grouped(freeIn(prefix, inside))} of ${grouped(sizeOf(prefix.prefixLength))} free`,
      'strong',
    )
    y += 8
    for (const block of shownBlocks(prefix, inside)) {
      elements.push(...blockElements(block, y))
      y += heightOf(block) + 3
    }
  }
  const own = map.areas.filter(isOwn).map(({ name, cidr }) => `${name} ${formatCidr(cidr)}`)
  const description = `Subnets of this project, in the order of addresses: ${own.join('; ') || 'none'}.`
  return svgOf({ width, height: Math.ceil(y + margin), map, description, elements })
}
