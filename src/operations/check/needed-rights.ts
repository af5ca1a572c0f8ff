import { isEligible } from '../../access/eligible.ts'
import { control, type Right } from '../../azure/granted-rights.ts'
import { catalogue } from '../../catalog/index.ts'
import { type BodyText, textsIn, typeOfId } from '../../compose/body-texts.ts'
import { capabilityHostsOf } from '../../compose/capability-hosts.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject } from '../../json.ts'
import { ipv4Pools, poolAction } from '../../network/ipam-pools.ts'
import type { SubnetRequest } from '../../network/requested-subnets.ts'
import { isWithin, networkIdOf, normalId, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { eligibilityRequests } from '../../setup/identity-kinds.ts'
import { lakeRights as lakeDataRights } from '../lake/lake-rights.ts'
import { type Leaving, leavingRights, softDeletedRights } from './rights-to-remove.ts'
import type { PlannedResource, Situation } from './situation.ts'

type Source = Pick<Situation, 'target' | 'options' | 'resources' | 'requests' | 'desired' | 'assignments'>

/** What there is already, and decides what a delivery does. */
export interface Found {
  /** Does the resource group exist? It is created at the subscription. */
  readonly hasGroup: boolean
  /** Ids of what the project's stack manages. */
  readonly managed: readonly string[]
  /** Ids of the pools of Azure Virtual Network Manager that the VNet has its addresses from. */
  readonly pools: readonly string[]
}

/** Reads it. */
export async function findPresent({
  existing,
  stack,
  network,
}: Pick<Situation, 'existing' | 'stack' | 'network'>): Promise<Found> {
  const [{ hasGroup }, present, pools] = await Promise.all([existing(), stack(), poolsOf(network)])
  return { hasGroup, managed: present?.resourceIds ?? [], pools }
}

/** What is wrong with the network is a finding of its own. */
async function poolsOf(network: Situation['network']): Promise<readonly string[]> {
  try {
    return ipv4Pools((await network()).network).map(({ id }) => id)
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

/**
 * Everything that a delivery of this project does, as Azure names it, with the narrowest scope that a right may be given
 * at: the resource group of the project, and single resources elsewhere. Pure.
 */
export function neededRights(source: Source, found: Found): readonly Right[] {
  const rights = [
    ...deploymentRights(
      source.target.project.factory.subscriptionId,
      source.target.ids.resourceGroup,
      found.hasGroup,
    ),
    ...source.resources.flatMap((resource) => resourceRights(resource, source)),
    ...readingRights(source),
    ...leavingRights(leaving(source), found.managed),
    ...softDeletedRights(leaving(source)),
    ...hostRights(source),
    ...networkRights(source, found),
    ...source.requests.flatMap(settingRights),
    ...roleRights(source),
    ...registryRights(source),
    ...lakeRights(source),
  ]
  return [
    ...new Map(
      rights.map((right) => [`${right.plane} ${right.action} ${normalId(right.scope)}`.toLowerCase(), right]),
    ).values(),
  ]
}

const leaving = ({ resources, options, target: { ids, project } }: Source): Leaving => ({
  written: resources,
  resourceGroup: ids.resourceGroup,
  subscriptionId: project.factory.subscriptionId,
  allowed: options.allowed,
})

/** What deploying stacks takes. https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#built-in-roles */
export function deploymentRights(
  subscriptionId: string,
  resourceGroup: string,
  hasGroup: boolean,
): readonly Right[] {
  const subscription = `/subscriptions/${subscriptionId}`
  const groups = 'Microsoft.Resources/subscriptions/resourceGroups'
  return [
    ...control(
      subscription,
      'Microsoft.Authorization/permissions/read',
      'Microsoft.Resources/deploymentStacks/read',
      'Microsoft.Resources/deploymentStacks/write',
      'Microsoft.Resources/deploymentStacks/exportTemplate/action',
      // The plan asks the stack's own what-if, whose results are resources that it deletes again.
      'Microsoft.Resources/deploymentStacksWhatIfResults/read',
      'Microsoft.Resources/deploymentStacksWhatIfResults/write',
      'Microsoft.Resources/deploymentStacksWhatIfResults/delete',
      'Microsoft.Resources/deploymentStacksWhatIfResults/whatIf/action',
      'Microsoft.Resources/deployments/read',
      'Microsoft.Resources/deployments/write',
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
    ),
    ...control(hasGroup ? resourceGroup : subscription, `${groups}/read`, `${groups}/write`),
    ...control(
      resourceGroup,
      `${groups}/resources/read`,
      'Microsoft.Resources/deployments/read',
      'Microsoft.Resources/deployments/write',
    ),
  ]
}

/** Writing a resource, and the right on everything else that it names ("linked access"). */
function resourceRights({ id, type, body }: PlannedResource, source: Source): readonly Right[] {
  if (type === 'Microsoft.Resources/resourceGroups') return []
  const { resourceGroup } = source.target.ids
  const identities = isJsonObject(body['identity']) ? body['identity']['userAssignedIdentities'] : undefined
  return [
    ...control(resourceGroupIdOf(id), `${type}/read`, `${type}/write`),
    ...(identities === undefined
      ? []
      : control(resourceGroup, 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action')),
    ...textsIn(body).flatMap((text) => linkRights(text, { type, group: resourceGroup })),
  ]
}

/** Capability hosts are in no template. One whose creation failed is deleted first. */
const hostRights = ({ target: { project, names, ids } }: Source): readonly Right[] =>
  capabilityHostsOf(project, names).flatMap(({ type, wanted }) =>
    control(
      ids.resourceGroup,
      `${type}/read`,
      ...(wanted === undefined ? [] : [`${type}/write`, `${type}/delete`]),
    ),
  )

/** A delivery looks for the identities of all that a project can have: what was switched off may have left roles. */
const readingRights = ({ target: { ids } }: Source): readonly Right[] =>
  Object.values(catalogue.resources).flatMap(({ type, identity }) =>
    identity === undefined ? [] : control(ids.resourceGroup, `${type}/read`),
  )

/** What naming a resource takes, by its type. https://learn.microsoft.com/azure/role-based-access-control/permissions/networking */
const links: readonly (readonly [type: string, action: string])[] = [
  ['Microsoft.Network/virtualNetworks', 'join/action'],
  ['Microsoft.Network/virtualNetworks/subnets', 'join/action'],
  ['Microsoft.Network/natGateways', 'join/action'],
  ['Microsoft.Network/routeTables', 'join/action'],
  ['Microsoft.Network/publicIPAddresses', 'join/action'],
  ['Microsoft.Network/privateDnsZones', 'join/action'],
  ['Microsoft.OperationalInsights/workspaces', 'sharedKeys/action'],
  ['Microsoft.ContainerRegistry/registries', 'read'],
]

const peerings = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'

/** Who names a resource. */
interface Naming {
  /** The type of what is written. */
  readonly type: string
  /** The resource group of the delivery. */
  readonly group: string
}

/** What naming a resource takes. */
export const linkRights = (
  { key, value }: BodyText,
  { type: writtenType, group }: Naming,
): readonly Right[] => {
  const type = typeOfId(value)
  if (type === undefined) return []
  // https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#permissions
  if (sameText(writtenType, peerings)) return control(value, `${type}/peer/action`)
  // An endpoint is approved by whoever may approve endpoints of the service: https://learn.microsoft.com/azure/private-link/rbac-permissions
  if (key === 'privateLinkServiceId') {
    const connections = `${type}/privateEndpointConnections`
    return control(
      resourceGroupIdOf(value),
      `${connections}Approval/action`,
      // Those that stay pending are approved on what the project itself has.
      ...(isWithin(value, group) ? [`${connections}/read`, `${connections}/write`] : []),
    )
  }
  return links
    .filter(([linked]) => linked.toLowerCase() === type.toLowerCase())
    .flatMap(([linked, action]) => control(value, `${linked}/${action}`))
}

/**
 * ip-calc reads the VNet, creates subnets of the project's own with their network security groups, and deletes those that
 * no service needs any more.
 */
function networkRights({ target: { ids }, requests }: Source, { pools }: Found): readonly Right[] {
  const network = 'Microsoft.Network'
  const subnets = `${network}/virtualNetworks/subnets`
  const groups = `${network}/networkSecurityGroups`
  const own = requests.some(({ kind }) => kind === 'own')
  const byo = requests.flatMap((request) => (request.kind === 'byo' ? [networkIdOf(request.id)] : []))
  return [
    ...[ids.virtualNetwork, ...byo].flatMap((id) => control(id, `${network}/virtualNetworks/read`)),
    ...control(ids.virtualNetwork, `${subnets}/delete`),
    ...control(resourceGroupIdOf(ids.virtualNetwork), `${groups}/read`, `${groups}/delete`),
    ...(own
      ? [
          ...control(ids.virtualNetwork, `${subnets}/read`, `${subnets}/write`),
          ...control(resourceGroupIdOf(ids.virtualNetwork), `${groups}/write`, `${groups}/join/action`),
          ...pools.flatMap((id) => control(id, poolAction)),
        ]
      : []),
  ]
}

/** What the documents attach to a subnet belongs to others, and is named in its PUT. */
function settingRights(request: SubnetRequest): readonly Right[] {
  const { routeTableId, natGatewayId, networkSecurityGroupId } =
    (request.kind === 'own' ? request.settings : undefined) ?? {}
  const groups = 'Microsoft.Network/networkSecurityGroups'
  return [
    ...(routeTableId ? control(routeTableId, 'Microsoft.Network/routeTables/join/action') : []),
    ...(natGatewayId ? control(natGatewayId, 'Microsoft.Network/natGateways/join/action') : []),
    ...(networkSecurityGroupId
      ? control(networkSecurityGroupId, `${groups}/read`, `${groups}/join/action`)
      : []),
  ]
}

/** Roles that nobody is to have any more are removed. */
function roleRights({ target: { ids, project }, desired, assignments: wanted }: Source): readonly Right[] {
  const roles = 'Microsoft.Authorization/roleAssignments'
  const cosmos = 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments'
  const scopes = wanted.flatMap(({ plane, scope }) =>
    plane === 'azure' ? [placeOf(scope, ids.resourceGroup)] : [],
  )
  const { factory } = project
  return [
    // Which of the factory's own roles exist.
    ...(factory.roles === 'builtin'
      ? []
      : control(`/subscriptions/${factory.subscriptionId}`, 'Microsoft.Authorization/roleDefinitions/read')),
    ...desired.managedScopes.flatMap((scope) => [
      ...control(scope, `${roles}/read`),
      ...control(placeOf(scope, ids.resourceGroup), `${roles}/delete`),
    ]),
    ...scopes.flatMap((scope) => control(scope, `${roles}/write`)),
    ...(wanted.some(isEligible)
      ? control(
          ids.resourceGroup,
          'Microsoft.Authorization/roleEligibilitySchedules/read',
          eligibilityRequests,
        )
      : []),
    ...(wanted.some(({ plane }) => plane === 'cosmos')
      ? control(ids.resourceGroup, `${cosmos}/read`, `${cosmos}/write`, `${cosmos}/delete`)
      : []),
  ]
}

/** Which roles a shared registry honours is read from it. */
const registryRights = ({ target: { project, ids } }: Source): readonly Right[] =>
  project.factory.sharedContainerRegistry
    ? control(ids.containerRegistry, 'Microsoft.ContainerRegistry/registries/read')
    : []

/** What is in the project's group can be given at the group. */
const placeOf = (scope: string, group: string): string => (isWithin(scope, group) ? group : scope)

function lakeRights({ target: { ids } }: Source): readonly Right[] {
  return [...control(ids.lake, 'Microsoft.Storage/storageAccounts/read'), ...lakeDataRights(ids.lake)]
}
