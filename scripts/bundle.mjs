// Bundles every action into actions/<name>/dist, byte for byte the same on every machine: TypeScript to JavaScript
// first, then one bundle each, without a cache.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bundledPackages, licensesText } from './bundled-licenses.ts'

const root = path.join(import.meta.dirname, '..')
const bin = (name) => path.join(root, 'node_modules', name)
const only = process.argv.slice(2)

const run = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${args.join(' ')}\n${output}`)),
    )
  })

async function bundle(action) {
  const folder = path.join(root, 'actions', action, 'dist')
  const stats = path.join(root, 'build', `${action}.stats.json`)
  rmSync(folder, { recursive: true, force: true })
  await run([
    bin('@vercel/ncc/dist/ncc/cli.js'),
    'build',
    path.join(root, 'build', 'actions', action, 'main.js'),
    '--out',
    folder,
    '--no-cache',
    '--stats-out',
    stats,
  ])
  const packages = bundledPackages(JSON.parse(readFileSync(stats, 'utf8')))
  writeFileSync(path.join(folder, 'licenses.txt'), licensesText(packages))
  // A helper of a sign-in method that is not used here; no program of others belongs into an action.
  rmSync(path.join(folder, 'xdg-open'), { force: true })
  console.log(`actions/${action}/dist`)
}

rmSync(path.join(root, 'build'), { recursive: true, force: true })
await run([bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json'])
const actions = readdirSync(path.join(root, 'actions'))
  .filter((action) => existsSync(path.join(root, 'actions', action, 'main.ts')))
  .filter((action) => only.length === 0 || only.includes(action))
const workers = Array.from({ length: Math.max(1, Math.min(os.availableParallelism(), 4)) }, async () => {
  for (let action = actions.shift(); action !== undefined; action = actions.shift()) await bundle(action)
})
await Promise.all(workers)
