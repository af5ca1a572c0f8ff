import { z } from 'zod'

const patterns = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])

/** What a role lets do, as Azure writes it; a list that is absent is empty. https://learn.microsoft.com/rest/api/authorization/role-definitions/get */
export const permissionSchema = z.object({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
})
