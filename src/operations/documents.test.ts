import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { UserError } from '../diagnostics/user-error.ts'
import { namesIn, readDocument } from './documents.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'documents-test-'))
const server = net.createServer()
const inFolder = (name: string): string => path.join(folder, name)
const outside = path.join(folder, 'secret')
const repository = path.join(folder, 'repository')
const before = process.cwd()

/** What a document is refused with. */
function refusalOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  throw new Error('It was read.')
}

beforeAll(() => {
  writeFileSync(outside, 'a secret: of the machine')
  mkdirSync(path.join(repository, 'aifactory/projects'), { recursive: true })
  mkdirSync(path.join(repository, '.git'))
  writeFileSync(path.join(repository, '.git/config'), 'a token: of the job')
  process.chdir(repository)
})

afterAll(() => {
  process.chdir(before)
  server.close()
  rmSync(folder, { recursive: true })
})

describe('a document of the user', () => {
  test('is read as text', () => {
    writeFileSync(inFolder('factory.yml'), 'name: Å\n')
    expect(readDocument(inFolder('factory.yml'), 'factory-file')).toBe('name: Å\n')
  })

  test.each([
    ['UTF-16', Buffer.from('\ufeffname: Å\n', 'utf16le')],
    ['Latin-1', Buffer.from('name: Å\n', 'latin1')],
  ])('in %s is refused, not read with other letters', (_encoding, bytes) => {
    writeFileSync(inFolder('encoded.yml'), bytes)
    expect(refusalOf(() => readDocument(inFolder('encoded.yml'), 'factory-file'))).toContain(
      "(input 'factory-file') is not UTF-8 text. Save it again with the encoding UTF-8",
    )
  })

  test('that is not there is refused with the name of the input', () => {
    expect(refusalOf(() => readDocument('none.yml', 'factory-file'))).toContain(
      "The file 'none.yml' (input 'factory-file') cannot be read. It does not exist,",
    )
  })

  test('of 1 MB is read; one byte more is refused', () => {
    writeFileSync(inFolder('large.yml'), 'x'.repeat(1_000_000))
    expect(readDocument(inFolder('large.yml'), 'factory-file')).toHaveLength(1_000_000)
    writeFileSync(inFolder('large.yml'), 'x'.repeat(1_000_001))
    expect(refusalOf(() => readDocument(inFolder('large.yml'), 'factory-file'))).toContain(
      "(input 'factory-file') is larger than 1 MB.",
    )
  })

  test.each([
    ['a directory', (file: string) => mkdirSync(file)],
    ['a named pipe', (file: string) => execFileSync('mkfifo', [file])],
    ['a socket', (file: string) => new Promise<void>((resolve) => server.listen(file, resolve))],
  ])('that is %s is refused as that, and not waited for', async (kind, create) => {
    const file = inFolder(kind.replaceAll(' ', '-'))
    await create(file)
    expect(refusalOf(() => readDocument(file, 'project'))).toBe(
      `The file '${file}' (input 'project') is ${kind}, not a file. Check the path.`,
    )
  })

  test('that is a device without an end is refused as that', () => {
    expect(refusalOf(() => readDocument('/dev/zero', 'factory-file'))).toContain('is a device, not a file.')
  })

  test('that says it is empty is not read beyond the limit', () => {
    // The size of a file of the system is 0, whatever it holds.
    expect(readDocument('/proc/self/status', 'factory-file')).toContain('State:')
  })
})

describe('a link', () => {
  const link = (name: string, target: string): string => {
    symlinkSync(target, name)
    return name
  }

  test('to another file of the repository is followed', () => {
    writeFileSync('aifactory/factory.yml', 'name: x\n')
    expect(readDocument(link('aifactory/other.yml', 'factory.yml'), 'factory-file')).toBe('name: x\n')
  })

  test.each([
    ['to a file outside', 'aifactory/projects/prj001.yml', '../../../secret'],
    ['to a file outside, by its whole path', 'aifactory/projects/prj002.yml', outside],
    ['to the token of the checkout', 'aifactory/projects/prj003.yml', '../../.git/config'],
    ['to a device', 'aifactory/projects/prj004.yml', '/dev/zero'],
  ])('%s is refused, and nothing of the file is shown', (_what, name, target) => {
    const refusal = refusalOf(() => readDocument(link(name, target), 'project'))
    expect(refusal).toContain(
      `The file '${name}' (input 'project') is a link that leads out of the repository.`,
    )
    expect(refusal).not.toMatch(/secret|token/)
  })

  test('out of the repository is refused in the middle of a path too', () => {
    mkdirSync(inFolder('elsewhere'))
    writeFileSync(inFolder('elsewhere/prj001.yml'), 'a secret: x')
    link('linked', inFolder('elsewhere'))
    expect(refusalOf(() => readDocument('linked/prj001.yml', 'project'))).toContain(
      'leads out of the repository',
    )
    expect(refusalOf(() => namesIn('linked'))).toContain(
      "The directory 'linked' is a link that leads out of the repository.",
    )
  })

  test('that leads to itself is refused', () => {
    const name = link('circle', 'circle')
    expect(refusalOf(() => readDocument(name, 'project'))).toContain('cannot be read')
    expect(refusalOf(() => namesIn(name))).toContain('cannot be read')
  })

  test('beside a document outside the repository is held to its directory', () => {
    const file = link(inFolder('elsewhere/prj002.yml'), outside)
    expect(refusalOf(() => readDocument(file, 'project'))).toContain('leads out of the repository')
  })
})

describe('a directory of documents', () => {
  test('gives the names in it, in order', () => {
    mkdirSync('ordered')
    for (const name of ['b', 'c', 'a']) writeFileSync(path.join('ordered', name), '')
    expect(namesIn('ordered')).toEqual(['a', 'b', 'c'])
  })

  test('may be missing', () => {
    expect(namesIn('none')).toEqual([])
  })

  test('that is a file is refused as that', () => {
    writeFileSync('a-file', '')
    expect(refusalOf(() => namesIn('a-file'))).toBe(
      "The directory 'a-file' is a file, not a directory. Check the path.",
    )
  })
})
