import { openPermissions } from '../../../azure/permissions.ts'
import { registeredTypes } from '../../../compose/provider-types.ts'
import { enumeration } from '../../../diagnostics/enumeration.ts'
import { together } from '../../together.ts'
import { type Finding, unchecked } from '../finding.ts'
import { listProviders, misplacedTypes, unregisteredNamespaces } from '../providers.ts'
import type { CommonSituation } from './situation.ts'

/** Those of subnets are in no template. */
const groups = 'Microsoft.Network/networkSecurityGroups'

/**
 * Does each provider offer its types in the region, and may the identity register the subscription with those that are
 * not? The delivery registers them itself.
 */
export async function checkCommonProviders({
  area: { factory },
  arm,
  session,
  written,
}: CommonSituation): Promise<readonly Finding[]> {
  const { subscriptionId, location } = factory
  const [providers, { allows }] = await together(listProviders(arm, subscriptionId), openPermissions(session))
  const types = written.map(({ type }) => type)
  const lacking = unregisteredNamespaces(registeredTypes(types), providers)
  const allowed = await together(
    ...lacking.map((namespace) => allows(`/subscriptions/${subscriptionId}`, `${namespace}/register/action`)),
  )
  const those = (answer: boolean | undefined) => lacking.filter((_, index) => allowed[index] === answer)
  const unknown = those(undefined)
  const findings: readonly Finding[] = [
    ...misplacedTypes([...types, groups], location, providers).map((finding) => ({
      ...finding,
      where: factory.at('location'),
      fix: 'Choose a region that has it, or switch the part off.',
    })),
    ...those(false).map(
      (namespace): Finding => ({
        severity: 'fault',
        what: `The subscription is not registered with the resource provider ${namespace}, and this identity may not register it.`,
        why: 'A subscription has only the resources of providers that it is registered with.',
        fix: `Register it, or give the identity ${namespace}/register/action on the subscription, e.g. with the role Contributor.`,
        commands: [`az provider register --subscription ${subscriptionId} --namespace ${namespace} --wait`],
      }),
    ),
    ...(unknown.length === 0
      ? []
      : [
          unchecked(
            `Whether this identity may register the subscription with ${enumeration(unknown, 20)}.`,
            'It may not see its own rights.',
          ),
        ]),
  ]
  if (findings.length > 0) return findings
  const toCome = lacking.length === 0 ? '' : ` The delivery registers ${enumeration(lacking, 20)}.`
  return [{ severity: 'good', what: `All types are offered in ${location}.${toCome}` }]
}
