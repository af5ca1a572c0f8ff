import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cidr, sizeOf } from '../../cidr.ts'
import { anyText } from '../../testing/any-text.ts'
import type { ActualNetwork } from '../vnet.ts'
import { vnetMapMarkdown } from './markdown.ts'
import { vnetMapSvg } from './svg.ts'
import { type AreaKind, layOut, type MapArea, mapOf, type VnetMap } from './vnet-map.ts'

const network: ActualNetwork = {
  id: '',
  name: 'vnt-dev',
  addressPrefixes: ['172.16.0.0/16', 'fd00::/56'],
  subnets: [
    { id: '', name: 'AzureBastionSubnet', addressPrefixes: ['172.16.61.192/26'] },
    { id: '', name: 'snt-prj001-genai', addressPrefixes: ['172.16.0.0/25'] },
  ],
}
const map = mapOf(
  network,
  [cidr('10.0.0.0/16'), cidr('172.16.128.0/19')],
  [
    { name: 'snt-prj001-genai', addressPrefix: '172.16.0.0/25', state: 'existing', delegation: '', id: '' },
    { name: 'snt-prj001-aca2', addressPrefix: '172.16.1.0/24', state: 'planned', delegation: '', id: '' },
  ],
)

test('A map holds what lies in the VNet, the project’s own set apart', () => {
  expect(map.areas.map(({ kind, name }) => [kind, name])).toEqual([
    ['reserved', 'reserved'],
    ['existing', 'AzureBastionSubnet'],
    ['ours', 'snt-prj001-genai'],
    ['planned', 'snt-prj001-aca2'],
  ])
})

test('A subnet of the project is its own on a map that is about another one', () => {
  const web = { name: 'snt-prj001-web', state: 'planned', delegation: '', id: '' } as const
  const { areas } = mapOf(network, [], [{ ...web, addressPrefix: '172.16.2.0/26' }])
  expect(areas.map(({ kind }) => kind)).toEqual(['existing', 'ours', 'planned'])
})

describe('A map in the job summary', () => {
  test('is a few lines of symbols, each with what is free in it', () => {
    expect(vnetMapMarkdown(map)).toMatchInlineSnapshot(`
"\`\`\`text
172.16.0.0/16: 56,896 of 65,536 addresses free
  172.16.0.0/20      ▓·██····························  3,712 free
  from 172.16.16.0   ································  8,192 free
  172.16.48.0/20     ···························░····  4,032 free
  from 172.16.64.0   ································  16,384 free
  172.16.128.0/20    ╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱  0 free
  172.16.144.0/20    ╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱╱  0 free
  from 172.16.160.0  ································  24,576 free

█ new for this project   ▓ of this project   ▒ in use   ╱ reserved   ░ partly in use   · free
\`\`\`
"
`)
  })

  test('explains only the symbols it has', () => {
    const empty = { name: 'v', prefixes: [cidr('10.1.0.0/16')], areas: [] }
    expect(vnetMapMarkdown(empty)).toMatchInlineSnapshot(`
"\`\`\`text
10.1.0.0/16: 65,536 of 65,536 addresses free
  from 10.1.0.0      ································  65,536 free

· free
\`\`\`
"
`)
  })

  test.each<[string, readonly string[], number]>([
    ['one /16', ['10.1.0.0/16'], 20],
    ['two prefixes', ['10.1.0.0/17', '10.9.0.0/19'], 21],
    ['a /8', ['10.0.0.0/8'], 20],
    ['a /26', ['10.1.0.0/26'], 20],
  ])(
    'has about twenty lines for %s in which every subnet is small and every second free',
    (_, prefixes, most) => {
      const areas = prefixes.map(cidr).flatMap(({ first, prefixLength }) =>
        Array.from({ length: 600 }, (__, index): MapArea => {
          const step = Math.max(64, sizeOf(prefixLength) / 600)
          const start = first + Math.floor((index * step) / 64) * 64
          return { kind: 'existing', name: `s${index}`, cidr: { first: start, prefixLength: 27 } }
        }).filter((area) => area.cidr.first < first + sizeOf(prefixLength)),
      )
      const lines = vnetMapMarkdown({ name: 'v', prefixes: prefixes.map(cidr), areas })
        .trim()
        .split('\n')
      expect(lines.length - 2).toBeLessThanOrEqual(most)
    },
  )

  test('says truly how much is free in each row', () => {
    const free = [...vnetMapMarkdown(map).matchAll(/([\d,]+) free$/gm)].map(([, count = '']) =>
      Number(count.replaceAll(',', '')),
    )
    expect(free.reduce((sum, count) => sum + count, 0)).toBe(56_896)
  })
})

