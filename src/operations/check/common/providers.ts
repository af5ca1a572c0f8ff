import { registeredTypes } from '../../../compose/provider-types.ts'
import { enumeration } from '../../../diagnostics/enumeration.ts'
import type { Finding } from '../finding.ts'
import { listProviders, misplacedTypes, unregisteredNamespaces } from '../providers.ts'
import type { CommonSituation } from './situation.ts'

/** Those of subnets are in no template. */
const groups = 'Microsoft.Network/networkSecurityGroups'

/**
 * Does each provider offer its types in the region? The subscription is registered with those that are missing by the
 * delivery, which its rights are checked for.
 */
export async function checkCommonProviders({
  area: { factory },
  arm,
  written,
}: CommonSituation): Promise<readonly Finding[]> {
  const { subscriptionId, location } = factory
  const providers = await listProviders(arm, subscriptionId)
  const types = written.map(({ type }) => type)
  const lacking = unregisteredNamespaces(registeredTypes(types, factory), providers)
  const misplaced = misplacedTypes([...types, groups], location, providers).map((finding) => ({
    ...finding,
    where: factory.at('location'),
    fix: 'Choose a region that has it, or switch the part off.',
  }))
  if (misplaced.length > 0) return misplaced
  const toCome = lacking.length === 0 ? '' : ` The delivery registers ${enumeration(lacking, 20)}.`
  return [{ severity: 'good', what: `All types are offered in ${location}.${toCome}` }]
}
