// Jest runs ECMAScript modules only with this flag; setting it here keeps `npm test` the same on every shell. What tests
// leave in the temporary folder goes when they end, whichever way they end: it is a folder of this run's own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const jest = path.join(import.meta.dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js')
const cache = path.join(os.tmpdir(), 'ai-factory-jest-cache')
const temporary = mkdtempSync(path.join(os.tmpdir(), 'ai-factory-tests-'))
const run = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    jest,
    `--cacheDirectory=${cache}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary } },
)
rmSync(temporary, { recursive: true, force: true, maxRetries: 3 })
process.exit(run.status ?? 1)
