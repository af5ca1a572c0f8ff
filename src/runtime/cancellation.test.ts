import { expect, test } from '@jest/globals'
import { cancelled, journalOf } from './cancellation.ts'

test('a run that had begun steps says which was the last, and not that those before it are done', () => {
  const { info, begun } = journalOf(() => undefined)
  for (const line of ['Reading', '1/3 Create a', '2/3 Create b: 4/5 of it', 'still waiting']) info(line)
  expect(cancelled('SIGTERM', begun()).parts.what).toBe(
    'The run was stopped (SIGTERM). The last step that it began was 2 of 3: Create b: 4/5 of it. Steps before it may still have been under way, since some go together. What was done is kept, and what Azure was asked for goes on there.',
  )
})

test('lines go where they went', () => {
  const lines: string[] = []
  journalOf((line) => lines.push(line)).info('1/3 Create a')
  expect(lines).toEqual(['1/3 Create a'])
})
