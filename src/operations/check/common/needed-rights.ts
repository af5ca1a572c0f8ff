import { control, type Right } from '../../../azure/granted-rights.ts'
import { textsIn } from '../../../compose/body-texts.ts'
import { registeredTypes } from '../../../compose/provider-types.ts'
import { ipv4Pools, poolAction } from '../../../network/ipam-pools.ts'
import { isWithin, resourceGroupIdOf } from '../../../resource-id.ts'
import { commonFolderRights } from '../../lake/lake-rights.ts'
import { stacksOf } from '../../stacks.ts'
import { together } from '../../together.ts'
import { unlessRefused } from '../answers.ts'
import { readExisting } from '../existing.ts'
import { deploymentRights, linkRights } from '../needed-rights.ts'
import { readStack } from '../present-stack.ts'
import { listProviders, unregisteredNamespaces } from '../providers.ts'
import { leavingRights, softDeletedRights } from '../rights-to-remove.ts'
import type { CommonSituation } from './situation.ts'

/** What the delivery of a common area takes. */
export interface CommonNeeds {
  readonly needed: readonly Right[]
  /** What the steps take besides that come after it. */
  readonly later: readonly LaterStep[]
  /** Is its resource group there, so that rights can be given at it? */
  readonly hasGroup: boolean
  /** Why more may be needed than that. */
  readonly unseen: readonly Unseen[]
}

/** A step after the delivery of the common area itself, which stops nothing before it. */
export interface LaterStep {
  /** What is said when it lacks rights. */
  readonly lacking: string
  readonly why: string
  readonly rights: readonly Right[]
}

/** Something that decides what the delivery takes, and could not be read. */
interface Unseen {
  /** E.g. `The resource group`. */
  readonly what: string
  /** What depends on it, e.g. `What registering resource providers takes`. */
  readonly takes: string
  readonly error: unknown
}

/** Reads what decides it. Of what cannot be read nothing is there, and that is said. */
export async function commonNeeds(situation: CommonSituation): Promise<CommonNeeds> {
  const { ids } = situation.area
  const found = await findCommon(situation)
  return {
    unseen: found.unseen,
    needed: commonRights(situation, found),
    later: [
      {
        lacking:
          'The delivering identity has no right to the files of the data lake, so its folders cannot be created once it is there.',
        why: 'Set-up assigns Storage Blob Data Owner on the resource group of the common area, and the role goes with the group when the area is destroyed.',
        rights: distinctIn(ids.resourceGroup, commonFolderRights(ids.lake)),
      },
      {
        lacking:
          'The delivering identity has no right to assign roles in the common area, so the core team gets none.',
        why: 'Set-up assigns Role Based Access Control Administrator under a condition.',
        rights: coreTeamRights(situation),
      },
    ],
    hasGroup: found.hasGroup,
  }
}

/** What there is already, and decides what a delivery does. */
interface CommonFound {
  readonly hasGroup: boolean
  /** Ids of what both stacks manage. */
  readonly managed: readonly string[]
  /** The resource providers that the delivery registers. */
  readonly unregistered: readonly string[]
  /** Ids of the pools of Azure Virtual Network Manager that the VNet has its addresses from. */
  readonly pools: readonly string[]
  readonly unseen: readonly Unseen[]
}

async function findCommon({
  area: { factory, names, ids },
  arm,
  resources,
  subnets,
  written,
}: CommonSituation): Promise<CommonFound> {
  const unseen: Unseen[] = []
  const orNote = <Found>(what: string, takes: string, read: () => Promise<Found>) =>
    unlessRefused(read, (error) => {
      unseen.push({ what, takes, error })
      return undefined
    })
  const stack = (name: string) =>
    orNote(`Deployment stack '${name}'`, 'What deleting takes that is no longer wanted', () =>
      readStack(arm, `${stacksOf(factory.subscriptionId)}/${name}`),
    )
  const [existing, network, common, providers, pools] = await together(
    orNote('The resource group', 'What is needed on the resource group itself', () =>
      readExisting(resources, ids.resourceGroup),
    ),
    stack(names.networkStack),
    stack(names.deploymentStack),
    orNote('The list of resource providers', 'What registering resource providers takes', () =>
      listProviders(arm, factory.subscriptionId),
    ),
    // What is wrong with the network is a finding of its own.
    unlessRefused(
      async () => ipv4Pools((await subnets.plan()).network).map(({ id }) => id),
      () => [],
    ),
  )
  const types = registeredTypes(
    written.map(({ type }) => type),
    factory,
  )
  return {
    hasGroup: existing?.hasGroup ?? false,
    managed: [...(network?.resourceIds ?? []), ...(common?.resourceIds ?? [])],
    unregistered: providers === undefined ? [] : unregisteredNamespaces(types, providers),
    pools,
    unseen,
  }
}

