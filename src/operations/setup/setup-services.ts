import { type Applications, openApplications } from '../../azure/applications.ts'
import { openGraph } from '../../azure/graph.ts'
import { type GroupsByName, openGroupsByName } from '../../azure/groups-by-name.ts'
import {
  type ManagedIdentityCredentials,
  openManagedIdentityCredentials,
} from '../../azure/managed-identity-credentials.ts'
import { openPrincipalRoles, type PrincipalRoles } from '../../azure/principal-roles.ts'
import { openResources, type Resources } from '../../azure/resources.ts'
import {
  type GraphPrincipal,
  openServicePrincipals,
  type ServicePrincipals,
} from '../../azure/service-principals.ts'
import type { Session } from '../../azure/session.ts'
import { signedInAs } from '../../azure/signed-in.ts'
import type { GitHubEnvironments } from './github-environments.ts'

/** All that set-up reads and writes in Azure, Entra and GitHub. */
export interface SetupServices {
  readonly applications: Applications
  readonly principals: ServicePrincipals
  readonly managedCredentials: ManagedIdentityCredentials
  readonly roles: PrincipalRoles
  readonly groups: GroupsByName
  readonly resources: Resources
  readonly graph: GraphPrincipal
  readonly githubEnvironments: GitHubEnvironments
  /** Object id of whoever is signed in. */
  readonly self: string | undefined
}

/** Opens those of Azure and Entra. */
export async function openSetupServices(
  session: Session,
): Promise<Omit<SetupServices, 'githubEnvironments'>> {
  const graph = await openGraph(session)
  const principals = openServicePrincipals(graph, session)
  const [managedCredentials, roles, resources, microsoftGraph, self] = await Promise.all([
    openManagedIdentityCredentials(session),
    openPrincipalRoles(session),
    openResources(session),
    principals.microsoftGraph(),
    signedInAs(session, session.cloud.graphScope),
  ])
  return {
    applications: openApplications(graph, session),
    principals,
    managedCredentials,
    roles,
    groups: openGroupsByName(graph, session),
    resources,
    graph: microsoftGraph,
    self: self.objectId,
  }
}
