import { enumeration } from '../../diagnostics/enumeration.ts'
import { addressConstraints, blockedRanges } from '../../network/blocked-ranges.ts'
import {
  type EnvironmentState,
  type Forecast,
  forecast,
  maxOf,
  type Used,
} from '../../network/capacity/forecast.ts'
import {
  type CountedLimitKey,
  countedLimitKeys,
  limits,
  raisedLimitsOf,
} from '../../network/capacity/limits.ts'
import { type ActualNetwork, ipv4Networks } from '../../network/vnet.ts'
import type { Change } from '../../plan/model.ts'
import type { Usage } from '../../plan/usage.ts'
import { sameText } from '../../resource-id.ts'
import { type Environment, projectTypes } from '../../vocabulary.ts'
import { known, type Measures, measureLimits } from '../network/measure.ts'
import { typicalDemand } from '../network/typical-demand.ts'
import type { FactoryInEnvironment } from '../project.ts'
import type { CommonDelivery } from './plan-common.ts'

/** How many projects fit beside a common area as it will be, and how much of each limit it takes itself. */
export interface ProjectCapacity {
  /** One for each type of project, as the environment sizes its subnets. */
  readonly forecasts: readonly Forecast[]
  readonly usage: readonly Usage[]
}

/** Counts what there is of every limit, and forecasts how many projects fit when the plan has been applied. */
export async function projectCapacity(
  { typicalProject, factory }: FactoryInEnvironment,
  { subnets, services }: Pick<CommonDelivery, 'subnets' | 'services'>,
  changes: readonly Change[],
): Promise<ProjectCapacity> {
  const { network } = subnets
  const now = await measureLimits(services.session, factory.subscriptionId, network, {
    numbers: [],
    lakeEntries: async () => ({
      kind: 'unknown',
      reason: 'The data lake is not read for a plan of the common area.',
    }),
  })
  const after = withChanges(now, changes)
  const planned = Object.values(subnets.subnets).flatMap((subnet) =>
    subnet?.state === 'planned' && subnet.addressPrefix !== '' ? [subnet.addressPrefix] : [],
  )
  const state: EnvironmentState = {
    space: {
      prefixes: ipv4Networks(network.addressPrefixes),
      taken: ipv4Networks([...network.subnets.flatMap((subnet) => subnet.addressPrefixes), ...planned]),
      reserved: blockedRanges(network, addressConstraints(factory, [])).map(({ cidr }) => cidr),
    },
    used: after,
    raisedLimits: raisedLimitsOf(network),
  }
  return {
    forecasts: projectTypes.map((type) =>
      forecast(typicalDemand(typicalProject(type), factory.network.profile), state),
    ),
    usage: usageOf(now, state, network),
  }
}

/** When no project will fit, whatever its type, somebody should know before the area is there. */
export const shortageWarnings = (
  { forecasts }: Pick<ProjectCapacity, 'forecasts'>,
  environment: Environment,
): readonly string[] => {
  if (forecasts.some(({ more }) => more > 0)) return []
  const first = new Set(forecasts.flatMap((one) => one.limits[0]?.limit ?? []))
  const titles = [...first].map((limit) => limits[limit].title)
  const fix = first.has('addresses')
    ? ` Add a prefix to 'environments.${environment}.network.addressSpace' in factory.yml, or to the VNet if it is not the factory's.`
    : ''
  return [`No project will fit beside this common area: ${enumeration(titles, 3)}.${fix}`]
}

/** The rows of a plan that count towards a limit. */
const countedKinds: Readonly<Partial<Record<CountedLimitKey, string>>> = {
  deploymentStacks: 'deployment stack',
  resourceGroups: 'resource group',
  privateEndpoints: 'Microsoft.Network/privateEndpoints',
  subnets: 'subnet',
}

function withChanges(now: Measures, changes: readonly Change[]): Measures {
  const more = (kind: string): number =>
    changes
      .filter((change) => sameText(change.kind, kind))
      .reduce((sum, { change }) => sum + (change === 'create' ? 1 : change === 'delete' ? -1 : 0), 0)
  const after: Record<CountedLimitKey, Used> = { ...now }
  for (const limit of countedLimitKeys) {
    const [kind, used] = [countedKinds[limit], now[limit]]
    if (kind !== undefined && used.kind === 'known') after[limit] = known(used.used + more(kind))
  }
  return after
}

const usageOf = (now: Measures, state: EnvironmentState, network: ActualNetwork): readonly Usage[] =>
  countedLimitKeys.flatMap((limit) => {
    const [before, after] = [now[limit], state.used[limit]]
    if (before.kind === 'unknown' || after.kind === 'unknown') return []
    const isOfNetwork = limit === 'privateEndpoints' || limit === 'subnets'
    return [
      {
        what: limits[limit].noun,
        of: isOfNetwork ? `VNet '${network.name}'` : 'the subscription',
        used: before.used,
        after: after.used,
        limit: maxOf(limit, state),
      },
    ]
  })
