import { z } from 'zod'
import type { DeliveredRun } from './delivery.ts'

/** `subnets` of ip-calc. */
export const subnetsSchema = z.record(
  z.string(),
  z.object({
    name: z.string(),
    addressPrefix: z.string(),
    state: z.string(),
    delegation: z.string().default(''),
  }),
)
/** `resources` of provision-project: resource ids. */
export const resourcesSchema = z.array(z.string())
/** `groups` of add-member. */
export const groupsSchema = z.array(
  z.object({ key: z.string(), name: z.string(), id: z.string(), members: z.array(z.string()) }),
)
/** `assignments` of add-member. */
export const assignmentsSchema = z.array(
  z.object({ principal: z.string(), role: z.string(), scope: z.string() }),
)
/** `acl` of datalake-acl. */
export const aclSchema = z.array(
  z.object({
    path: z.string(),
    recursive: z.boolean(),
    access: z.array(z.string()),
    default: z.array(z.string()),
  }),
)
/** `effective-access` of datalake-acl. */
export const effectiveAccessSchema = z.array(
  z.object({
    path: z.string(),
    who: z.string(),
    id: z.string(),
    rights: z.string(),
    wanted: z.string(),
    blockedAt: z.string().optional(),
  }),
)

/** `overview` of provision-project, target common. */
export const overviewSchema = z.object({
  parts: z.array(z.object({ title: z.string(), what: z.string(), reach: z.string() })).default([]),
  capacity: z
    .array(z.object({ type: z.string(), more: z.string(), first: z.string(), next: z.string() }))
    .default([]),
})

/** The subnets of a project, by key. */
export type Subnets = z.infer<typeof subnetsSchema>
/** An Entra group of the project. */
export type Group = z.infer<typeof groupsSchema>[number]
/** What a common area is made of, and what it has capacity for. */
export type Overview = z.infer<typeof overviewSchema>
/** A role assignment of the project. */
export type Assignment = z.infer<typeof assignmentsSchema>[number]
/** The access control lists of a folder. */
export type FolderAcl = z.infer<typeof aclSchema>[number]
/** What one role can do in a folder. */
export type FolderAccess = z.infer<typeof effectiveAccessSchema>[number]

/** Reads the outputs of one step. What is absent is `undefined`; what cannot be read is `undefined` and a problem. */
export interface OutputReader {
  readonly json: <T>(output: string, schema: z.ZodType<T>) => T | undefined
  /** Sentences about what could not be read. */
  readonly problems: readonly string[]
}

const causeOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll(/\s+/g, ' ')
  return error instanceof Error ? error.message : String(error)
}

/** Opens the outputs of a step; of a step that did not run there are none. */
export function readOutputs(run: DeliveredRun | undefined): OutputReader {
  const problems: string[] = []
  return {
    problems,
    json: (output, schema) => {
      const value = run?.outputs[output] ?? ''
      if (value === '') return undefined
      try {
        return schema.parse(JSON.parse(value))
      } catch (error) {
        problems.push(
          `The output '${output}' of ${run?.action ?? 'a step'} cannot be shown: ${causeOf(error)}.`,
        )
        return undefined
      }
    },
  }
}
