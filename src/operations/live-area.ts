import type { Resources } from '../azure/resources.ts'
import type { CommonArea } from '../compose/compose-common.ts'
import { withLiveBudget } from './budget-start.ts'
import { withLiveRegistry } from './shared-registry.ts'

/** The common area, knowing of what is there already what cannot be changed: checks and deliveries compose the same. */
export const liveArea = async (
  written: CommonArea,
  resources: Pick<Resources, 'read'>,
): Promise<CommonArea> => withLiveBudget(await withLiveRegistry(written, resources), resources)
