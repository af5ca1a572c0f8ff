import { ofType } from '../catalog/facts/api-versions.ts'
import { zoneIn } from '../catalog/facts/private-dns.ts'
import type { ArmResource, PartContext, PrivateEndpointDefinition } from '../catalog/types.ts'
import { lastSegment } from '../resource-id.ts'
import { type ResourceGroupScope, resourceId } from './identifiers.ts'

/** What an endpoint is for, and what it is called after. */
interface EndpointContext extends Pick<PartContext, 'location' | 'tags' | 'cloud'> {
  readonly names: { readonly privateEndpoint: (resource: string, group: string) => string }
  readonly ids: Readonly<Record<string, string | undefined>>
}

/** Where an endpoint is, and the resources that it may have to wait for. */
interface Surroundings {
  readonly scope: ResourceGroupScope
  readonly resources: readonly ArmResource[]
  /** Where the private DNS zones are; undefined when a policy writes the records. */
  readonly zones: ResourceGroupScope | undefined
  /** The subnet that the endpoint is in. */
  readonly subnetId: string
}

/** One private endpoint in the subnet for them, and the group that writes its records, unless a policy does. */
export function privateEndpoint(
  { resource, group, zones, afterChildren = false }: PrivateEndpointDefinition,
  { names, ids, location, tags, cloud }: EndpointContext,
  surroundings: Surroundings,
): readonly ArmResource[] {
  const target = ids[resource]
  if (target === undefined) throw new Error(`The catalogue has no resource '${resource}'.`)
  const name = names.privateEndpoint(lastSegment(target), group)
  const endpoint: ArmResource = {
    ...ofType('Microsoft.Network/privateEndpoints'),
    name,
    location,
    tags,
    dependsOn: afterChildren ? lastOf(target, surroundings) : [target],
    properties: {
      subnet: { id: surroundings.subnetId },
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
