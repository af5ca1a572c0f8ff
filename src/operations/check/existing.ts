import { z } from 'zod'
import type { Arm } from '../../azure/arm.ts'
import { explaining } from '../../azure/errors.ts'
import { isMissing } from '../../azure/failure.ts'
import { lastSegment } from '../../resource-id.ts'

/** What the project's resource group holds already. */
export interface Existing {
  readonly hasGroup: boolean
  /** Is there a resource with this id? Only resources of their own are known, not what is inside others. */
  readonly has: (id: string) => boolean
}

/** Reads which resources a resource group holds. */
export const readExisting = (arm: Arm, groupId: string): Promise<Existing> =>
  explaining(`Reading what is in '${lastSegment(groupId)}'`, async () => {
    try {
      // https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group
      const path = `${groupId}/resources`
      const found = await arm.list({ path, apiVersion: '2021-04-01' }, z.object({ id: z.string() }))
      const ids = new Set(found.map(({ id }) => id.toLowerCase()))
      return { hasGroup: true, has: (id) => ids.has(id.toLowerCase()) }
    } catch (error) {
      if (isMissing(error)) return { hasGroup: false, has: () => false }
      throw error
    }
  })
