import { unlessForbidden } from '../../azure/failure.ts'
import { openResources } from '../../azure/resources.ts'
import { openRoleDefinitions } from '../../azure/role-definitions.ts'
import type { Session } from '../../azure/session.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { Cidr } from '../../cidr.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { allocate } from '../../network/allocation.ts'
import {
  type AddressConstraints,
  addressConstraints,
  addressWarnings,
  blockedRanges,
} from '../../network/blocked-ranges.ts'
import { type EnvironmentState, type Forecast, forecast } from '../../network/capacity/forecast.ts'
import { raisedLimitsOf } from '../../network/capacity/limits.ts'
import { ipv4Networks } from '../../network/vnet.ts'
import { type ProjectType, projectTypes, subnetProfiles } from '../../vocabulary.ts'
import { assignmentsNote } from '../access/assignment-count.ts'
import { readCommonArea } from '../common-area.ts'
import { connect } from '../connect.ts'
import { withDefinedRoles } from '../defined-roles.ts'
import { once } from '../once.ts'
import type { Operation } from '../operation.ts'
import { type FactoryInEnvironment, type ProjectInEnvironment, readFactory } from '../project.ts'
import { withSharedRegistry } from '../shared-registry.ts'
import { reportCapacity } from './capacity-report.ts'
import { commonTarget } from './common-target.ts'
import { measure } from './measure.ts'
import { networkToCome } from './network-to-come.ts'
import type { CapacityOptions } from './options.ts'
import { ownersPart, type SubnetTarget } from './subnet-target.ts'
import { typicalDemand } from './typical-demand.ts'

/** Reports how many more projects of each type and profile fit an environment, and which limit is reached first. */
export const capacity: Operation<CapacityOptions> = async (options, context) => {
  const target = readFactory(options.factory)
  const { factory } = target
  const session = await connect(factory, options.factory, context)
  const networks = await openVirtualNetworks(session)
  const owner = commonTarget(readCommonArea(options.factory))
  const network = await (options.vnetId === undefined
    ? networkToCome(networks, owner)
    : networks.read(options.vnetId))
  const constraints = addressConstraints(factory, options.reserved)
  const common = options.vnetId === undefined ? commonSubnetsToCome(network, owner, constraints) : noneToCome
  const blocked = blockedRanges(network, constraints).map(({ cidr }) => cidr)
  const state: EnvironmentState = {
    space: {
      prefixes: ipv4Networks(network.addressPrefixes),
      taken: [
        ...network.subnets.flatMap(({ addressPrefixes }) => ipv4Networks(addressPrefixes)),
        ...common.ranges,
      ],
      reserved: blocked,
    },
    used: await measure(session, target, network),
    raisedLimits: raisedLimitsOf(network),
  }
  const types = typesInUse(target)
  const typical = await typicalProjects(target, session)
  return reportCapacity({
    action: context.action,
    options,
    factory,
    network,
    state,
    blocked,
    forecasts: forecastsOf(typical, state),
    types,
    warnings: [...addressWarnings(network, constraints), ...common.warnings, ...rolesWarning(typical, types)],
  })
}

/** What the common area takes before any project comes. */
interface SubnetsToCome {
  readonly ranges: readonly Cidr[]
  readonly warnings: readonly string[]
}

const noneToCome: SubnetsToCome = { ranges: [], warnings: [] }

/** The common subnets that are still to be claimed; that they do not fit is a warning, and no reason to count nothing. */
function commonSubnetsToCome(
  network: ExistingVirtualNetwork,
  owner: SubnetTarget,
  constraints: AddressConstraints,
): SubnetsToCome {
  try {
    const { planned } = allocate({
      network,
      constraints,
      requests: owner.requested(),
      ...ownersPart(owner),
    })
    return { ranges: planned.map(({ cidr }) => cidr), warnings: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ranges: [], warnings: [error.message] }
  }
}

/** A project of each type, with the roles that a delivery of today assigns. */
async function typicalProjects(
  { typicalProject, factory }: FactoryInEnvironment,
  session: Session,
): Promise<readonly ProjectInEnvironment[]> {
  const [resources, definitions] = await Promise.all([openResources(session), openRoleDefinitions(session)])
  const custom = once(() => definitions.custom(factory.subscriptionId))
  return Promise.all(
    projectTypes.map(async (type) => {
      const project = await withSharedRegistry(typicalProject(type), resources)
      return unlessForbidden(() => withDefinedRoles(project, { custom }), project)
    }),
  )
}

const forecastsOf = (
  typical: readonly ProjectInEnvironment[],
  state: EnvironmentState,
): readonly Forecast[] =>
  typical.flatMap((project) =>
    subnetProfiles.map((profile) => forecast(typicalDemand(project, profile), state)),
  )

/** What it costs that set-up has not defined the factory's own roles, for a project of the last of these types, which takes most. */
function rolesWarning(
  typical: readonly ProjectInEnvironment[],
  types: readonly ProjectType[],
): readonly string[] {
  const target = typical.findLast(
    ({ project: { type, factory } }) => factory.roles === 'custom' && types.includes(type),
  )
  const note = target && assignmentsNote(target, `A project of type '${target.project.type}'`)
  return note === undefined ? [] : [note]
}

/** The types that the factory's projects have; all of them while it has none. */
function typesInUse({ projects }: FactoryInEnvironment) {
  const used = projectTypes.filter((type) => projects.some((project) => project.type === type))
  return used.length === 0 ? projectTypes : used
}
