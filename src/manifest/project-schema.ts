import * as z from 'zod'
import { keysOf } from '../by-key.ts'
import type { Catalogue } from '../catalog/index.ts'
import { environments, projectTypes, subnetProfiles } from '../vocabulary.ts'
import { teamSchema } from './persona-schema.ts'
import { servicesSchema } from './services.ts'
import { subnetSettingsShape } from './subnet-settings.ts'
import {
  costCenterPattern,
  email,
  freeText,
  githubRepositoryPattern,
  optionalKeys,
  projectNamePattern,
  subnetId,
  text,
  version,
} from './values.ts'

/** The network part of a project: the sizes of its subnets, or existing ones (bring your own). */
const networkSchema = ({ subnets }: Catalogue, description: string) =>
  z
    .strictObject({
      profile: z.enum(subnetProfiles).optional().meta({
        description:
          "How subnets without a size are sized: standard, or compact, which takes fewer addresses; by default as the factory's environment says",
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
                    description: `Size of the subnet, whatever the profile; by default /${prefixLength} in the profile standard`,
                  }),
                id: subnetId(
                  'Resource id of an existing subnet, which is used as it is. A subnet belongs to one environment, so this belongs under environments unless the project has only one',
                ).optional(),
                ...subnetSettingsShape,
              })
              .meta({
                description: purpose,
                minProperties: 1,
                oneOf: [{ required: ['id'], maxProperties: 1 }, { not: { required: ['id'] } }],
              })
          }),
        )
        .optional()
        .meta({ description: 'Subnets by key: a size and what is attached, or an existing subnet' }),
    })
    .meta({ description })

/** The schema of a project manifest: its structure. What ties keys together is in project-rules.ts. */
export const projectSchema = (catalogue: Catalogue) =>
  z
    .strictObject({
      version,
      project: text(
        /^(?!000)[0-9]{3}$/,
        'a number from "001" to "999", in quotes',
        'Number of the project, never changed: names and subnets depend on it',
      ),
      name: text(
        projectNamePattern,
        '2 to 32 of a-z, 0-9 and single hyphens, starting with a letter',
        'Name of the project, unique in the factory',
      ),
      type: z.enum(projectTypes).meta({
        description:
          'esml is machine learning, genai-1 is AI Foundry, all is both. Decides which services are on',
      }),
      description: freeText(500, 'What the project is for; by default its name').optional(),
      owner: email('The owner of the project, and its lead unless team.lead names others'),
      costCenter: text(
        costCenterPattern,
        'at most 64 letters, digits, spaces, dots, hyphens and underscores, in quotes when it looks like a number',
        "Who pays; by default the factory's tag costCenter",
      ).optional(),
      repository: text(
        githubRepositoryPattern,
        'a GitHub repository such as contoso/rag-chat',
        "The team's own repository, which may federate into this project",
      ).optional(),
      services: servicesSchema(catalogue, "Differences from the type's defaults").optional(),
      environments: z
        .strictObject(
          optionalKeys(environments, () =>
            z
              .strictObject({
                services: servicesSchema(catalogue, 'Differences for this environment').optional(),
                network: networkSchema(catalogue, 'Subnets in this environment').optional(),
              })
              .meta({ description: 'This environment is delivered; {} when it has no differences' }),
          ),
        )
        .optional()
        .meta({
          description:
            'The environments to deliver, with their differences; by default all that the factory has',
          minProperties: 1,
        }),
      network: networkSchema(catalogue, 'Subnets in every environment').optional(),
      team: teamSchema.optional(),
    })
    .meta({ title: 'AI Factory project', description: 'One project of an AI Factory' })

/** A project manifest as it is written; what is absent is decided by `resolveProject`. */
export type ProjectDocument = z.output<ReturnType<typeof projectSchema>>
