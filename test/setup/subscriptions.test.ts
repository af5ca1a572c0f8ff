/** Subscriptions that set-up does not begin with. */
import { expect, test } from '@jest/globals'
import { openSettingUp } from './setting-up.ts'

const lineOf = (text: string, part: string): number =>
  text.split('\n').findIndex((line) => line.includes(part)) + 1

test.each([
  ['as it is', '22222222-2222-2222-2222-222222222201'],
  ['in other case', '22222222-2222-2222-2222-222222222201'.toUpperCase()],
])('two environments do not share one: %s', async (_how, shared) => {
  const { run, edit, read } = await openSettingUp()
  edit((text) => text.replace('22222222-2222-2222-2222-222222222202', shared))
  const { exitCode, text, writes } = await run()
  expect([exitCode, writes]).toEqual([1, []])
  expect(text).toContain('stage has the subscription of dev.')
  const lines = read().split('\n')
  const second = lines.findLastIndex((line) => line.includes(`subscriptionId: ${shared}`)) + 1
  expect(text).toContain(`factory.yml:${second}:`)
})

test('one that nobody knows ends it before anything is made, at its line', async () => {
  const { run, edit, read } = await openSettingUp()
  edit((text) => text.replace('22222222-2222-2222-2222-222222222203', '22222222-2222-2222-2222-2222222222ff'))
  const { exitCode, text, writes } = await run()
  expect([exitCode, writes]).toEqual([1, []])
  expect(text).toContain('Azure has no subscription 22222222-2222-2222-2222-2222222222ff in the tenant')
  expect(text).toContain(`factory.yml:${lineOf(read(), '2222222222ff')}:`)
})
