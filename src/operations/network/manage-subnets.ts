import { type Concern, newestOnly } from '../newest/newest-only.ts'
import type { Operation } from '../operation.ts'
import { allocateOffline } from './allocate-offline.ts'
import { allocateSubnets } from './allocate-subnets.ts'
import { capacity } from './capacity.ts'
import type { NetworkOptions } from './options.ts'
import { propose } from './propose.ts'
import { releaseSubnets } from './release-subnets.ts'

/** All that is done about subnets and address spaces: one operation for each kind of options. */
export const manageSubnets: Operation<NetworkOptions> = newestOnly(concernOf, async (options, context) => {
  switch (options.kind) {
    case 'live':
      return allocateSubnets(options, context)
    case 'offline':
      return allocateOffline(options)
    case 'capacity':
      return capacity(options, context)
    case 'proposal':
      return propose(options, context)
    case 'release':
      return releaseSubnets(options, context)
  }
})

/** Calculations offline, and of what fits, are about nobody's documents. */
function concernOf(options: NetworkOptions): Concern | undefined {
  if (options.kind !== 'live' && options.kind !== 'release') return undefined
  const { mode, target } = options
  return { target, changing: mode !== 'plan' && mode !== 'plan-release' }
}
