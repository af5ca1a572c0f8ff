import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cidr, sizeOf } from '../../cidr.ts'
import { anyText } from '../../testing/any-text.ts'
import { narrowMapSvg } from './narrow.ts'
import type { MapArea, VnetMap } from './vnet-map.ts'

const area = (kind: MapArea['kind'], name: string, prefix: string): MapArea => ({
  kind,
  name,
  cidr: cidr(prefix),
})

const map: VnetMap = {
  name: 'vnet',
  prefixes: [cidr('172.16.0.0/16')],
  areas: [
    area('existing', 'web', '172.16.0.0/24'),
    area('existing', 'db', '172.16.1.0/24'),
    area('planned', 'snt-prj001-genai', '172.16.2.0/25'),
    area('ours', 'snt-prj001-aca-002', '172.16.2.128/25'),
    area('reserved', 'reserved', '172.16.4.0/22'),
  ],
}

/** The two lines of each block, from top to bottom. */
const blocks = (drawn: VnetMap): readonly (readonly string[])[] =>
  [...narrowMapSvg(drawn).matchAll(/<g>(.*?)<\/g>/gs)].map(([, block = '']) =>
    [...block.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text),
  )

describe('the map for a narrow screen', () => {
  test('has a labelled block for each stretch, in the order of addresses, those of others together', () => {
    expect(blocks(map)).toEqual([
      ['2 subnets of others', '172.16.0.0 – 172.16.1.255 · 512 addresses'],
      ['snt-prj001-genai · new', '172.16.2.0 – 172.16.2.127 · 128 addresses'],
      ['snt-prj001-aca-002 · exists', '172.16.2.128 – 172.16.2.255 · 128 addresses'],
      ['free', '172.16.3.0 – 172.16.3.255 · 256 addresses'],
      ['reserved', '172.16.4.0 – 172.16.7.255 · 1,024 addresses'],
      ['free', '172.16.8.0 – 172.16.255.255 · 63,488 addresses'],
    ])
  })

  test('says what is free in every prefix', () => {
    expect(narrowMapSvg(map)).toContain(`172.16.0.0/16 · ${(63_744).toLocaleString('en')} of 65,536 free`)
  })

  test('stays short in a full VNet, and still shows every subnet of the project', () => {
    const others = Array.from({ length: 200 }, (_, index) =>
      area('existing', `other-${index}`, `172.16.${index}.0/26`),
    )
    const own = area('planned', 'snt-prj001-genai', '172.16.100.128/26')
    const shown = blocks({ ...map, areas: [...others, own] })
    expect(shown.length).toBeLessThan(6)
    expect(shown.map(([name]) => name)).toContain('snt-prj001-genai · new')
  })

  test('covers every address of every prefix once, whatever is in it', () => {
    const anyArea = fc
      .record({
        at: fc.nat(255),
        length: fc.constantFrom(22, 24, 26),
        kind: fc.constantFrom('existing', 'planned'),
      })
      .map(({ at, length, kind }) =>
        area(kind, `n${at}`, `172.16.${length === 22 ? at & ~3 : at}.0/${length}`),
      )
    fc.assert(
      fc.property(
        fc.uniqueArray(anyArea, { selector: ({ cidr: { first } }) => first >> 10, maxLength: 30 }),
        (areas) => {
          const counts = blocks({ ...map, areas }).map(([, text = '']) =>
            Number((/ · ([\d,]+)/.exec(text)?.[1] ?? '').replaceAll(',', '')),
          )
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sizeOf(16))
        },
      ),
    )
  })

  test('is well-formed whatever names there are', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 90 }), (name) => {
        const svg = narrowMapSvg({ ...map, name, areas: map.areas.map((each) => ({ ...each, name })) })
        expect(svg.replaceAll(/<\/?(?:svg|title|desc|style|g|rect|text)(?:\s[^<>]*)?>/g, '')).not.toMatch(
          /[<>]/,
        )
      }),
    )
  })
})
