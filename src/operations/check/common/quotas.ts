import { openRegionOffers } from '../../../azure/usages.ts'
import { readExisting } from '../existing.ts'
import type { Finding } from '../finding.ts'
import { countFindings } from '../quotas.ts'
import type { CommonSituation } from './situation.ts'

/** Has the subscription quota left in the region for what the delivery creates? */
export async function checkCommonQuotas({
  area: { factory, ids },
  session,
  resources,
  written,
}: CommonSituation): Promise<readonly Finding[]> {
  const { subscriptionId, location } = factory
  const [{ has }, offers] = await Promise.all([
    readExisting(resources, ids.resourceGroup),
    openRegionOffers(session, subscriptionId, location),
  ])
  const created = written.filter(({ id }) => !has(id))
  const findings = await countFindings(created, offers, location)
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `The quota of ${location} for storage accounts suffices for what is created. Others were not asked.`,
    },
  ]
}
