import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import https from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ArmError } from '../contracts.ts'
import type { NamedArea } from './dispatch.ts'
import { createFaults, type Faults } from './faults.ts'
import { randomIdentifiers, systemClock } from './runtime.ts'
import { type SandboxServer, startServer } from './server.ts'
import { readJsonFile } from './state-file.ts'
import { trust } from './trust.ts'

let folder: string
let server: SandboxServer
let faults: Faults
let state: { notes: string[] }

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'server-test-'))
  faults = createFaults()
  state = { notes: [] }
  server = await start(0)
  trust(server.ca)
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

function start(port: number): Promise<SandboxServer> {
  return startServer({
    port,
    clock: systemClock,
    identifiers: randomIdentifiers,
    faults,
    stateFile: path.join(folder, 'state.json'),
    assemble: async () => ({ areas: [notes, trouble], verify: async () => undefined, state }),
  })
}

const notes: NamedArea = {
  name: 'notes',
  answer: async (request, { url }) => {
    if (!url.pathname.startsWith('/notes')) return undefined
    if (request.method === 'POST') state.notes.push(await request.text())
    return Response.json({ path: url.pathname, notes: state.notes.length })
  },
}

const trouble: NamedArea = {
  name: 'trouble',
  answer: async (_request, { url }) => {
    if (url.pathname === '/defect') throw new TypeError('x is not a function')
    if (url.pathname === '/busy')
      throw new ArmError(409, { code: 'AnotherOperationInProgress', message: 'Wait.' }, 3)
    return undefined
  },
}

/** Waits until something is there. */
async function eventually(look: () => Promise<unknown>): Promise<void> {
  while ((await look()) === undefined) await systemClock.sleep(20)
}

const note = (text: string): Promise<Response> => fetch(`${server.url}/notes`, { method: 'POST', body: text })

describe('a request', () => {
  test('is answered by the area it belongs to, with the headers that Azure always sends', async () => {
    const answer = await fetch(`${server.url}/notes/1%2F2`, { headers: { 'x-ms-client-request-id': 'mine' } })
    expect(await answer.json()).toEqual({ path: '/notes/1%2F2', notes: 0 })
    expect(answer.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('x-ms-correlation-request-id')).toBe(answer.headers.get('x-ms-request-id'))
    expect(answer.headers.get('x-ms-client-request-id')).toBe('mine')
  })

  test('to an address that nobody knows says so', async () => {
    const answer = await fetch(`${server.url}/nothing/here`, { method: 'PUT', body: '{}' })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('nothing at PUT /nothing/here') },
    })
  })

  test("that an area refuses gets the refusal in Azure's form, with the time to wait", async () => {
    const answer = await fetch(`${server.url}/busy`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([409, '3'])
    expect(await answer.json()).toEqual({ error: { code: 'AnotherOperationInProgress', message: 'Wait.' } })
  })

  test('that meets a defect of the sandbox says that it is one, and where', async () => {
    const answer = await fetch(`${server.url}/defect`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).toMatch(/defect of the sandbox \(trouble\).*x is not a function/)
  })

  test('with a body over the limit is refused before it is read', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = https.request(`${server.url}/notes`, {
        method: 'POST',
        headers: { 'Content-Length': 200 * 1024 * 1024 },
      })
      request.on('response', (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      request.write('x')
    })
    expect(status).toBe(413)
    expect(state.notes).toEqual([])
  })

  test('is logged, in memory and at an address of its own', async () => {
    await note('one')
    await fetch(`${server.url}/nothing?x=1`)
    const [first, second] = server.requests()
    expect(first).toMatchObject({ sequence: 1, method: 'POST', path: '/notes', status: 200, area: 'notes' })
    expect(second).toMatchObject({
      sequence: 2,
      method: 'GET',
      path: '/nothing?x=1',
      status: 404,
      area: 'none',
    })
    const shown = await fetch(`${server.url}/_sandbox/requests?since=1`)
    expect(await shown.json()).toEqual({ requests: [JSON.parse(JSON.stringify(second))] })
    expect(server.requests()).toHaveLength(2)
  })
})

