import { expect, test } from '@jest/globals'
import { nearest } from './nearest.ts'

const keys = ['services', 'environments', 'team', 'type', 'owner', 'network']

test.each([
  ['servces', 'services'],
  ['Services', 'services'],
  ['enviroment', 'environments'],
  ['typ', 'type'],
  ['env', 'environments'],
  ['netwrok', 'network'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, keys)).toBe(meant)
})

test.each(['', 'x', 'colour', 'servicesservices', 'a'.repeat(100_000)])(
  '%.20s means none of them',
  (word) => {
    expect(nearest(word, keys)).toBeUndefined()
  },
)
