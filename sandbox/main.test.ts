import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'

let folder: string
const running = new Set<ChildProcess>()

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sandbox-main-'))
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

function run(...args: string[]): {
  child: ChildProcess
  ended: Promise<{ code: number | null; errors: string }>
} {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...args])
  running.add(child)
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return { code: code as number | null, errors }
  })
  return { child, ended }
}

function write(name: string, content: unknown): string {
  const file = path.join(folder, name)
  writeFileSync(file, JSON.stringify(content))
  return file
}

describe('a wrong command line is answered with a sentence and exit code 2', () => {
  test.each([
    [['--colour'], "Unknown option '--colour'"],
    [['--port', 'http'], "--port must be a whole number from 0 to 65535, found 'http'."],
    [['--port', '70000'], "found '70000'."],
    [['--state'], "Option '--state <value>' argument missing"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--faults', 'nowhere.json'], "The faults file 'nowhere.json' cannot be used"],
  ])('%j', async (args, message) => {
    const { code, errors } = await run(...args).ended
    expect(code).toBe(2)
    expect(errors).toContain(message)
    expect(errors).toContain('Usage: npm run sandbox')
    expect(errors).not.toContain('    at ')
  })

  test('a faults file names its faulty rule', async () => {
    const { code, errors } = await run('--faults', write('faults.json', [{ path: '/x', status: 1 }])).ended
    expect([code, errors]).toEqual([2, expect.stringContaining("Rule 1: 'status' must be an HTTP status")])
  })
})

test.each([
  ['is absent', () => 'nowhere.json', /The seed file '.*nowhere\.json' does not exist\./],
  [
    'is of another version',
    () => write('old.json', { version: 0 }),
    /is not a state of the sandbox: expected "version": 1/,
  ],
  ['has no tenant', () => write('none.json', { version: 1, directory: {} }), /it has no directory\.tenantId/],
])('a seed that %s is refused with a sentence and exit code 1', async (_what, seed, message) => {
  const { code, errors } = await run('--seed', seed()).ended
  expect(code).toBe(1)
  expect(errors).toMatch(message)
})

test('one JSON line says all that a client process needs, and an interrupt ends it', async () => {
  const { child, ended } = run('--port', '0', '--state', path.join(folder, 'state.json'))
  const lines = readline.createInterface({ input: child.stdout ?? process.stdin })
  const line = await Promise.race([once(lines, 'line').then(String), ended.then(({ errors }) => errors)])
  const { url, ca, env } = JSON.parse(line) as { url: string; ca: string; env: Record<string, string> }
  expect(url).toMatch(/^https:\/\/localhost:\d+$/)
  expect(env).toMatchObject({ NODE_EXTRA_CA_CERTS: ca, 'INPUT_AZURE-CLOUD': url })

  const client = spawn(
    process.execPath,
    ['-e', `fetch('${url}/_sandbox/requests').then((answer) => answer.text()).then(console.log)`],
    { env: { ...env, PATH: process.env['PATH'] } },
  )
  const [answer] = (await once(client.stdout, 'data')) as [Buffer]
  expect(answer.toString().trim()).toBe('{"requests":[]}')

  child.kill('SIGTERM')
  await expect(ended).resolves.toEqual({ code: 0, errors: '' })
})
