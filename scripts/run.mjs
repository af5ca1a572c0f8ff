// Runs a script on the Node that the actions run on, installing what is locked when it is missing:
//   node scripts/run.mjs SCRIPT [ARGUMENT …]
// Works on any Node from 20 on. The shell cannot do this by itself: it remembers which `node` it found before the
// installation.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { install } from './install.mjs'

const root = path.join(import.meta.dirname, '..')
const node = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)
const [script, ...parameters] = process.argv.slice(2)

install(root)
const child = spawn(node, [path.join(root, script), ...parameters], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`Node 24 could not be started: ${error.message}`)
  console.error(
    'It comes with the package "node", whose install script may be blocked. Try: npm rebuild node',
  )
  process.exit(1)
})
child.on('close', (code, signal) => process.exit(signal === null ? code : 1))
