import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as schedule } from 'node:timers'

/** Keeps a text in a file. */
export interface StateFile {
  /** Says that the text may have changed; it is written a moment later, once for many changes. */
  touch(): void
  /** Writes what has changed since the last write. */
  flush(): Promise<void>
}

/** The parsed content of a JSON file, or `undefined` when there is no such file. */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  return JSON.parse(text)
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}

/**
 * Writes what `toText` says, through a second file that is then renamed, so that a reader, or a run that is killed,
 * never meets half a state. `delay` is how long to gather changes, in milliseconds.
 */
export function createStateFile(path: string, toText: () => string, delay = 1_000): StateFile {
  let timer: NodeJS.Timeout | undefined
  let written = ''
  let writing = Promise.resolve()
  let failure: unknown

  async function write(): Promise<void> {
    const text = toText()
    if (text === written) return
    const temporary = `${path}.${process.pid}.tmp`
    await writeFile(temporary, text, { mode: 0o600 })
    await rename(temporary, path)
    written = text
  }

  function enqueue(): Promise<void> {
    writing = writing.then(write)
    return writing
  }

  return {
    touch: () => {
      timer ??= schedule(() => {
        timer = undefined
        // Nobody waits for this write: a failure is kept, and told when the state is flushed.
        enqueue().catch((error: unknown) => {
          failure = error
          writing = Promise.resolve()
        })
      }, delay).unref()
    },
    flush: async () => {
      clearTimeout(timer)
      timer = undefined
      await enqueue()
      if (failure !== undefined) throw failure
    },
  }
}
