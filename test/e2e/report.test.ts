/** The page about a delivery, made by the last step of its job, as a job would make it. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { type Factory, openFactory, type Run } from './support/factory.ts'
import { manifestOf } from './support/repository.ts'

const job = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'contoso/factory',
  GITHUB_RUN_ID: '123',
  GITHUB_RUN_NUMBER: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_TRIGGERING_ACTOR: 'anna',
}

/** The text of the page, without markup, and the addresses it links to. */
async function pageOf(factory: Factory): Promise<{ text: string; links: string; run: Run }> {
  const run = await factory.run('provision-project', '002', 'dev', { mode: 'report' }, { job })
  expect(run.exitCode).toBe(0)
  const page = readFileSync(run.outputs['report-file'] ?? '', 'utf8')
  const text = page
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')
  return { text, links: [...page.matchAll(/href="([^"]*)"/g)].map(([, address]) => address).join('\n'), run }
}

test('shows what a delivery did, by which run, from which commit; and asks nobody for it', async () => {
  const factory = await openFactory()
  const runs = await factory.deliver('002', 'dev')
  expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0))
  const { text, links, run } = await pageOf(factory)
  expect(run.requests).toEqual([])
  expect(text).toContain('Delivered to Dev.')
  expect(text).toContain('By run 7 , started by anna Manifest aifactory/projects/prj002.yml at 0123456')
  expect(text).toContain('What to do next')
  expect(text).toContain('Estimated cost per month')
  expect(links).toContain('https://github.com/contoso/factory/actions/runs/123/attempts/2')
  expect(links).toContain(
    `https://github.com/contoso/factory/blob/${job.GITHUB_SHA}/aifactory/projects/prj002.yml`,
  )

  const counted = runs.flatMap(({ outputs }) => (outputs['changed'] === 'true' ? [outputs] : [])).length
  expect(counted).toBeGreaterThan(3)
  const [, changes = '', sum = ''] =
    /changes made (\d+) .* Sum (?:\d+ )*?(\d+) Each thing is counted once/.exec(text) ?? []
  expect(Number(changes)).toBeGreaterThan(50)
  expect(sum).toBe(changes)

  await factory.deliver('002', 'dev')
  const again = await pageOf(factory)
  expect(again.text).toContain('Everything in Dev was already as the manifest says. Nothing was changed.')
})

test('begins with the cause when a step failed, and says how to run it again', async () => {
  const factory = await openFactory()
  factory.repository.edit(manifestOf('002'), 'bo@contoso.example', 'nobody@contoso.example')
  await factory.deliver('002', 'dev')
  const { text, links } = await pageOf(factory)
  expect(text).toMatch(
    /Stopped in Dev .* Why it stopped Entra ID has no user or group 'nobody@contoso\.example'\. Fix /,
  )
  expect(text).toContain('gh run rerun 123 --failed --repo contoso/factory')
  expect(links).toMatch(/\/aifactory\/projects\/prj002\.yml#L\d+$/m)
})

test('is there too when the documents cannot be read, and when nothing ran', async () => {
  const factory = await openFactory()
  expect((await pageOf(factory)).text).toContain('The delivery to Dev is not complete.')
  factory.repository.edit(manifestOf('002'), 'version: 1', 'version: [')
  await factory.deliver('002', 'dev')
  const { text } = await pageOf(factory)
  expect(text).toContain('Project 002')
  expect(text).toMatch(/Why it stopped .*prj002\.yml/)
})
