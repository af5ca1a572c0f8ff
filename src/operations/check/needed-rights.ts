import type { Right } from '../../azure/granted-rights.ts'
import { catalogue } from '../../catalog/index.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { networkIdOf, normalId, resourceGroupIdOf } from '../../resource-id.ts'
import type { PlannedResource, Situation } from './situation.ts'

type Source = Pick<Situation, 'target' | 'resources' | 'requests' | 'desired'>

/**
 * Everything that a delivery of this project does, as Azure names it, with the narrowest scope that a right may be given
 * at: the resource group of the project, and single resources elsewhere. Pure.
 * @param hasGroup does the resource group exist? It is created at the subscription
 */
export function neededRights(source: Source, hasGroup: boolean): readonly Right[] {
  const rights = [
    ...deploymentRights(source, hasGroup),
    ...source.resources.flatMap((resource) => resourceRights(resource, source)),
    ...readingRights(source),
    ...networkRights(source),
    ...roleRights(source),
    ...lakeRights(source),
  ]
  return [
    ...new Map(
      rights.map((right) => [`${right.plane} ${right.action} ${normalId(right.scope)}`.toLowerCase(), right]),
    ).values(),
  ]
}

const control = (scope: string, ...actions: readonly string[]): readonly Right[] =>
  actions.map((action) => ({ plane: 'control', action, scope }))

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#built-in-roles */
function deploymentRights({ target: { project, ids } }: Source, hasGroup: boolean): readonly Right[] {
  const subscription = `/subscriptions/${project.factory.subscriptionId}`
  const groups = 'Microsoft.Resources/subscriptions/resourceGroups'
  return [
    ...control(
      subscription,
      'Microsoft.Resources/deploymentStacks/read',
      'Microsoft.Resources/deploymentStacks/write',
      'Microsoft.Resources/deploymentStacks/exportTemplate/action',
      'Microsoft.Resources/deployments/read',
      'Microsoft.Resources/deployments/write',
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
    ),
    ...control(hasGroup ? ids.resourceGroup : subscription, `${groups}/read`, `${groups}/write`),
    ...control(
      ids.resourceGroup,
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
    ...textsIn(body).flatMap(linkRights),
  ]
}

/** A delivery looks for the identities of all that a project can have: what was switched off may have left roles. */
const readingRights = ({ target: { ids } }: Source): readonly Right[] =>
  Object.values(catalogue.resources).flatMap(({ type, identity }) =>
    identity === undefined ? [] : control(ids.resourceGroup, `${type}/read`),
  )

/** What naming a resource takes, by its type. https://learn.microsoft.com/azure/role-based-access-control/permissions/networking */
const links: readonly (readonly [type: string, action: string])[] = [
  ['Microsoft.Network/virtualNetworks/subnets', 'join/action'],
  ['Microsoft.Network/privateDnsZones', 'join/action'],
  ['Microsoft.OperationalInsights/workspaces', 'sharedKeys/action'],
  ['Microsoft.ContainerRegistry/registries', 'read'],
]

const linkRights = ({ key, value }: KeyedText): readonly Right[] => {
  const type = typeOfId(value)
  if (type === undefined) return []
  // An endpoint is approved by whoever may approve endpoints of the service: https://learn.microsoft.com/azure/private-link/rbac-permissions
  if (key === 'privateLinkServiceId') {
    return control(resourceGroupIdOf(value), `${type}/privateEndpointConnectionsApproval/action`)
  }
  return links
    .filter(([linked]) => linked.toLowerCase() === type.toLowerCase())
    .flatMap(([linked, action]) => control(value, `${linked}/${action}`))
}

const resourceId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)$/i

/** The type of the resource that an id names; undefined for any other text. */
function typeOfId(text: string): string | undefined {
  const [, namespace, path = ''] = resourceId.exec(text) ?? []
  if (namespace === undefined) return undefined
  const segments = path.split('/').slice(1)
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/')
}

interface KeyedText {
  readonly key: string
  readonly value: string
}

/** All texts in a value, with the key that each is under. */
function textsIn(value: Json | undefined, key = ''): readonly KeyedText[] {
  if (typeof value === 'string') return [{ key, value }]
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, key))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === 'dependsOn' ? [] : textsIn(inner, name)))
}

/** ip-calc reads the VNet, and creates subnets of the project's own with their network security groups. */
function networkRights({ target: { ids }, requests }: Source): readonly Right[] {
  const network = 'Microsoft.Network'
  const own = requests.some(({ kind }) => kind === 'own')
  const byo = requests.flatMap((request) => (request.kind === 'byo' ? [networkIdOf(request.id)] : []))
  return [
    ...[ids.virtualNetwork, ...byo].flatMap((id) => control(id, `${network}/virtualNetworks/read`)),
    ...(own
      ? [
          ...control(
            ids.virtualNetwork,
            `${network}/virtualNetworks/subnets/read`,
            `${network}/virtualNetworks/subnets/write`,
          ),
          ...control(
            resourceGroupIdOf(ids.virtualNetwork),
            `${network}/networkSecurityGroups/read`,
            `${network}/networkSecurityGroups/write`,
            `${network}/networkSecurityGroups/join/action`,
          ),
        ]
      : []),
  ]
}

function roleRights({ target: { ids }, desired }: Source): readonly Right[] {
  const assignments = 'Microsoft.Authorization/roleAssignments'
  const cosmos = 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments'
  const read = desired.managedScopes.flatMap((scope) => control(scope, `${assignments}/read`))
  const planes = new Set(desired.assignments.map(({ plane }) => plane))
  const scopes = desired.assignments.flatMap(({ plane, scope }) =>
    plane === 'azure' ? [placeOf(scope, ids.resourceGroup)] : [],
  )
  return [
    ...read,
    ...scopes.flatMap((scope) => control(scope, `${assignments}/write`)),
    ...(planes.has('cosmos') ? control(ids.resourceGroup, `${cosmos}/read`, `${cosmos}/write`) : []),
  ]
}

/** What is in the project's group can be given at the group. */
const placeOf = (scope: string, group: string): string =>
  `${normalId(scope)}/`.startsWith(`${normalId(group)}/`) ? group : scope

/** https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model#role-based-access-control-azure-rbac */
function lakeRights({ target: { ids } }: Source): readonly Right[] {
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
  const data = ['read', 'write', 'modifyPermissions/action', 'runAsSuperUser/action'].map(
    (right) => `${blobs}/${right}`,
  )
  return [
    ...control(ids.lake, 'Microsoft.Storage/storageAccounts/read'),
    ...data.map((action): Right => ({ plane: 'data', action, scope: ids.lake })),
  ]
}
