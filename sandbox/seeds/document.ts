/** The form of a seed: what a sandbox holds at its first start, written so that a person can read and change it. */
import { parse } from 'yaml'
import { z } from 'zod'
import { directoryRoles } from '../entra/directory-roles.ts'

const roleNames = directoryRoles.map(({ displayName }) => displayName)

const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

const identity = z.strictObject({ clientId: guid, applicationId: guid, objectId: guid })

const resource = z.strictObject({
  /** `${name}` of a list: the resource is put once for each of its texts, which `${each}` stands for. */
  each: z.string().optional(),
  id: z.string(),
  apiVersion: z.string(),
  body: z.record(z.string(), z.unknown()),
})

const repository = z.strictObject({
  owner: z.string(),
  ownerId: z.number(),
  name: z.string(),
  id: z.number(),
  createdAt: z.string(),
  private: z.boolean().default(true),
  defaultBranch: z.string().default('main'),
  collaborators: z.record(z.string(), z.enum(['admin', 'maintain', 'write', 'triage', 'read'])),
  /** Those that somebody made: who approves their jobs, and the only branches whose jobs run in them. */
  environments: z
    .array(
      z.strictObject({
        name: z.string(),
        reviewers: z.array(z.strictObject({ type: z.enum(['User', 'Team']), id: z.number() })).default([]),
        branches: z.array(z.string()),
      }),
    )
    .default([]),
  issues: z.array(z.strictObject({ title: z.string(), user: z.string(), body: z.string() })).default([]),
  files: z.record(z.string(), z.string()).default({}),
})

const schema = z.strictObject({
  version: z.literal(1),
  tenant: z.strictObject({ id: guid, domain: z.string() }),
  people: z.array(
    z.strictObject({
      id: guid,
      name: z.string(),
      userPrincipalName: z.string(),
      /** Default: the user principal name. */
      mail: z.string().optional(),
      userType: z.enum(['Member', 'Guest']).default('Member'),
      /** Who has none cannot sign in. Fictitious. */
      password: z.string().optional(),
      /** Roles in the directory, by their names. */
      directoryRoles: z.array(z.enum(roleNames)).default([]),
      /** Whether they own every subscription. */
      owner: z.boolean().default(false),
    }),
  ),
  /** The application that a person signs in with, Owner of every subscription. */
  operator: identity
    .extend({ displayName: z.string(), secret: z.string(), graphRoles: z.array(z.string()) })
    .optional(),
  github: z.strictObject({
    users: z.array(z.strictObject({ login: z.string(), id: z.number() })),
    repositories: z.array(repository),
  }),
  /** Below the tenant's root group, each after its parent. */
  managementGroups: z
    .array(
      z.strictObject({
        name: z.string(),
        displayName: z.string().optional(),
        /** Default: the root group. */
        parent: z.string().optional(),
      }),
    )
    .default([]),
  /** The resource providers that every subscription is registered with. Default: all. */
  registeredProviders: z.array(z.string()).optional(),
  environments: z.record(
    z.string(),
    /** The ids of its identity, when it has one. */
    identity.partial().extend({
      /** How the environment is written in names. */
      code: z.string(),
      subscription: guid,
      subscriptionName: z.string(),
      /** The management group of its subscription. Default: the tenant's root group. */
      managementGroup: z.string().optional(),
      /** First two octets of its network, when it has one. */
      network: z.string().optional(),
    }),
  ),
  /** What is there in each: nothing, when it is left out. */
  perEnvironment: z
    .strictObject({
      identity: z.strictObject({
        displayName: z.string(),
        graphRoles: z.array(z.string()),
        federatedSubjects: z.array(z.string()),
      }),
      waves: z.array(z.array(resource)),
      lake: z.strictObject({
        account: z.string(),
        container: z.string(),
        directories: z.array(z.string()),
      }),
    })
    .optional(),
  values: z.record(z.string(), z.string()).default({}),
  lists: z.record(z.string(), z.array(z.string())).default({}),
})

/** A seed that has been read. Placeholders are still in it. */
export type SeedDocument = z.infer<typeof schema>

/** One resource of a seed. */
export type SeedResource = z.infer<typeof resource>

/**
 * Reads a seed.
 * @throws Error that names what is wrong and where in the document
 */
export const loadSeed = (text: string): SeedDocument => {
  const result = schema.safeParse(parse(text))
  if (result.success) return result.data
  throw new Error(`The seed cannot be used.\n${z.prettifyError(result.error)}`)
}
