import * as z from 'zod'
import type { SubnetSettings } from './resolved.ts'
import { networkResourceId, text } from './values.ts'

/** What factory.yml and manifests may say about a subnet besides its size: the keys of a schema. */
export const subnetSettingsShape = {
  routeTableId: networkResourceId('routeTables', 'a route table', 'Route table of the subnet').optional(),
  natGatewayId: networkResourceId('natGateways', 'a NAT gateway', 'NAT gateway of the subnet').optional(),
  networkSecurityGroupId: networkResourceId(
    'networkSecurityGroups',
    'a network security group',
    "Network security group of the subnet, which is somebody else's and is not written; by default the project has its own",
  ).optional(),
  serviceEndpoints: z
    .array(
      text(
        /^Microsoft\.[A-Za-z]+(?:\.[A-Za-z]+)?$/,
        "a service's name such as Microsoft.Storage",
        'A service that the subnet has an endpoint of',
      ),
    )
    .max(20)
    .optional()
    .meta({ description: 'Service endpoints that the subnet has besides those of others' }),
  defaultOutboundAccess: z.boolean().optional().meta({
    description:
      'May what is in the subnet reach the Internet without a NAT gateway or firewall? By default false for a new subnet; one that exists stays as it is',
  }),
}

/** The keys whose values are in one subscription, and so in one environment. */
export const subnetIdKeys = ['routeTableId', 'natGatewayId', 'networkSecurityGroupId'] as const

const settingsSchema = z.object(subnetSettingsShape)

/** What several documents say of one subnet; the later ones count more, key by key. */
export function mergedSettings(
  documents: readonly (z.output<typeof settingsSchema> | undefined)[],
): SubnetSettings {
  const said = documents.flatMap((settings) =>
    Object.entries(settingsSchema.parse(settings ?? {})).filter(([, value]) => value !== undefined),
  )
  return settingsSchema.parse(Object.fromEntries(said))
}