describe('The rows of a map', () => {
  const kinds: AreaKind[] = ['existing', 'ours', 'planned', 'reserved']
  const maps: fc.Arbitrary<VnetMap> = fc
    .array(fc.record({ index: fc.nat(2 ** 16 - 1), kind: fc.constantFrom(...kinds) }), { maxLength: 200 })
    .map((areas) => ({
      name: 'v',
      prefixes: [cidr('10.0.0.0/8')],
      areas: areas.map(({ index, kind }) => ({
        kind,
        name: `a${index}`,
        cidr: { first: cidr('10.0.0.0/8').first + index * 256, prefixLength: 24 },
      })),
    }))

  test('cover the address space without a gap, and are never more than fit on a page', () => {
    fc.assert(
      fc.property(maps, (drawn) => {
        const rows = layOut(drawn, 'picture').flatMap((section) => section.rows)
        const sizes = rows.map((row) => (row.kind === 'row' ? sizeOf(row.network.prefixLength) : row.size))
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2 ** 24)
        expect(rows.filter(({ kind }) => kind === 'row').length).toBeLessThanOrEqual(64)
      }),
    )
  })

  test('show every address of every area', () => {
    fc.assert(
      fc.property(maps, (drawn) => {
        const pieces = layOut(drawn, 'picture').flatMap(({ rows }) =>
          rows.flatMap((row) => (row.kind === 'row' ? row.pieces : [])),
        )
        const shown = pieces.reduce((sum, { size }) => sum + size, 0)
        expect(shown).toBe(drawn.areas.length * 256)
      }),
    )
  })
})

describe('The picture', () => {
  const svg = vnetMapSvg(map)

  test('has a title and a description for those who do not see it', () => {
    expect(svg).toContain('<title id="vnet-map-title">Address space of VNet vnt-dev</title>')
    expect(svg).toContain(
      'Subnets of this project: snt-prj001-genai 172.16.0.0/25; snt-prj001-aca2 172.16.1.0/24 (new). Other subnets: 1.',
    )
  })

  test('gives every project a tint, and short names where the whole one does not fit', () => {
    const areas = Array.from({ length: 100 }, (_, index): MapArea => {
      const project = String(index + 1).padStart(3, '0')
      const first = cidr('172.16.0.0/16').first + index * 128
      return { kind: 'existing', name: `snt-prj${project}-genai`, cidr: { first, prefixLength: 25 }, project }
    })
    const picture = vnetMapSvg({ ...map, areas })
    expect(new Set(picture.match(/<rect class="tint-\d/g)).size).toBe(6)
    expect(picture).toMatch(/<text [^>]*>042<\/text>/)
    expect(picture).toContain('<title>snt-prj042-genai 172.16.20.128/25, project 042, in use</title>')
  })

  test('says how much is free where it is free', () => {
    expect(svg).toContain('>8,192 free</text>')
    expect(svg).toContain('>3,520 free</text>')
  })

  test('explains only what it shows', () => {
    const empty = vnetMapSvg({ ...map, areas: [] })
    expect(empty).not.toContain('>reserved</text>')
    expect(svg).toContain('>reserved</text>')
  })

  test('names every subnet', () => {
    for (const { name } of map.areas) expect(svg).toContain(name)
  })

  test('contains no markup but its own, whatever the names are', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const hostile = vnetMapSvg({ ...map, name, areas: map.areas.map((area) => ({ ...area, name })) })
        const tags = [...hostile.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag)
        expect(new Set(tags)).toEqual(new Set(['svg', 'title', 'desc', 'style', 'rect', 'text', 'g']))
        expect(hostile).not.toMatch(/&(?!#\d+;)/)
        expect(hostile).not.toMatch(/\p{Cs}|(?!\n)\p{Cc}/u)
      }),
      { examples: [['</text><script>alert(1)</script>'], ['" onload="alert(1)'], ['\ud800']] },
    )
  })
})
