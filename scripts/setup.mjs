// Installs the locked dependencies when they are missing or older than the lockfile. Runs on any Node from 20 on;
// everything after it runs on the Node that the actions run on, which the package `node` brings.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const installed = path.join(root, 'node_modules', '.package-lock.json')
const lockfile = path.join(root, 'package-lock.json')

const isFresh = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs
if (!isFresh) {
  // Standard output belongs to the command that follows: the sandbox announces itself there in one line.
  console.error('Installing dependencies (once, about half a minute) …')
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.error) console.error(`npm could not be started: ${npm.error.message}`)
  process.exit(npm.status ?? 1)
}
