import { endpointConnectionIn } from '../../../azure/endpoint-connections.ts'
import { unlessForbidden } from '../../../azure/failure.ts'
import type { Resources } from '../../../azure/resources.ts'
import { type ArmType, apiVersions } from '../../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../../compose/compose-common.ts'
import { textAt, textsAt, valueAt } from '../../../manifest/reading.ts'
import { networkIdOf, sameText } from '../../../resource-id.ts'
import { wantedHub } from '../../area/wanted-hub.ts'
import { together } from '../../together.ts'

/** An existing resource, and the groups of the private endpoints that it is to be reached by, e.g. `blob`. */
interface Reached {
  readonly id: string
  readonly type: ArmType
  readonly endpoints: readonly string[]
}

const endpointType = 'Microsoft.Network/privateEndpoints'

/**
 * The groups for which no private endpoint may connect to a resource from the VNet of the common area, or from one that is
 * peered with it. What this identity may not look at counts as enough.
 */
export async function lackingEndpoints(
  { id, type, endpoints }: Reached,
  area: CommonArea,
  resources: Resources,
): Promise<readonly string[]> {
  if (endpoints.length === 0) return []
  const [connections, near] = await together(
    unlessForbidden(() => resources.list(`${id}/privateEndpointConnections`, apiVersions[type]), undefined),
    networksNear(area, resources),
  )
  if (connections === undefined) return []
  const approved = connections.flatMap(({ properties }) => {
    const connection = endpointConnectionIn(properties)
    return sameText(connection?.status ?? '', 'Approved') ? (connection?.endpoint ?? []) : []
  })
  const served = await together(
    ...approved.map((endpoint) =>
      unlessForbidden(async () => {
        const found = await resources.read(endpoint, apiVersions[endpointType])
        const network = networkIdOf(textAt(found?.properties, ['subnet', 'id']) ?? '')
        const isNear = near?.some((one) => sameText(one, network)) ?? true
        return isNear ? groupsOf(found?.properties, id) : []
      }, endpoints),
    ),
  )
  return endpoints.filter((group) => !served.flat().some((one) => sameText(one, group)))
}

/** The VNet of the common area and its neighbours; undefined when nobody may look. */
async function networksNear(area: CommonArea, resources: Resources): Promise<readonly string[] | undefined> {
  const { virtualNetwork } = area.ids
  const peerings = await unlessForbidden(
    () =>
      resources.list(
        `${virtualNetwork}/virtualNetworkPeerings`,
        apiVersions['Microsoft.Network/virtualNetworks/virtualNetworkPeerings'],
      ),
    undefined,
  )
  return (
    peerings && [
      virtualNetwork,
      ...[wantedHub(area) ?? []].flat(),
      ...peerings.flatMap(({ properties }) => textAt(properties, ['remoteVirtualNetwork', 'id']) ?? []),
    ]
  )
}

/** What a private endpoint leads to in a resource. */
const groupsOf = (endpoint: unknown, id: string): readonly string[] =>
  ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections']
    .flatMap((key) => [valueAt(endpoint, [key]) ?? []].flat())
    .filter((one) => sameText(textAt(one, ['properties', 'privateLinkServiceId']) ?? '', id))
    .flatMap((one) => textsAt(one, ['properties', 'groupIds']).map(({ text }) => text))
