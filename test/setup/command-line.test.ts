/** What `npm run setup` says of factory.yml itself. */
import { rmSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { openSettingUp } from './setting-up.ts'

test('it asks to commit factory.yml when it wrote into it, and no more once it has', async () => {
  const { run, read } = await openSettingUp()
  const before = read()
  const first = await run()
  expect(read()).not.toBe(before)
  expect(first.text).toContain('has the ids of the identities now. Commit it')
  expect((await run()).text).not.toContain('Commit it')
})

test('it says where it has looked for a factory.yml that is not there', async () => {
  const { run, file } = await openSettingUp()
  rmSync(file)
  const { exitCode, text, writes } = await run()
  expect(exitCode).toBe(1)
  expect(text).toContain(`There is no factory.yml at ${file}. Give its path, from the folder `)
  expect(text).not.toContain('actions/checkout')
  expect(writes).toEqual([])
})
