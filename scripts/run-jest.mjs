// Jest runs ECMAScript modules only with this flag; setting it here keeps `npm test` the same on every shell.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const jest = path.join(import.meta.dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js')
const run = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', jest, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exit(run.status ?? 1)
