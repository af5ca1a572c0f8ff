/** What is found before the first write of a delivery, as transcripts. */
import { expect, test } from '@jest/globals'
import { openFactory } from './support/factory.ts'
import { manifestOf } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

test('people whom the directory does not know are found before anything is created, all of them, each with its line', async () => {
  const factory = await openFactory()
  factory.repository.edit(manifestOf('002'), 'bo@contoso.example', 'nobody@contoso.example')
  factory.repository.edit('aifactory/factory.yml', 'ops@contoso.example', 'ghost@contoso.example')
  const runs = await factory.deliver('002', 'dev')
  expect(runs.map(({ action, exitCode }) => [action, exitCode])).toEqual([['provision-project', 1]])
  expect(runs.flatMap(({ writes }) => writes)).toEqual([])
  expect(runs.map(errorOf).join()).toMatch(
    /^::error file=aifactory\/projects\/prj002\.yml,line=19,col=16::.*Nothing was changed\. The delivery of project 002 to dev has 2 faults: \(1\) aifactory\/projects\/prj002\.yml:19:16: Entra ID has no user or group 'nobody@contoso\.example'\. .* \(2\) aifactory\/factory\.yml:\d+:\d+: Entra ID has no user or group 'ghost@contoso\.example'\./,
  )
})
