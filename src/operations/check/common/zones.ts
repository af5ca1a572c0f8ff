import { unlessForbidden } from '../../../azure/failure.ts'
import type { Resources } from '../../../azure/resources.ts'
import { apiVersions } from '../../../catalog/facts/api-versions.ts'
import { textsIn, typeOfId } from '../../../compose/body-texts.ts'
import { isJsonObject } from '../../../json.ts'
import { isWithin, lastSegment, resourceGroupIdOf, sameText } from '../../../resource-id.ts'
import { named } from '../../removal/loss.ts'
import { together } from '../../together.ts'
import { type Finding, unchecked } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

const type = 'Microsoft.Network/privateDnsZones'

/** With `dns: hub`, are all private DNS zones there that the private endpoints of the common area write into, and does the VNet know them? */
export async function checkHubZones({
  written,
  area,
  resources,
}: CommonSituation): Promise<readonly Finding[]> {
  const { factory, ids } = area
  const references = written.flatMap(({ body }) => textsIn(body).map(({ value }) => value))
  const outside = references.filter(
    (id) => sameText(typeOfId(id) ?? '', type) && !isWithin(id, ids.resourceGroup),
  )
  const zones = [...new Map(outside.map((id) => [id.toLowerCase(), id])).values()]
  if (zones.length === 0) return []
  const seen = await together(
    ...zones.map(async (id) => ({
      id,
      is: await unlessForbidden(
        async () => ((await resources.read(id, apiVersions[type])) === undefined ? 'missing' : 'there'),
        'hidden' as const,
      ),
    })),
  )
  const those = (state: string) => seen.flatMap(({ id, is }) => (is === state ? [id] : []))
  const hidden = those('hidden').map(lastSegment)
  const findings: readonly Finding[] = [
    ...those('missing').map(
      (id): Finding => ({
        severity: 'fault',
        what: `The private DNS zone '${lastSegment(id)}' does not exist in resource group '${lastSegment(resourceGroupIdOf(id))}' of the hub.`,
        where: factory.at('dns'),
        why: 'A private endpoint of the common area writes its record there.',
        fix: "Ask the owner of the hub to create it, or correct 'dns' in factory.yml.",
      }),
    ),
    ...(hidden.length === 0
      ? []
      : [
          unchecked(
            `Whether these private DNS zones of the hub exist: ${hidden.join(', ')}.`,
            'This identity may not read them.',
            'Give it Reader there, to have it checked. Where one is missing, the delivery fails.',
          ),
        ]),
  ]
  const all = [...findings, ...(await unresolved(those('there'), { area, resources }))]
  if (all.length > 0) return all
  return [
    {
      severity: 'good',
      what: `All ${zones.length} private DNS zones of the hub exist, and the VNet can ask for their names.`,
    },
  ]
}

/**
 * Does the VNet get to know what stands in the zones of a hub? Either they are linked to it, or it asks a DNS server, which
 * is trusted to know them. https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration
 */
async function unresolved(
  zones: readonly string[],
  { area: { factory, ids }, resources }: Pick<CommonSituation, 'area' | 'resources'>,
): Promise<readonly Finding[]> {
  const { source } = factory.network
  const own = source.kind === 'factory' ? source.dnsServers : undefined
  if ((own ?? (await dnsServersOf(ids.virtualNetwork, resources))).length > 0) return []
  const links = await together(
    ...zones.map(async (id) =>
      unlessForbidden(() => resources.list(`${id}/virtualNetworkLinks`, apiVersions[type]), undefined),
    ),
  )
  const unlinked = zones.filter((_, index) =>
    links[index]?.every(
      ({ properties }) => !sameText(idIn(properties['virtualNetwork']), ids.virtualNetwork),
    ),
  )
  if (unlinked.length === 0) return []
  return [
    {
      severity: 'warning',
      what: `In VNet '${lastSegment(ids.virtualNetwork)}' nobody finds private endpoints by their names: it has no DNS servers, and these private DNS zones of the hub are not linked to it: ${named(unlinked.map(lastSegment))}.`,
      where: factory.at('dns'),
      why: 'Azure then answers with the public address of a service, which is closed.',
      fix:
        source.kind === 'factory'
          ? `Set 'environments.${factory.environment}.network.dnsServers' in factory.yml to the resolver of the hub, or ask the owner of the hub to link the zones to the VNet.`
          : 'Ask the owner of the VNet to set the resolver of the hub as its DNS server, or that of the hub to link the zones to it.',
    },
  ]
}

/** The DNS servers that a VNet has by now; none where it has none, or is still to come. */
async function dnsServersOf(id: string, resources: Resources): Promise<readonly unknown[]> {
  const network = await unlessForbidden(
    () => resources.read(id, apiVersions['Microsoft.Network/virtualNetworks']),
    undefined,
  )
  const { dhcpOptions } = network?.properties ?? {}
  const servers = isJsonObject(dhcpOptions) ? dhcpOptions['dnsServers'] : undefined
  return Array.isArray(servers) ? servers : []
}

const idIn = (value: unknown): string => (isJsonObject(value) ? String(value['id']) : '')
