import { z } from 'zod'
import { isMissing } from './failure.ts'
import type { Graph } from './graph.ts'

/** An object in the tenant's directory. */
export interface DirectoryObject {
  readonly objectId: string
  readonly display: string
}

/**
 * An object as Graph shows it. Of what the caller may not read it shows the id alone.
 * https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
export const objectSchema = z.object({
  '@odata.type': z.string().nullish(),
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userType: z.string().nullish(),
})

/** An object as Graph shows it. */
export type GraphObject = z.infer<typeof objectSchema>

/** The object, by the name that people know it by. */
export const directoryObject = ({ id, displayName, userPrincipalName }: GraphObject): DirectoryObject => ({
  objectId: id,
  display: userPrincipalName ?? displayName ?? id,
})

/** The owners of an application or a service principal. https://learn.microsoft.com/graph/api/application-list-owners */
export async function ownersAt(
  graph: Pick<Graph, 'list'>,
  path: string,
): Promise<readonly DirectoryObject[]> {
  const found = await graph.list(`${path}/owners?$select=id,displayName,userPrincipalName`, objectSchema)
  return found.map(directoryObject)
}

/** A value inside an OData string literal. */
export const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** What Graph answers, or undefined when there is nothing. */
export async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
