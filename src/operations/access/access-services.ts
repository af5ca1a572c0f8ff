import { type Directory, openDirectory } from '../../azure/directory.ts'
import { type EligibleAssignments, openEligibleAssignments } from '../../azure/eligible-assignments.ts'
import { openResources, type Resources } from '../../azure/resources.ts'
import { openRoleAssignments, type RoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { groupOwners } from '../entra-group-owners.ts'

/** The clients that know who has access. */
export interface AccessServices {
  readonly directory: Directory
  readonly resources: Resources
  readonly roleAssignments: RoleAssignments
  readonly eligible: EligibleAssignments
}

/** Opens them for the subscription of an environment. */
export async function openAccessServices(
  session: Session,
  factory: ResolvedFactory,
): Promise<AccessServices> {
  const { subscriptionId } = factory
  const [directory, resources, roleAssignments, eligible] = await Promise.all([
    openDirectory(session, groupOwners(factory)),
    openResources(session),
    openRoleAssignments(session, subscriptionId),
    openEligibleAssignments(session, subscriptionId),
  ])
  return { directory, resources, roleAssignments, eligible }
}

/** Where Cosmos DB keeps the assignments of its own roles. */
export const cosmosAssignments = 'sqlRoleAssignments'
/** The version of Cosmos DB's own interface that they are read and written with. */
export const cosmosApiVersion = apiVersions['Microsoft.DocumentDB/databaseAccounts']
