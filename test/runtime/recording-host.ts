import type { Host } from '../../src/runtime/host.ts'

/** A host that writes down, in order, all that an action asks of it. */
export interface RecordingHost extends Host {
  /** One line a request, e.g. `output changed=true`, `fail …`. */
  readonly record: readonly string[]
}

/** Makes one. `inputs` are as a workflow gives them; `broken` names what throws when it is asked for. */
export function recordingHost(
  inputs: Readonly<Record<string, string>> = {},
  {
    environment = {},
    broken,
  }: { environment?: Record<string, string>; broken?: 'setOutput' | 'writeSummary' } = {},
): RecordingHost {
  const record: string[] = []
  const refuse = (what: string) => {
    if (broken === what) throw new Error(`no ${what}`)
  }
  return {
    record,
    environment,
    input: (name) => inputs[name] ?? '',
    setOutput: (name, value) => {
      refuse('setOutput')
      record.push(`output ${name}=${value}`)
    },
    info: (line) => record.push(`info ${line}`),
    startGroup: (title) => {
      record.push(`group ${title}`)
      return () => record.push('endgroup')
    },
    debug: (text) => record.push(`debug ${text.split('\n')[0]}`),
    notice: (text) => record.push(`notice ${text}`),
    warning: (text) => record.push(`warning ${text}`),
    fail: (text, where) => record.push(`fail ${where === undefined ? '' : `[${where.file}] `}${text}`),
    writeSummary: async (markdown) => {
      refuse('writeSummary')
      record.push(`summary ${markdown}`)
    },
    cancellation: () => new Promise(() => undefined),
    idToken: async () => 'a-token',
  }
}
