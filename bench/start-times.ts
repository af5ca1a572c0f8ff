// How long each bundle takes from start to its first refusal, run without inputs in an empty folder; and how large
// it is. The ratio to starting Node alone holds on any machine.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const runs = 9
const actions = path.join(import.meta.dirname, '..', 'actions')
const empty = mkdtempSync(path.join(os.tmpdir(), 'empty-'))

function medianMilliseconds(args: readonly string[]): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    spawnSync(process.execPath, args, { cwd: empty, env: {}, stdio: 'ignore' })
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2)} MB`

const sizeOf = (folder: string): number =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)

const bare = medianMilliseconds(['--eval', ''])
console.log(`Median of ${runs} runs. Node alone: ${bare.toFixed(0)} ms.`)
for (const action of readdirSync(actions)) {
  const dist = path.join(actions, action, 'dist')
  const main = path.join(dist, 'index.js')
  if (!existsSync(main)) continue
  const time = medianMilliseconds([main])
  const figures = [`${time.toFixed(0)} ms`, `${(time / bare).toFixed(1)} x Node alone`]
  const sizes = `index.js ${megabytes(statSync(main).size)}, all chunks ${megabytes(sizeOf(dist))}`
  console.log(`${action.padEnd(18)} ${figures.join(', ')}; ${sizes}`)
}
rmSync(empty, { recursive: true })
