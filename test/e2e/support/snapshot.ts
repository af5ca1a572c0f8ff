import { addressPlaceholder } from '../../../sandbox/server/server.ts'
import type { Sandbox } from '../../../sandbox/start.ts'
import { parseSnapshot, type SandboxSnapshot } from '../../../sandbox/state.ts'

/** The tenant as it is now, to start another sandbox from. */
export const snapshotOf = ({ state, url }: Pick<Sandbox, 'state' | 'url'>): SandboxSnapshot =>
  parseSnapshot(
    JSON.parse(JSON.stringify(state).replaceAll(url, addressPlaceholder)),
    'the snapshot of a factory',
  )

/** Does something when it is first asked for, and gives what came of it to all who ask. */
export function onceOnly<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => {
    result ??= work()
    return result
  }
}