describe('a fault', () => {
  test('answers in place of the area, which learns nothing of it', async () => {
    faults.add({
      path: '/notes',
      status: 429,
      headers: { 'Retry-After': '7' },
      body: { error: { code: 'Slow' } },
    })
    const answer = await note('one')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await answer.json()).toEqual({ error: { code: 'Slow' } })
    expect(state.notes).toEqual([])
    expect((await note('two')).status).toBe(200)
    expect(server.requests().map(({ area, status }) => [area, status])).toEqual([
      ['fault', 429],
      ['notes', 200],
    ])
  })

  test('cuts the connection', async () => {
    faults.add({ path: '/notes', drop: true })
    await expect(note('one')).rejects.toThrow('fetch failed')
    expect(state.notes).toEqual([])
    expect(server.requests()[0]).toMatchObject({ status: 0, area: 'fault' })
  })

  test('loses the answer to a write that was done', async () => {
    faults.add({ path: '/notes', drop: true, when: 'after' })
    await expect(note('one')).rejects.toThrow('fetch failed')
    expect(state.notes).toEqual(['one'])
  })

  test('breaks an answer off, answers never, or as a proxy does', async () => {
    faults.add({ path: '/notes', cut: true })
    const broken = await note('one')
    expect(broken.status).toBe(200)
    await expect(broken.text()).rejects.toThrow('terminated')
    expect(state.notes).toEqual(['one'])

    faults.add({ path: '/notes', stall: true })
    const controller = new AbortController()
    const stalled = fetch(`${server.url}/notes`, { method: 'POST', signal: controller.signal })
    while (server.requests().length < 2) await systemClock.sleep(5)
    controller.abort()
    await expect(stalled).rejects.toThrow('aborted')

    faults.add({ path: '/notes', page: '<html>Sign in</html>' })
    const page = await note('two')
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html',
      '<html>Sign in</html>',
    ])
    expect(page.headers.get('x-ms-request-id')).toBeNull()
    expect(state.notes).toEqual(['one'])
  })

  test('can be ordered and called off while the sandbox runs', async () => {
    const order = (rules: unknown): Promise<Response> =>
      fetch(`${server.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(rules) })
    expect((await order([{ path: '/notes', status: 503, times: 'always' }])).status).toBe(204)
    expect((await note('one')).status).toBe(503)
    await fetch(`${server.url}/_sandbox/faults`, { method: 'DELETE' })
    expect((await note('two')).status).toBe(200)
    const refused = await order([{ path: '(' }])
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("'path' must be")])
  })

  test('makes an answer late', async () => {
    faults.add({ path: '/notes', delay: 80 })
    const started = performance.now()
    expect((await note('one')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(79)
  })
})

describe('the state', () => {
  const file = (): string => path.join(folder, 'state.json')

  test('is saved a moment after it changed, whole, and leaves no other file behind', async () => {
    await note('one')
    await eventually(() => readJsonFile(file()))
    expect(await readJsonFile(file())).toEqual({ notes: ['one'] })
    expect((await readdir(folder)).toSorted()).toEqual(['state.json', 'state.json.ca.pem'])
  })

  test('is saved when the server closes', async () => {
    await note('one')
    await server.close()
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({ notes: ['one'] })
    server = await start(0)
  })

  test('is shown at an address of its own', async () => {
    await note('one')
    expect(await (await fetch(`${server.url}/_sandbox/state`)).json()).toEqual({ notes: ['one'] })
  })
})

describe('the server', () => {
  test('closes at once although clients keep their connections open', async () => {
    const agent = new https.Agent({ keepAlive: true })
    const connection = await new Promise<Socket>((resolve, reject) => {
      https
        .get(`${server.url}/notes`, { agent }, (response) => {
          const { socket } = response
          response.resume().on('end', () => resolve(socket))
        })
        .on('error', reject)
    })
    const ended = once(connection, 'close')
    await server.close()
    await ended
    agent.destroy()
    server = await start(0)
    // The server gives up a connection that nobody uses only after a minute.
  }, 30_000)

  test('closes at once although somebody has connected and not yet said a word', async () => {
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1')
    const ended = once(silent, 'close')
    await once(silent, 'connect')
    // The server has taken the connection when it answers one that came later.
    await fetch(`${server.url}/notes`)
    await server.close()
    await ended
    server = await start(0)
  }, 30_000)

  test('says when its port is taken', async () => {
    await expect(start(Number(new URL(server.url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('is refused by who does not trust its certificate authority', async () => {
    const untrusting = new Promise((_resolve, reject) => {
      https.get(`${server.url}/notes`, { ca: [] }).on('error', reject)
    })
    await expect(untrusting).rejects.toMatchObject({ code: expect.stringMatching(/CERT|UNABLE/) })
    expect(await readFile(server.caFile, 'utf8')).toBe(server.ca)
  })
})
