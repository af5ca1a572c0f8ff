import { expect, test } from '@jest/globals'
import { unusedChunks } from '../../scripts/unused-chunks.ts'

test('a chunk is left out when no code that runs would load it', () => {
  const scripts = new Map([
    ['index.js', 'const client=()=>Promise.all([r.e(1),r.e(12)]).then(r.bind(r,7))'],
    ['1.index.js', 'export const id=1;t.e(30).then(open)'],
    ['12.index.js', 'export const id=12'],
    ['30.index.js', 'export const id=30'],
    ['2.index.js', 'export const id=2;t.e(40)'],
    ['40.index.js', 'export const id=40;t.e(2)'],
  ])
  expect(unusedChunks(scripts)).toEqual(['2.index.js', '40.index.js'])
})
