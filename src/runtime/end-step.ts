import { UserError } from '../diagnostics/user-error.ts'
import { issues } from './failure.ts'
import { type Host, runner } from './host.ts'

const endedEarly = new UserError({
  what: 'The process ended before the action did.',
  why: 'An answer that the action waited for never came, and nothing else kept the process alive. What was done until then is in the log.',
  fix: `Run the job again; what was done is kept. If it fails again, report it in ${issues}.`,
})

/**
 * The last line of an action's `main.ts`. A step has failed until its run has succeeded: Node ends a process with exit
 * code 0 as soon as nothing is left to wait for, also in the middle of the work. Connections kept alive would hold the
 * step open after its work is done, so the process ends itself when it has not ended by then.
 */
export function endStep(run: Promise<boolean>, graceMilliseconds = 500, host: Host = runner): void {
  process.exitCode = 1
  let isOver = false
  const guard = (): void => {
    if (isOver) return
    isOver = true
    process.exitCode = 1
    host.fail(endedEarly.message)
  }
  // The first when nothing is left to wait for, the second when something else ends the process.
  process.once('beforeExit', guard)
  process.once('exit', guard)
  void run.then((succeeded) => {
    isOver = true
    process.exitCode = succeeded ? 0 : 1
    setTimeout(() => process.exit(), graceMilliseconds).unref()
  })
}
