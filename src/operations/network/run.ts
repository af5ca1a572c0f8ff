import type { Host } from '../../runtime/host.ts'
import type { ActionResult } from '../../runtime/run-action.ts'
import { capacity } from './capacity.ts'
import { findLive, findOffline } from './find.ts'
import type { NetworkOptions } from './options.ts'
import { propose } from './propose.ts'
import { release } from './release.ts'

/** Does what the mode says. */
export async function run(inputs: NetworkOptions, host: Host): Promise<ActionResult> {
  switch (inputs.kind) {
    case 'live':
      return findLive(inputs, host)
    case 'offline':
      return findOffline(inputs, host)
    case 'capacity':
      return capacity(inputs, host)
    case 'proposal':
      return propose(inputs, host)
    case 'release':
      return release(inputs, host)
  }
}
