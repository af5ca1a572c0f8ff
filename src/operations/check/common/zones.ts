import { unlessForbidden } from '../../../azure/failure.ts'
import { apiVersions } from '../../../catalog/facts/api-versions.ts'
import { textsIn, typeOfId } from '../../../compose/body-texts.ts'
import { isWithin, lastSegment, resourceGroupIdOf, sameText } from '../../../resource-id.ts'
import { together } from '../../together.ts'
import { type Finding, unchecked } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

const type = 'Microsoft.Network/privateDnsZones'

/** With `dns: hub`, are all private DNS zones there that the private endpoints of the common area write into? */
export async function checkHubZones({
  written,
  area,
  resources,
}: CommonSituation): Promise<readonly Finding[]> {
  const { factory, ids } = area
  const named = written.flatMap(({ body }) => textsIn(body).map(({ value }) => value))
  const outside = named.filter((id) => sameText(typeOfId(id) ?? '', type) && !isWithin(id, ids.resourceGroup))
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
  if (findings.length > 0) return findings
  return [{ severity: 'good', what: `All ${zones.length} private DNS zones of the hub exist.` }]
}
