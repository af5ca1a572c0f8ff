import * as z from 'zod'
import type { Catalogue } from '../catalog/index.ts'
import { environments, personaKeys, projectTypes } from '../vocabulary.ts'
import { projectNetworkSchema, servicesSchema } from './schema-parts.ts'
import { email, freeText, githubRepositoryPattern, members, optionalKeys, text, version } from './values.ts'

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
        /^(?=.{2,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
        '2 to 32 of a-z, 0-9 and single hyphens, starting with a letter',
        'Name of the project, unique in the factory',
      ),
      type: z.enum(projectTypes).meta({
        description:
          'esml is machine learning, genai-1 is AI Foundry, all is both. Decides which services are on',
      }),
      description: freeText(500, 'What the project is for; its name unless given').optional(),
      owner: email('Who answers for the project. Also its lead, unless team.lead says otherwise'),
      costCenter: text(
        /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/,
        'at most 64 letters, digits, spaces, dots, hyphens and underscores, in quotes when it looks like a number',
        "Who pays; the factory's tag costCenter unless given",
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
                network: projectNetworkSchema(catalogue, 'Subnets in this environment').optional(),
              })
              .meta({ description: 'This environment is delivered; {} when it has no differences' }),
          ),
        )
        .optional()
        .meta({
          description:
            'The environments to deliver, with their differences; all that the factory has unless given',
          minProperties: 1,
        }),
      network: projectNetworkSchema(catalogue, 'Subnets in every environment').optional(),
      team: z
        .strictObject(
          optionalKeys(personaKeys, (key) =>
            key === 'lead'
              ? members('The people who lead this project, at least one').min(1)
              : members(`The people who are ${key} in this project`),
          ),
        )
        .optional()
        .meta({ description: 'The people of the project, by persona' }),
    })
    .meta({ title: 'AI Factory project', description: 'One project of an AI Factory' })

/** A project manifest as it is written; what is absent is decided by `resolveProject`. */
export type ProjectDocument = z.output<ReturnType<typeof projectSchema>>
