import { ofType } from '../catalog/facts/api-versions.ts'
import { zoneIn } from '../catalog/facts/private-dns.ts'
import { endpointSubnet } from '../catalog/index.ts'
import type { ArmResource, PrivateEndpointDefinition } from '../catalog/types.ts'
import { lastSegment } from '../resource-id.ts'
import { type ResourceGroupScope, resourceId } from './identifiers.ts'
import type { ProjectContext } from './project-context.ts'

/** The resources of a project that others may have to wait for. */
interface Surroundings {
  readonly scope: ResourceGroupScope
  readonly resources: readonly ArmResource[]
  /** Where the private DNS zones are; undefined when a policy writes the records. */
  readonly zones: ResourceGroupScope | undefined
}

/** One private endpoint in the project's subnet for them, and the group that writes its records, unless a policy does. */
export function privateEndpoint(
  { resource, group, zones, afterChildren = false }: PrivateEndpointDefinition,
  { names, ids, location, tags, cloud, subnetId }: ProjectContext,
  surroundings: Surroundings,
): readonly ArmResource[] {
  const known: Readonly<Record<string, string | undefined>> = ids
  const target = known[resource]
  if (target === undefined) throw new Error(`The catalogue has no resource '${resource}'.`)
  const name = names.privateEndpoint(lastSegment(target), group)
  const endpoint: ArmResource = {
    ...ofType('Microsoft.Network/privateEndpoints'),
    name,
    location,
    tags,
    dependsOn: afterChildren ? lastOf(target, surroundings) : [target],
    properties: {
      subnet: { id: subnetId(endpointSubnet) },
      customNetworkInterfaceName: `${name}-nic`,
      privateLinkServiceConnections: [
        { name, properties: { privateLinkServiceId: target, groupIds: [group] } },
      ],
    },
  }
  const { zones: place } = surroundings
  if (place === undefined) return [endpoint]
  return [
    endpoint,
    {
      ...ofType('Microsoft.Network/privateEndpoints/privateDnsZoneGroups'),
      name: `${name}/default`,
      dependsOn: [resourceId(surroundings.scope, endpoint)],
      properties: {
        privateDnsZoneConfigs: zones.map((zone) => ({
          name: zoneIn({ cloud, location }, zone).replaceAll('.', '-'),
          properties: {
            privateDnsZoneId: resourceId(place, {
              type: 'Microsoft.Network/privateDnsZones',
              name: zoneIn({ cloud, location }, zone),
            }),
          },
        })),
      },
    },
  ]
}

/** Of a resource and all its children, those that no other of them waits for: when they are ready, all are. */
function lastOf(target: string, { scope, resources }: Surroundings): readonly string[] {
  const family = resources
    .map((resource) => ({ id: resourceId(scope, resource), dependsOn: resource.dependsOn ?? [] }))
    .filter(({ id }) => id === target || id.startsWith(`${target}/`))
  const awaited = new Set(family.flatMap(({ dependsOn }) => dependsOn))
  return family.map(({ id }) => id).filter((id) => !awaited.has(id))
}
