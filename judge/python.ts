import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const here = import.meta.dirname
const cache = path.join(here, '..', '.cache', 'judge')
const home = path.join(cache, 'venv')
const stamp = path.join(cache, 'installed')
const pythonOfHome =
  process.platform === 'win32' ? path.join(home, 'Scripts', 'python.exe') : path.join(home, 'bin', 'python')

/** Python with the pinned tools, or why it cannot be had. */
export type Prepared = { readonly python: string } | { readonly missing: string }

/**
 * A virtual environment of our own with the pinned tools in it. It is kept, and made anew when the pins or Python change.
 * Where the packages come from is what pip's own configuration says.
 */
export function preparePython(log: (line: string) => void): Prepared {
  const found = findPython()
  if (found === undefined)
    return { missing: 'It takes Python 3.10 or later with the module venv, and none was found.' }
  const wanted = fingerprint(found.version)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(pythonOfHome))
    return { python: pythonOfHome }
  rmSync(cache, { recursive: true, force: true, maxRetries: 3 })
  mkdirSync(cache, { recursive: true })
  log('Installing the Azure CLI and Microsoft’s Python packages into .cache/judge (once, about a minute) …')
  const fault = run(found.command, ['-m', 'venv', home]) ?? run(pythonOfHome, pipArguments)
  if (fault !== undefined) {
    rmSync(cache, { recursive: true, force: true, maxRetries: 3 })
    return { missing: `The pinned packages could not be installed. ${fault}` }
  }
  writeFileSync(stamp, wanted)
  return { python: pythonOfHome }
}

/** Not compiled ahead: most of it is never imported. */
const pipArguments = [
  ...['-m', 'pip', 'install', '--quiet', '--no-input', '--no-compile', '--retries', '2'],
  ...['--disable-pip-version-check', '--requirement', path.join(here, 'requirements.txt')],
]

const question = 'import sys, venv, ensurepip; print(sys.version); sys.exit(sys.version_info < (3, 10))'

function findPython(): { command: string; version: string } | undefined {
  for (const command of ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)]) {
    const { status, stdout } = spawnSync(command, ['-c', question], { encoding: 'utf8' })
    if (status === 0) return { command, version: stdout.trim() }
  }
  return undefined
}

function fingerprint(version: string): string {
  const hash = createHash('sha256').update(version)
  for (const file of ['requirements.txt', 'constraints.txt']) hash.update(readFileSync(path.join(here, file)))
  return hash.digest('hex')
}

/** Runs a program to its end. Why it failed, in its own last words; nothing when it did not. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0) return undefined
  const lastWords = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-3).join('\n')
  return error?.message ?? lastWords
}
