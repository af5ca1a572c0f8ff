import type { CommonStack } from '../../catalog/common/types.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { type CommonArea, composeCommonArea } from '../../compose/compose-common.ts'
import { writtenResources } from '../../compose/template-summary.ts'
import { type ZonedTemplate, zonedTemplate } from '../stack/zoned-template.ts'

/** The templates of both stacks of a common area, and what follows from them. */
export type CommonTemplates = Readonly<Record<CommonStack, ZonedTemplate>>

/** Composes them. @param azureCloud name of a cloud, or the address of one of somebody's own */
export function commonTemplates(area: CommonArea, azureCloud: string): CommonTemplates {
  const cloud = azureCloudNames.find((name) => name === azureCloud)
  const written = composeCommonArea(area, cloud)
  const zoned = composeCommonArea(withZones(area), cloud)
  const { environment, subscriptionId } = area.factory
  const of = (which: CommonStack): ZonedTemplate =>
    zonedTemplate(
      { template: written[which], zoned: zoned[which] },
      `common-${which === 'network' ? 'network-' : ''}${environment}.template.json`,
      subscriptionId,
    )
  return { network: of('network'), common: of('common') }
}

/** The area as it would be if no policy wrote its records. */
const withZones = ({ factory, ...rest }: CommonArea): CommonArea =>
  factory.dns.mode === 'policy'
    ? { ...rest, factory: { ...factory, dns: { mode: 'standalone' } } }
    : { ...rest, factory }

/** The ARM types in one of the templates, the network security groups of subnets too, which no template has. */
export const typesIn = (
  templates: CommonTemplates,
  which: CommonStack,
  subscriptionId: string,
): readonly string[] => [
  ...writtenResources({ ...templates[which].template }, subscriptionId).map(({ type }) => type),
  'Microsoft.Network/networkSecurityGroups',
]
