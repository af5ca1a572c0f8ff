// Runs every check that is not a test, tells each one's result and time, and fails when one of them fails.
import { spawn } from 'node:child_process'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const tool = (file) => [process.execPath, path.join(root, 'node_modules', file)]
const script = (file, ...args) => [process.execPath, path.join(root, 'scripts', file), ...args]

const checks = {
  'format and lint': [...tool('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.'],
  types: [...tool('typescript/bin/tsc'), '-p', 'tsconfig.json'],
  'import directions': [
    ...tool('dependency-cruiser/bin/dependency-cruiser.mjs'),
    ...['--config', '.dependency-cruiser.js', 'src', 'actions', 'sandbox', 'judge', 'demo', 'live'],
  ],
  'unused code': [...tool('knip/bin/knip.js')],
  'generated files fresh': script('generate.ts', '--check'),
  workflows: script('lint-workflows.ts'),
  'bundles fresh': script('check-bundles.mjs'),
}

const run = ([command, ...args]) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      output += data
    })
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })

let failed = 0
for (const [name, command] of Object.entries(checks)) {
  const start = performance.now()
  const { code, output } = await run(command)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (code !== 0) {
    failed += 1
    console.log(output.trimEnd().replaceAll(/^/gm, '       '))
  }
}
console.log(`Checks: ${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
