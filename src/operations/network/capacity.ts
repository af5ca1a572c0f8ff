import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import { addressConstraints, addressWarnings, blockedRanges } from '../../network/blocked-ranges.ts'
import { type EnvironmentState, type Forecast, forecast } from '../../network/capacity/forecast.ts'
import { highScalePrivateEndpoints } from '../../network/capacity/limits.ts'
import { ipv4Networks } from '../../network/vnet.ts'
import { projectTypes, subnetProfiles } from '../../vocabulary.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import { type FactoryInEnvironment, readFactory } from '../project.ts'
import { reportCapacity } from './capacity-report.ts'
import { measure } from './measure.ts'
import type { CapacityOptions } from './options.ts'
import { typicalDemand } from './typical-demand.ts'

/** Reports how many more projects of each type and profile fit an environment, and which limit is reached first. */
export const capacity: Operation<CapacityOptions> = async (options, context) => {
  const target = readFactory(options.factory)
  const { factory } = target
  const session = await connect(factory, options.factory, context)
  const { read } = await openVirtualNetworks(session)
  const network = await read(options.vnetId ?? target.typicalProject('all').ids.virtualNetwork)
  const constraints = addressConstraints(factory, options.reserved)
  const blocked = blockedRanges(network, constraints).map(({ cidr }) => cidr)
  const state: EnvironmentState = {
    space: {
      prefixes: ipv4Networks(network.addressPrefixes),
      taken: network.subnets.flatMap(({ addressPrefixes }) => ipv4Networks(addressPrefixes)),
      reserved: blocked,
    },
    used: await measure(session, target, network),
    raisedLimits: network.highScalePrivateEndpoints
      ? { privateEndpoints: highScalePrivateEndpoints.max }
      : {},
  }
  return reportCapacity({
    action: context.action,
    options,
    factory,
    network,
    state,
    blocked,
    forecasts: forecastsOf(target, state),
    types: typesInUse(target),
    warnings: addressWarnings(network, constraints),
  })
}

const forecastsOf = (
  { typicalProject }: FactoryInEnvironment,
  state: EnvironmentState,
): readonly Forecast[] =>
  projectTypes.flatMap((type) =>
    subnetProfiles.map((profile) => forecast(typicalDemand(typicalProject(type), profile), state)),
  )

/** The types that the factory's projects have; all of them while it has none. */
function typesInUse({ projects }: FactoryInEnvironment) {
  const used = projectTypes.filter((type) => projects.some((project) => project.type === type))
  return used.length === 0 ? projectTypes : used
}
