import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { exampleMap } from '../../scripts/generated/example-map.ts'

test('The picture in the documentation is what the action draws (npm run generate redraws it)', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'docs', 'vnet-map.svg')
  expect(readFileSync(file, 'utf8')).toBe(exampleMap())
})
