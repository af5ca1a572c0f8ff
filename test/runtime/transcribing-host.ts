import type { Host } from '../../src/runtime/host.ts'

/** What a run of an action left: of its log, its outputs and its summary. */
export interface Transcript {
  readonly outputs: Readonly<Record<string, string>>
  /** The log, annotations with their command. */
  readonly lines: readonly string[]
  readonly summary: string
}

/** A host in this process that keeps what a reader of the run would see; `transcript` is filled while it runs. */
export function transcribingHost(
  inputs: Readonly<Record<string, string>>,
  { environment, idToken }: Pick<Host, 'environment' | 'idToken'>,
): { readonly host: Host; readonly transcript: Transcript } {
  const outputs: Record<string, string> = {}
  const lines: string[] = []
  const transcript = { outputs, lines, summary: '' }
  const log = (text: string): void => void lines.push(text)
  const host: Host = {
    environment,
    idToken,
    input: (name) => inputs[name] ?? '',
    setOutput: (name, value) => {
      outputs[name] = value
    },
    info: log,
    startGroup: (title) => {
      log(title)
      return () => undefined
    },
    debug: () => undefined,
    notice: (text) => log(`::notice::${text}`),
    warning: (text) => log(`::warning::${text}`),
    fail: (text) => log(`::error::${text}`),
    writeSummary: async (markdown) => {
      transcript.summary += markdown
    },
    cancellation: () => new Promise(() => undefined),
  }
  return { host, transcript }
}
