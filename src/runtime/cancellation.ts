import { UserError } from '../diagnostics/user-error.ts'

/** The step that a run has begun last, as its log names it. */
interface BegunStep {
  readonly position: number
  readonly count: number
  readonly name: string
}

/** How steps are logged as they begin: `3/12 Create group …`. */
const stepLine = /^(?<position>\d+)\/(?<count>\d+) (?<name>.+)$/

/** Keeps an eye on which step a run has begun last, by the lines it logs. */
export function journalOf(log: (line: string) => void) {
  let begun: BegunStep | undefined
  return {
    info: (line: string): void => {
      const groups = stepLine.exec(line)?.groups
      if (groups !== undefined) {
        const { position = '', count = '', name = '' } = groups
        begun = { position: Number(position), count: Number(count), name }
      }
      log(line)
    },
    begun: (): BegunStep | undefined => begun,
  }
}

/** What a run reports that is stopped: what state it leaves, and what the next one does about it. */
export function cancelled(signal: string, begun: BegunStep | undefined): UserError {
  const why =
    'Somebody cancelled the job, a newer run took its place, or it took longer than its timeout-minutes.'
  if (begun === undefined) {
    return new UserError({
      what: `The run was stopped (${signal}) before it changed anything.`,
      why,
      fix: 'Nothing was changed. Run the job again; if it was the timeout, raise timeout-minutes of the job.',
    })
  }
  const { position, count, name } = begun
  const others = position > 1 ? ' Steps before it may still have been under way, since some go together.' : ''
  return new UserError({
    what: `The run was stopped (${signal}). The last step that it began was ${position} of ${count}: ${name}.${others} What was done is kept, and what Azure was asked for goes on there.`,
    why,
    fix: 'Run the job again: it waits for what is still under way, shows it, and does only what is missing. If it was the timeout, raise timeout-minutes of the job.',
  })
}
