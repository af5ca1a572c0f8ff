// The same steps on Azure and on the sandbox, and what differed: npm run live -- path/to/factory.yml
// For whoever has a subscription, signed in with `az login`. Asks before it begins, and removes what it has made.
// See docs/live.md. What it writes is below out/live/, or in the folder that AI_FACTORY_OUT names.
import path from 'node:path'
import { bold, red, say } from '../demo/console.ts'
import { UserError } from '../src/diagnostics/user-error.ts'
import { type CommandLine, readCommandLine, usage } from './command-line.ts'
import { live } from './live.ts'

/** Exit code for a command line that makes no sense, as is usual. */
const misuse = 2

const whereCalled =
  (process.env['npm_lifecycle_event'] === 'live' ? process.env['INIT_CWD'] : undefined) ?? process.cwd()

/** The command line, or the end of the program: a wrong one is explained with the usage. */
function commandLine(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2), whereCalled)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    process.exit(misuse)
  }
}

const asked = commandLine()
const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!interrupt.signal.aborted) say(red('Interrupted. What was made is removed first.'))
    interrupt.abort()
  })

say(bold('AI Factory Actions: a live run, on Azure and on the sandbox beside it'))
try {
  const folder = path.resolve(
    process.env['AI_FACTORY_OUT'] ?? path.join(import.meta.dirname, '../out'),
    'live',
  )
  if (!(await live(asked, folder, interrupt.signal))) process.exitCode = 1
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
