import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { askGitHub, readPermission } from '../../src/operations/request/author-permission.ts'

let sandbox: Sandbox
const api = process.env['GITHUB_API_URL']
beforeAll(async () => {
  sandbox = await startSandbox()
  trust(sandbox.ca)
  // GitHub's client reads it when it is loaded.
  process.env['GITHUB_API_URL'] = sandbox.env['GITHUB_API_URL']
})
afterAll(async () => {
  if (api === undefined) delete process.env['GITHUB_API_URL']
  else process.env['GITHUB_API_URL'] = api
  await sandbox.close()
})

test.each([
  ['a page of a proxy', { page: '<html>Sign in</html>' }],
  ['an answer that breaks off', { cut: true }],
  ['a connection that is cut', { drop: true }],
])("%s is not taken for GitHub's response, and the request is repeated", async (_what, fault) => {
  const ask = await askGitHub(sandbox.beginJob().token)
  sandbox.faults.add({ path: '/collaborators/', ...fault })
  const lines: string[] = []
  const context = { environment: sandbox.env, info: (line: string) => lines.push(line) }
  expect(await readPermission(ask, 'anna', context, async () => undefined)).toBe('write')
  expect(lines).toEqual(['GitHub did not respond (attempt 1 of 4). Retrying'])
})
