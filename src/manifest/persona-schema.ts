import * as z from 'zod'
import { commonChoices } from '../catalog/common/index.ts'
import { choicesOf } from '../catalog/contents.ts'
import type { Catalogue } from '../catalog/index.ts'
import { productKeys } from '../catalog/personas.ts'
import { groupWordLength } from '../naming/types.ts'
import { environments, foreignMembers, projectTypes } from '../vocabulary.ts'
import { freeText, members, optionalKeys, text } from './values.ts'

/** What the key of a persona may be: it is in names, and in what others say of it. */
export const personaKeyPattern = /^[a-z][A-Za-z0-9]{1,39}$/

/** How long somebody stays eligible, by ISO 8601. https://learn.microsoft.com/graph/api/resources/expirationpattern */
const duration = text(
  /^P(?:[1-9][0-9]{0,2}[DWM]|[1-9]Y)$/,
  'an ISO 8601 duration of days, weeks, months or years, such as P180D',
  'How long the group is eligible before it has to be renewed; by default P180D',
)

const eligible = z
  .strictObject({
    duration: duration.optional(),
    justification: freeText(
      200,
      'Why, as it stands in the request; by default the description of the persona',
    ).optional(),
    environments: z.array(z.enum(environments)).min(1).max(environments.length).optional().meta({
      description: 'Where it is eligible; elsewhere it has its role all the time. By default everywhere',
    }),
  })
  .meta({
    description:
      'The persona is eligible for its role in Azure, and activates it when it is needed (Privileged Identity Management), instead of having it all the time. {} for the defaults',
  })

const roleNames = (title: string, roles: readonly string[]) =>
  z
    .array(z.enum(roles))
    .max(roles.length)
    .meta({ description: `Roles for: ${title}. [] for none` })

const rightsIn = (catalogue: Catalogue, description: string) =>
  z
    .strictObject(
      Object.fromEntries(
        [...choicesOf(catalogue), ...commonChoices].map(({ key, title, offers }) => [
          key,
          roleNames(title, [...new Set(offers.map(({ role }) => role))]).optional(),
        ]),
      ),
    )
    .meta({ description })

const personaSchema = (catalogue: Catalogue) =>
  z
    .strictObject({
      title: freeText(64, 'What people call it; a persona of your own needs one').optional(),
      description: freeText(300, 'What somebody in this role does').optional(),
      kind: z.enum(['project', 'coreTeam']).optional().meta({
        description:
          'Of a persona of your own: is it one of each project (project, the default), or of the core team (coreTeam)?',
      }),
      group: text(
        new RegExp(`^(?=.{2,${groupWordLength}}$)[a-z0-9]+(?:_[a-z0-9]+)*$`),
        `2 to ${groupWordLength} of a-z, 0-9 and single underscores`,
        'How it is written in the names of its groups; by default its key',
      ).optional(),
      projectTypes: z.array(z.enum(projectTypes)).max(projectTypes.length).optional().meta({
        description:
          'The types of project that have its group from the start; others have it with its first member. By default none for a persona of your own',
      }),
      from: text(
        personaKeyPattern,
        'the key of a persona',
        'The persona whose rights it starts from; by default none for a persona of your own',
      ).optional(),
      rights: z
        .strictObject(
          optionalKeys(environments, (key) =>
            rightsIn(catalogue, `What the persona may do in ${key}: roles, by what they are about`),
          ),
        )
        .optional()
        .meta({
          description:
            'Roles instead of those of the product, for each environment and service that is named here',
        }),
      eligible: eligible.optional(),
    })
    .meta({ description: 'A persona: what is different from the product, or one of your own' })

/** An object with an entry for each persona: those of this release by name, and any others. */
const byPersona = <Value extends z.ZodType>(
  keys: readonly string[],
  value: (key: string) => Value,
  other: Value,
) => z.object(optionalKeys(keys, value)).catchall(other)

/** The personas that a factory changes or adds. */
export const personasSchema = (catalogue: Catalogue) =>
  z
    .object({})
    .catchall(personaSchema(catalogue))
    .meta({
      description: 'Personas that are different from those of the product, and personas of your own',
      propertyNames: {
        anyOf: [
          { enum: [...productKeys('project'), ...productKeys('coreTeam')] },
          { pattern: personaKeyPattern.source },
        ],
      },
    })

/** The people of the core team, by persona. */
export const coreTeamSchema = byPersona(
  productKeys('coreTeam'),
  (key) => members(`The people of the core team who are ${key}`),
  members('The people of the core team who have this persona'),
).meta({
  description: 'The people who run the factory, by persona',
  propertyNames: { pattern: personaKeyPattern.source },
})

/** The people of a project, by persona. */
export const teamSchema = byPersona(
  productKeys('project'),
  (key) =>
    key === 'lead'
      ? members('The people who lead this project, at least one').min(1)
      : members(`The people who are ${key} in this project`),
  members('The people who have this persona, which factory.yml adds, in this project'),
).meta({
  description: 'The people of the project, by persona',
  propertyNames: { pattern: personaKeyPattern.source },
})

/** What becomes of members that no manifest names, and of people who are not in the tenant. */
export const membersSchema = z
  .strictObject({
    foreign: z.enum(foreignMembers).optional().meta({
      description:
        "Members of the factory's groups that no manifest names, and that none has named before: they stay and are shown (keep, the default), or are removed (remove)",
    }),
    invite: z.boolean().optional().meta({
      description:
        'Are people outside of the tenant, named by their e-mail address, invited as guests? By default false: they are an error',
    }),
  })
  .meta({ description: "The members of the factory's groups" })
