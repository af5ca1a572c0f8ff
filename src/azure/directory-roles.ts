import { z } from 'zod'
import { explaining } from './errors.ts'
import type { Graph } from './graph.ts'

/** A role in the directory that a principal holds, itself or by a group. */
export interface DirectoryRole {
  readonly name: string
  /** `/` for the whole tenant, or `/administrativeUnits/ID`. */
  readonly scope: string
}

const groupSchema = z.object({ id: z.string(), isAssignableToRole: z.boolean().nullish() })
const assignmentSchema = z.object({ roleDefinitionId: z.string(), directoryScopeId: z.string() })
const definitionSchema = z.object({ displayName: z.string() })

/**
 * The roles of a service principal in the directory. Version 1.0 of Graph lists those that are assigned to it, so that those
 * of its groups are asked for one by one; few groups can hold any. https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
export const directoryRolesOf = (
  graph: Pick<Graph, 'get' | 'list'>,
  objectId: string,
): Promise<readonly DirectoryRole[]> =>
  explaining('Reading the roles of an identity in the directory', async () => {
    const path = '/roleManagement/directory'
    const select = '$select=id,isAssignableToRole'
    const groups = await graph.list(
      `/servicePrincipals/${objectId}/transitiveMemberOf?${select}`,
      groupSchema,
    )
    const principals = [
      objectId,
      ...groups.filter(({ isAssignableToRole }) => isAssignableToRole).map(({ id }) => id),
    ]
    const assignments = await Promise.all(
      principals.map((id) => {
        const filter = encodeURIComponent(`principalId eq '${id}'`)
        return graph.list(`${path}/roleAssignments?$filter=${filter}`, assignmentSchema)
      }),
    )
    return Promise.all(
      assignments.flat().map(async ({ roleDefinitionId, directoryScopeId: scope }) => {
        const { displayName } = await graph.get(
          `${path}/roleDefinitions/${roleDefinitionId}`,
          definitionSchema,
        )
        return { name: displayName, scope }
      }),
    )
  })
