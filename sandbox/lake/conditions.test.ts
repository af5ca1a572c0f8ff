/** Conditional headers and checksums, call by call. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { crc64 } from './checksums.ts'
import { type StubLake, startStubLake } from './testing/stub-lake.ts'

let lake: StubLake
let path = ''
let etag = ''
let count = 0
beforeAll(async () => {
  lake = await startStubLake()
})
afterAll(() => lake.close())
beforeEach(async () => {
  count += 1
  path = `/lake3/c${count}`
  await lake.send('owner', 'PUT', `${path}?resource=file`)
  etag = (await lake.send('owner', 'HEAD', path)).headers.get('etag') ?? ''
})

const hour = 3_600_000
const at = (milliseconds: number): string => new Date(Date.now() + milliseconds).toUTCString()
/** The conditions by what they say of the path: `{etag}` stands for its own. */
const conditions = {
  'its ETag': { 'if-match': '{etag}' },
  'another ETag': { 'if-match': '"0x0"' },
  'not its ETag': { 'if-none-match': '{etag}' },
  'not another ETag': { 'if-none-match': '"0x0"' },
  'none at all': { 'if-none-match': '*' },
  'changed since an hour ago': { 'if-modified-since': at(-hour) },
  'changed since an hour ahead': { 'if-modified-since': at(hour) },
  'unchanged since an hour ago': { 'if-unmodified-since': at(-hour) },
  'unchanged since an hour ahead': { 'if-unmodified-since': at(hour) },
} as const satisfies Record<string, Record<string, string>>
type Condition = keyof typeof conditions

const headersOf = (wanted: readonly Condition[], prefix = ''): Record<string, string> =>
  Object.fromEntries(
    wanted
      .flatMap((condition) => Object.entries(conditions[condition]))
      .map(([name, value]) => [`${prefix}${name}`, value === '{etag}' ? etag : value]),
  )

const outcome = async (response: Response): Promise<string> => {
  const code = response.headers.get('x-ms-error-code')
  await response.arrayBuffer()
  return code === null ? String(response.status) : `${response.status} ${code}`
}

describe('a call that reads', () => {
  const rows: [readonly Condition[], string][] = [
    [['its ETag'], '200'],
    [['another ETag'], '412 ConditionNotMet'],
    [['unchanged since an hour ago'], '412 ConditionNotMet'],
    [['unchanged since an hour ahead'], '200'],
    [['not its ETag'], '304 ConditionNotMet'],
    [['not another ETag'], '200'],
    [['changed since an hour ahead'], '304 ConditionNotMet'],
    [['changed since an hour ago'], '200'],
    [['none at all'], '400 UnsatisfiableCondition'],
    // Either of the two suffices.
    [['not its ETag', 'changed since an hour ago'], '200'],
    [['not another ETag', 'changed since an hour ahead'], '200'],
    [['not its ETag', 'changed since an hour ahead'], '304 ConditionNotMet'],
    // The others must all hold.
    [['another ETag', 'not another ETag'], '412 ConditionNotMet'],
    [['its ETag', 'unchanged since an hour ago'], '412 ConditionNotMet'],
    [['its ETag', 'not its ETag'], '304 ConditionNotMet'],
    [['its ETag', 'unchanged since an hour ahead', 'not another ETag'], '200'],
  ]
  test.each(rows)('a read that wants %j: %s', async (wanted, expected) => {
    const headers = headersOf(wanted)
    expect(await outcome(await lake.send('owner', 'GET', path, headers))).toBe(expected)
    expect(await outcome(await lake.send('owner', 'HEAD', path, headers))).toBe(expected)
    expect(await outcome(await lake.send('owner', 'HEAD', `${path}?action=getStatus`, headers))).toBe(
      expected,
    )
  })

  test('and has nothing new to show sends no body', async () => {
    const response = await lake.send('owner', 'GET', path, { 'if-none-match': `"0x0", ${etag}` })
    expect([response.status, await response.text()]).toEqual([304, ''])
  })
})

