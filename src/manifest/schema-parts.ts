import * as z from 'zod'
import { keysOf } from '../by-key.ts'
import type { Catalogue } from '../catalog/index.ts'
import { subnetProfiles } from '../vocabulary.ts'
import { optionalKeys, subnetId } from './values.ts'

/** Services by key: `true`, `false`, or the service's own options. */
export const servicesSchema = ({ services }: Catalogue, description: string) =>
  z
    .strictObject(
      optionalKeys(keysOf(services), (key) =>
        z.union([z.boolean(), services[key].options]).meta({
          description: `${services[key].title}: true, false, or its options. ${services[key].documentation}`,
        }),
      ),
    )
    .meta({ description })

/** The network part of a project: the sizes of its subnets, or subnets that are brought along. */
export const projectNetworkSchema = ({ subnets }: Catalogue, description: string) =>
  z
    .strictObject({
      profile: z.enum(subnetProfiles).optional().meta({
        description:
          "How subnets without a size are sized: standard, or compact, which takes fewer addresses; as the factory's environment says unless given",
      }),
      subnets: z
        .strictObject(
          optionalKeys(keysOf(subnets), (key) => {
            const { purpose, rule, prefixLength } = subnets[key]
            return z
              .strictObject({
                prefixLength: z
                  .int()
                  .min(8)
                  .max(rule.smallest.prefixLength)
                  .optional()
                  .meta({
                    description: `Size of the subnet, whatever the profile; in the profile standard /${prefixLength} unless given`,
                  }),
                id: subnetId(
                  'Resource id of an existing subnet, which is used as it is. A subnet belongs to one environment, so this stands below environments unless the project has only one',
                ).optional(),
              })
              .meta({
                description: purpose,
                oneOf: [{ required: ['prefixLength'] }, { required: ['id'] }],
              })
          }),
        )
        .optional()
        .meta({ description: 'Subnets by key: a size, or an existing subnet' }),
    })
    .meta({ description })
