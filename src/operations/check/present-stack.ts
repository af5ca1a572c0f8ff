import { z } from 'zod'
import type { Arm } from '../../azure/arm.ts'
import { explaining } from '../../azure/errors.ts'
import { isMissing } from '../../azure/failure.ts'
import { lastSegment } from '../../resource-id.ts'
import { stacksVersion } from '../stacks.ts'

/** The deployment stack of a project, as it is before the delivery. */
export interface PresentStack {
  /** What it manages. */
  readonly resourceIds: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

const stackSchema = z.object({
  tags: z
    .record(z.string(), z.string())
    .nullish()
    .transform((tags) => tags ?? {}),
  properties: z.object({
    resources: z
      .array(z.object({ id: z.string() }))
      .nullish()
      .transform((all) => (all ?? []).map(({ id }) => id)),
  }),
})

/** Reads a stack without waiting for a deployment of it; undefined when there is none. */
export const readStack = (arm: Arm, id: string): Promise<PresentStack | undefined> =>
  explaining(`Reading the deployment stack '${lastSegment(id)}'`, async () => {
    try {
      // https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription
      const { tags, properties } = await arm.get({ path: id, apiVersion: stacksVersion }, stackSchema)
      return { tags, resourceIds: properties.resources }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  })
