import { peeringName } from '../../catalog/common/hub-peering.ts'
import type { CommonStack } from '../../catalog/common/types.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { registeredTypes } from '../../compose/provider-types.ts'
import type { UserError } from '../../diagnostics/user-error.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { addCosts } from '../../plan/cost.ts'
import type { Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { commonStack } from '../area/common-stacks.ts'
import { type CommonTemplates, typesIn } from '../area/common-templates.ts'
import { lostRecords } from '../area/lost-records.ts'
import { lostToProjects } from '../area/lost-to-projects.ts'
import { wantedHub } from '../area/wanted-hub.ts'
import type { CommonSubnetPlan } from '../network/common-subnets.ts'
import type { OperationContext } from '../operation.ts'
import { deletedBy } from '../removal/piece.ts'
import { type MissingProviders, missingProviders, namespaceOf } from '../stack/providers.ts'
import { retiringChanges } from '../stack/retire.ts'
import { together } from '../together.ts'
import type { CommonServices } from './common-services.ts'
import { formerHubs, peeredHubs, sidesOfHubs } from './hub-left.ts'
import { type HubSide, planHubSide } from './hub-side.ts'
import { laterForProjects } from './later-for-projects.ts'
import { type LettingGo, planLettingGo } from './letting-go.ts'
import { occupantGoing } from './occupant-going.ts'
import { type Answerable, type PlannedPart, planPart } from './plan-part.ts'

/** All that was read and decided before the first write. */
export interface CommonDelivery {
  readonly area: CommonArea
  readonly services: CommonServices
  readonly providers: MissingProviders
  /** Subnets that let go of what is deleted from the network. */
  readonly lettingGo: LettingGo
  readonly network: PlannedPart
  readonly hub: HubSide
  readonly subnets: CommonSubnetPlan
  readonly common: PlannedPart
  /** Why it takes from others what they use, whatever is allowed. */
  readonly lostToOthers: UserError | undefined
  /** What turned out while it was applied, sentences. */
  readonly remarks: string[]
}

/** What a common area is planned from. */
interface CommonSource {
  readonly area: CommonArea
  readonly templates: CommonTemplates
  readonly allowed: readonly Allowance[]
  /** Does an identity plan that may write nothing? */
  readonly onlyLooks: boolean
  readonly services: CommonServices
}

/**
 * Compares a common area with what is there: its network, the common subnets, and all the rest. Changes nothing. What only
 * comes while it is applied makes Azure know less of what comes after it, and the plan says so.
 */
export async function planCommonArea(
  source: CommonSource,
  context: OperationContext,
): Promise<CommonDelivery> {
  const { area, templates, services } = source
  const { subscriptionId } = area.factory
  const typesOf = (which: CommonStack) => typesIn(templates, which, subscriptionId)
  const [providers, group] = await Promise.all([
    missingProviders(
      registeredTypes([...typesOf('network'), ...typesOf('common')], area.factory),
      services.providers,
    ),
    services.resources.read(area.ids.resourceGroup, apiVersions['Microsoft.Resources/resourceGroups']),
  ])
  const lacksProviders = (which: CommonStack): boolean =>
    typesOf(which).some((type) => providers.namespaces.includes(namespaceOf(type)))
  const part = (which: CommonStack, answerable: Answerable): Promise<PlannedPart> =>
    planPart({ ...source, which, template: templates[which], answerable }, context)

  const [hub, lettingGo] = await Promise.all([
    planHubs(area, services),
    planLettingGo(area, services.resources),
  ])
  // Addresses that cannot be are refused before Azure is asked about a template with them.
  const subnets = await services.subnets.plan()
  // Azure refuses the VNet's side of a peering as long as the hub's is a disconnected one.
  const network = await part(
    'network',
    lacksProviders('network') ? 'nothing' : hub.before.length > 0 ? 'template' : 'everything',
  )
  const isBefore = (change: string): boolean => change === 'create'
  const awaits =
    network.plan.plan.changes.some(({ change }) => isBefore(change)) ||
    subnets.changes.some(({ change }) => isBefore(change))
  const common = await part(
    'common',
    group === undefined || lacksProviders('common') ? 'nothing' : awaits ? 'template' : 'everything',
  )
  const changes = [network, common].flatMap(({ plan }) => plan.plan.changes)
  const going = deletedBy(changes)
  const [lost, names, released] = await together(
    lostToProjects(area, changes, services),
    lostRecords(area, going, common.template.zoneGroups, services),
    services.subnets.planRelease('unneeded', occupantGoing(going)),
  )
  const parts = { providers, lettingGo, network, hub, subnets: withReleased(subnets, released), common }
  return { area, services, ...parts, lostToOthers: lost ?? names, remarks: [] }
}

/** What is released after the rest belongs to the same plan. */
const withReleased = (
  { changes, warnings, ...rest }: CommonSubnetPlan,
  released: ReleasePlan | undefined,
): CommonSubnetPlan => ({
  ...rest,
  changes: [...changes, ...(released?.changes ?? [])],
  warnings: [...warnings, ...(released?.warnings ?? [])],
})

/** The side of the hub that is wanted, and those of hubs that the VNet is to be peered with no more. */
async function planHubs(area: CommonArea, services: CommonServices): Promise<HubSide> {
  const { virtualNetwork } = area.ids
  const [wanted, stack] = await Promise.all([
    planHubSide(area, services),
    services.stacks.readSettled(commonStack(area, 'network').name),
  ])
  const peered = await peeredHubs(virtualNetwork, stack?.resourceIds ?? [], services)
  const former = peered.filter((hub) => !sameText(hub, wantedHub(area) ?? ''))
  const left = formerHubs(await sidesOfHubs(virtualNetwork, former, services), virtualNetwork, services)
  return {
    changes: [...left.changes, ...wanted.changes],
    before: [...left.before, ...wanted.before],
    after: wanted.after,
    warnings: [...left.warnings, ...wanted.warnings],
  }
}

/** All that a delivery of a common area changes, in the order in which it happens. */
export function wholePlan(
  { area, providers, lettingGo, network, hub, subnets, common, lostToOthers: lost }: CommonDelivery,
  action: string,
): Plan {
  const parts = [network, common]
  const cost = addCosts(parts.flatMap(({ plan }) => plan.plan.cost ?? []))
  const changesOf = ({ plan, retiring }: PlannedPart) => [
    ...retiringChanges(retiring, plan.plan.changes),
    ...plan.plan.changes,
  ]
  const warnings = [
    ...(lost === undefined ? [] : [`${lost.parts.what} Mode apply refuses that.`]),
    ...hub.warnings,
    ...laterForProjects(network.plan.plan.changes, subnets.network),
    ...parts.flatMap(({ plan }) => plan.plan.warnings),
    ...subnets.warnings.filter((line) => !isOfHub(line, area)),
  ]
  return {
    version: 1,
    action,
    environment: area.factory.environment,
    changes: [
      ...providers.changes,
      ...lettingGo.changes,
      ...changesOf(network),
      ...hub.changes,
      ...subnets.changes,
      ...changesOf(common),
    ],
    warnings: [...new Set(warnings)],
    ...(cost !== undefined && { cost }),
  }
}

/** What the peering with the hub lacks is said with the hub's side of it. */
function isOfHub(warning: string, area: CommonArea): boolean {
  const hub = wantedHub(area)
  return hub !== undefined && warning.startsWith(`The peering '${peeringName(hub)}' of VNet `)
}

/** Why it must not be applied. */
export const refusalOf = ({ network, common, lostToOthers: lost }: CommonDelivery): UserError | undefined =>
  lost ?? network.plan.refusal ?? common.plan.refusal
