import { ofType } from '../facts/api-versions.ts'
import { peopleInDev } from '../grants.ts'
import type { PartDefinition } from '../types.ts'

/**
 * The two identities of a project: one for its pipelines and jobs, one for its running applications. Also the view that
 * people have on the whole project: everybody in dev, and the lead, who answers for it, in every environment.
 */
export const projectIdentities: PartDefinition = {
  title: 'User-assigned managed identities',
  documentation: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview',
  privateEndpoints: [],
  roles: [
    { to: { persona: 'lead' }, role: 'Reader', on: 'resourceGroup' },
    ...peopleInDev(
      ['dataScientist', 'aiEngineer', 'dataEngineer', 'frontendDeveloper'],
      'Reader',
      'resourceGroup',
    ),
    { to: { identity: 'projectIdentity' }, role: 'Reader', on: 'resourceGroup' },
  ],
  resources: ({ names, location, tags }) =>
    [names.projectIdentity, names.appsIdentity].map((name) => ({
      ...ofType('Microsoft.ManagedIdentity/userAssignedIdentities'),
      name,
      location,
      tags,
    })),
}
