import { expect, test } from '@jest/globals'
import { cancelled, journalOf } from './cancellation.ts'

test('a run that had begun steps says how many are done', () => {
  const { info, begun } = journalOf(() => undefined)
  for (const line of ['Reading', '1/3 Create a', '2/3 Create b: 4/5 of it', 'still waiting']) info(line)
  expect(cancelled('SIGTERM', begun()).parts.what).toBe(
    'The run was told to end (SIGTERM) while it was at step 2 of 3: Create b: 4/5 of it. What the step before it did is kept. What this step has asked Azure for goes on there.',
  )
})

test('lines go where they went', () => {
  const lines: string[] = []
  journalOf((line) => lines.push(line)).info('1/3 Create a')
  expect(lines).toEqual(['1/3 Create a'])
})
