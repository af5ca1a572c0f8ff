// Bundles every action into actions/<name>/dist, byte for byte the same on every machine: TypeScript to JavaScript
// first, then one bundle each, without a cache and without packages that nothing calls, then all of it minified.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bundledPackages, licensesText } from './bundled-licenses.ts'
import { leftOutPackages, packagesInPart } from './left-out.ts'
import { minify } from './minify.ts'
import { neededAfterAll, standInFile, standInOfModule, standInOfPackage } from './stand-ins.ts'
import { unusedChunks } from './unused-chunks.ts'

const root = path.join(import.meta.dirname, '..')
const build = path.join(root, 'build')
const bin = (name) => path.join(root, 'node_modules', name)
const only = process.argv.slice(2)

const run = (args, cwd = root) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${args.join(' ')}\n${output}`)),
    )
  })

/** Copies a package to where the bundled files find it, with stand-ins for the modules that are left out. */
function copyWithout(left) {
  const copy = path.join(build, 'node_modules', left.name)
  cpSync(bin(left.name), copy, { recursive: true })
  for (const module of left.without) {
    const file = path.join(copy, module)
    writeFileSync(file, standInOfModule(left, module, readFileSync(file, 'utf8')))
  }
}

/** Bundles an action with stand-ins for these packages. ncc follows the paths of the tsconfig.json where it is started. */
async function bundleWithout(packages, action, folder) {
  const start = path.join(build, 'bundles', action)
  const paths = Object.fromEntries([
    ...packages.map((left) => [left.name, [`../../left-out/${standInFile(left)}`]]),
    ...packagesInPart.map(({ name, index }) => [name, [`../../node_modules/${name}/${index}`]]),
  ])
  mkdirSync(start, { recursive: true })
  writeFileSync(
    path.join(start, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { baseUrl: '.', paths } }),
  )
  rmSync(folder, { recursive: true, force: true })
  const main = path.join(build, 'actions', action, 'main.js')
  const stats = path.join(start, 'stats.json')
  await run(
    [bin('@vercel/ncc/dist/ncc/cli.js'), 'build', main, '--out', folder, '--no-cache', '--stats-out', stats],
    start,
  )
  return JSON.parse(readFileSync(stats, 'utf8'))
}

async function bundle(action) {
  const folder = path.join(root, 'actions', action, 'dist')
  let stats = await bundleWithout(leftOutPackages, action, folder)
  const needed = neededAfterAll(stats, 'left-out', leftOutPackages)
  if (needed.length > 0) {
    const others = leftOutPackages.filter((left) => !needed.includes(left))
    stats = await bundleWithout(others, action, folder)
  }
  const scripts = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => [file, minify(readFileSync(path.join(folder, file), 'utf8'))]),
  )
  for (const [file, code] of scripts) writeFileSync(path.join(folder, file), code)
  for (const file of unusedChunks(scripts)) rmSync(path.join(folder, file))
  writeFileSync(path.join(folder, 'licenses.txt'), licensesText(bundledPackages(stats)))
  console.log(`actions/${action}/dist`)
}

rmSync(build, { recursive: true, force: true })
await run([bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json'])
mkdirSync(path.join(build, 'left-out'))
for (const left of leftOutPackages) {
  writeFileSync(path.join(build, 'left-out', standInFile(left)), standInOfPackage(left))
}
for (const left of packagesInPart) copyWithout(left)
const actions = readdirSync(path.join(root, 'actions'))
  .filter((action) => existsSync(path.join(root, 'actions', action, 'main.ts')))
  .filter((action) => only.length === 0 || only.includes(action))
const workers = Array.from({ length: Math.max(1, Math.min(os.availableParallelism(), 4)) }, async () => {
  for (let action = actions.shift(); action !== undefined; action = actions.shift()) await bundle(action)
})
await Promise.all(workers)
