import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'

/** Installs the locked dependencies when they are missing or older than the lockfile. */
export function install(root) {
  const installed = path.join(root, 'node_modules', '.package-lock.json')
  const lockfile = path.join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return
  // Standard output belongs to the script that follows: the sandbox announces itself there in one line.
  console.error('Installing dependencies (once, about half a minute) …')
  const npm = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.error) console.error(`npm could not be started: ${npm.error.message}`)
  if (npm.status !== 0) process.exit(npm.status ?? 1)
}
