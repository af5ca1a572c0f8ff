/** A factory.yml that set-up has not filled in yet. */
import { expect, test } from '@jest/globals'
import { chain, openFactory } from '../e2e/support/factory.ts'
import type { BootstrapRepository } from '../e2e/support/repository.ts'

const withoutIdentity = (repository: BootstrapRepository, number: string): void => {
  const text = repository.read('aifactory/factory.yml')
  const line = text.split('\n').find((one) => one.includes(`clientId: 33333333-3333-3333-3333-${number}`))
  repository.edit('aifactory/factory.yml', `${line}\n`, '')
}

test.each([...new Set(chain.map(({ action }) => action))])(
  '%s says where the identity is missing, and who creates it, before it signs in',
  async (action) => {
    const { repository, run } = await openFactory()
    withoutIdentity(repository, '333333333301')
    const { exitCode, lines, requests, signIns } = await run(action, '001', 'dev')
    expect(exitCode).toBe(1)
    expect(lines.filter(({ kind }) => kind === 'error')).toEqual([
      {
        kind: 'error',
        text: expect.stringMatching(
          /:19:3: The environment dev has no identity: 'clientId' is missing\..*npm run setup -- path\/to\/factory\.yml/,
        ),
        properties: expect.objectContaining({ file: expect.stringContaining('factory.yml') }),
      },
    ])
    // Where the services of this cloud are, the sandbox alone has to be asked.
    expect([requests, signIns]).toEqual([[], ['GET metadata/endpoints']])
  },
)

test('an environment that has its identity is delivered to meanwhile', async () => {
  const { repository, run } = await openFactory()
  withoutIdentity(repository, '333333333303')
  expect((await run('ip-calc', '001', 'dev')).exitCode).toBe(0)
})