/**
 * Everything that the delivery of a common area does, as Azure names it, each at the narrowest scope that a right may be
 * given at. Pure.
 */
function commonRights(source: CommonSituation, found: CommonFound): readonly Right[] {
  const { area, written, allowed } = source
  const { ids } = area
  const { subscriptionId } = area.factory
  const leaving = { written, resourceGroup: ids.resourceGroup, subscriptionId, allowed }
  return distinctIn(ids.resourceGroup, [
    ...deploymentRights(subscriptionId, ids.resourceGroup, found.hasGroup),
    ...found.unregistered.flatMap((namespace) =>
      control(`/subscriptions/${subscriptionId}`, `${namespace}/register/action`),
    ),
    ...written
      .filter(({ type }) => type !== 'Microsoft.Resources/resourceGroups')
      .flatMap(({ id, type, body }) => [
        ...control(resourceGroupIdOf(id), `${type}/read`, `${type}/write`),
        ...textsIn(body).flatMap((text) => linkRights(text, { type, group: ids.resourceGroup })),
      ]),
    ...leavingRights(leaving, found.managed),
    ...softDeletedRights(leaving),
    ...networkRights(source, found),
  ])
}

/** Which of the factory's own roles exist, who has roles in the common area, and that who should has them. */
function coreTeamRights({ area: { factory, ids } }: CommonSituation): readonly Right[] {
  const roles = 'Microsoft.Authorization/roleAssignments'
  return [
    ...(factory.roles === 'builtin'
      ? []
      : control(`/subscriptions/${factory.subscriptionId}`, 'Microsoft.Authorization/roleDefinitions/read')),
    ...control(ids.resourceGroup, `${roles}/read`, `${roles}/write`, `${roles}/delete`),
  ]
}

/** The common subnets with their network security groups, what they get and let go of, and the hub's side of the peering. */
function networkRights(
  { area: { factory, ids } }: CommonSituation,
  { pools }: CommonFound,
): readonly Right[] {
  const network = 'Microsoft.Network'
  const [groups, subnets] = [`${network}/networkSecurityGroups`, `${network}/virtualNetworks/subnets`]
  const place = resourceGroupIdOf(ids.virtualNetwork)
  const { natGateway, routeTable, hubPeering } = factory.common
  const every = (type: string, ...rights: readonly string[]): readonly Right[] =>
    control(place, ...rights.map((right) => `${type}/${right}`))
  return [
    ...every(`${network}/virtualNetworks`, 'read'),
    ...every(subnets, 'read', 'write', 'delete'),
    ...every(groups, 'read', 'write', 'delete', 'join/action'),
    ...pools.flatMap((id) => control(id, poolAction)),
    ...(natGateway.kind === 'off' ? [] : control(ids.natGateway, `${network}/natGateways/join/action`)),
    ...(routeTable.kind === 'off' ? [] : control(ids.routeTable, `${network}/routeTables/join/action`)),
    // The hub's side, where it is made here, leads to the VNet.
    ...(hubPeering.kind === 'off'
      ? []
      : control(ids.virtualNetwork, `${network}/virtualNetworks/peer/action`)),
  ]
}

/** Each once. What the area has itself is given at its group: parts of it come and go. */
const distinctIn = (group: string, rights: readonly Right[]): readonly Right[] => {
  const placed = rights.map((right) => (isWithin(right.scope, group) ? { ...right, scope: group } : right))
  return [
    ...new Map(
      placed.map((right) => [`${right.plane} ${right.action} ${right.scope}`.toLowerCase(), right]),
    ).values(),
  ]
}
