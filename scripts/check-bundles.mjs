// Builds all bundles anew and fails when the committed ones differ, files that git does not know yet included.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' })
const changes = () => {
  const status = git('status', '--porcelain', '--untracked-files=all', '--', ':(glob)actions/*/dist/**')
  if (status.status !== 0) throw new Error(`git status failed: ${status.stderr}`)
  return status.stdout.trim()
}

const before = changes()
const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'bundle.mjs')], {
  cwd: root,
  encoding: 'utf8',
})
if (build.status !== 0) {
  console.error(build.stdout + build.stderr)
  process.exit(1)
}
const after = changes()
if (after !== '') {
  console.error(`The committed bundles are not what the sources give:\n${after}`)
  if (before !== '') console.error('Some of them were changed but not committed before this check.')
  console.error('Run "npm run bundle" and commit actions/*/dist.')
  process.exit(1)
}