describe('a call that writes', () => {
  const rows: [readonly Condition[], 'done' | '412 ConditionNotMet' | '400'][] = [
    [['its ETag'], 'done'],
    [['another ETag'], '412 ConditionNotMet'],
    [['not its ETag'], '412 ConditionNotMet'],
    [['not another ETag'], 'done'],
    [['changed since an hour ago'], 'done'],
    [['changed since an hour ahead'], '412 ConditionNotMet'],
    [['unchanged since an hour ago'], '412 ConditionNotMet'],
    [['unchanged since an hour ahead'], 'done'],
    // An ETag and its time may come together; then the ETag decides.
    [['its ETag', 'unchanged since an hour ago'], 'done'],
    [['another ETag', 'unchanged since an hour ahead'], '412 ConditionNotMet'],
    [['not its ETag', 'changed since an hour ago'], '412 ConditionNotMet'],
    [['not another ETag', 'changed since an hour ahead'], 'done'],
    [['its ETag', 'not another ETag'], '400'],
    [['its ETag', 'changed since an hour ago'], '400'],
    [['not another ETag', 'unchanged since an hour ahead'], '400'],
  ]
  const calls: Record<
    string,
    [method: string, query: string, done: string, headers: Record<string, string>]
  > = {
    create: ['PUT', '?resource=file', '201', {}],
    flush: ['PATCH', '?action=flush&position=0', '200', {}],
    setAccessControl: ['PATCH', '?action=setAccessControl', '200', { 'x-ms-permissions': '0750' }],
    metadata: ['PUT', '?comp=metadata', '200', { 'x-ms-meta-a': 'b' }],
    delete: ['DELETE', '', '200', {}],
  }
  test.each(rows)('a write that wants %j: %s', async (wanted, expected) => {
    const answers = {
      done: ({ 2: done }: (typeof calls)[string]) => done,
      '412 ConditionNotMet': () => '412 ConditionNotMet',
      '400': () => '400 MultipleConditionHeadersNotSupported',
    }
    for (const [name, call] of Object.entries(calls)) {
      const [method, query, , headers] = call
      etag = (await lake.send('owner', 'HEAD', path)).headers.get('etag') ?? ''
      const answer = await lake.send('owner', method, `${path}${query}`, { ...headers, ...headersOf(wanted) })
      expect(`${name}: ${await outcome(answer)}`).toBe(`${name}: ${answers[expected](call)}`)
    }
  })

  test('and wants none to be there is refused by what is: 409 for a path to create', async () => {
    const headers = headersOf(['none at all'])
    const create = await lake.send('owner', 'PUT', `${path}?resource=file`, headers)
    expect(await outcome(create)).toBe('409 PathAlreadyExists')
    await lake.send('owner', 'PUT', `${path}-source?resource=file`)
    const rename = await lake.send('owner', 'PUT', path, {
      ...headers,
      'x-ms-rename-source': `${path}-source`,
    })
    expect(await outcome(rename)).toBe('409 PathAlreadyExists')
    const fresh = await lake.send('owner', 'PUT', `${path}-fresh?resource=file`, headers)
    expect(await outcome(fresh)).toBe('201')
  })

  test('and wants something to be there is refused where nothing is', async () => {
    for (const headers of [{ 'if-match': '*' }, { 'if-match': '*', 'x-ms-rename-source': path }]) {
      const answer = await lake.send('owner', 'PUT', `${path}-none?resource=file`, headers)
      expect(await outcome(answer)).toBe('412 ConditionNotMet')
    }
  })

  test('and is given a time that is none is refused', async () => {
    const answer = await lake.send('owner', 'DELETE', path, { 'if-unmodified-since': 'yesterday' })
    expect(await outcome(answer)).toBe('400 InvalidHeaderValue')
  })

  test('deleting a container looks at its times', async () => {
    await lake.send('owner', 'PUT', '/timed?restype=container')
    const drop = (wanted: Condition): Promise<Response> =>
      lake.send('owner', 'DELETE', '/timed?restype=container', headersOf([wanted]))
    expect(await outcome(await drop('unchanged since an hour ago'))).toBe('412 ConditionNotMet')
    expect(await outcome(await drop('unchanged since an hour ahead'))).toBe('202')
  })
})

describe('a rename asks something of its source', () => {
  const rows: [readonly Condition[], string][] = [
    [['its ETag'], '201'],
    [['another ETag'], '412 SourceConditionNotMet'],
    [['not its ETag'], '412 SourceConditionNotMet'],
    [['not another ETag'], '201'],
    [['changed since an hour ahead'], '412 SourceConditionNotMet'],
    [['unchanged since an hour ago'], '412 SourceConditionNotMet'],
    [['unchanged since an hour ahead'], '201'],
  ]
  test.each(rows)('a source that it wants %j of: %s', async (wanted, expected) => {
    const headers = { 'x-ms-rename-source': path, ...headersOf(wanted, 'x-ms-source-') }
    expect(await outcome(await lake.send('owner', 'PUT', `${path}-to`, headers))).toBe(expected)
  })
})

describe('what is appended arrives whole', () => {
  const data = '123456789'
  const append = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${lake.base}/storage/lake001${path}?action=append&position=0`, {
      method: 'PATCH',
      body: data,
      headers: { 'x-ms-version': '2023-11-03', authorization: 'Bearer owner', ...headers },
    })
  const md5 = (text: string): string => createHash('md5').update(text).digest('base64')
  const crc = (text: string): string => crc64(Buffer.from(text)).toString('base64')

  test('the CRC64 is the one that Azure Storage counts', () => {
    // The published check value of CRC-64/NVME, its lowest byte first.
    expect(crc64(Buffer.from(data)).toString('hex')).toBe('8898790a86148bae')
    expect(crc64(Buffer.alloc(0)).toString('hex')).toBe('0000000000000000')
  })

  test.each([
    ['the right MD5', { 'content-md5': md5(data) }, '202'],
    ['a wrong MD5', { 'content-md5': md5('another') }, '400 Md5Mismatch'],
    ['an MD5 that is none', { 'content-md5': 'abc' }, '400 InvalidMd5'],
    ['the right CRC64', { 'x-ms-content-crc64': crc(data) }, '202'],
    ['a wrong CRC64', { 'x-ms-content-crc64': crc('another') }, '400 Crc64Mismatch'],
    ['both', { 'content-md5': md5(data), 'x-ms-content-crc64': crc(data) }, '400 InvalidInput'],
  ])('with %s', async (_name, headers, expected) => {
    expect(await outcome(await append(headers))).toBe(expected)
    const flushed = await lake.send('owner', 'PATCH', `${path}?action=flush&position=${data.length}`)
    expect(flushed.status).toBe(expected === '202' ? 200 : 400)
  })
})
