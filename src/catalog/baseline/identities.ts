import { nameRulesOf } from '../../naming/limits.ts'
import { definePart } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { peopleInDev } from '../grants.ts'
import { free } from '../prices.ts'

const userAssignedIdentity = {
  givesWay: 'location',
  minLength: 3,
  maxLength: 128,
  accepts: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
  scope: 'group',
  source: nameRulesOf('microsoftmanagedidentity'),
} as const

/**
 * The two identities of a project: one for its pipelines and jobs, one for its running applications. Also the view that
 * people have on the whole project: everybody in dev, and the lead, who answers for it, in every environment.
 */
export const projectIdentities = definePart({
  title: 'User-assigned managed identities',
  documentation: 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview',
  resources: {
    projectIdentity: {
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      identity: 'user',
      name: { ...userAssignedIdentity, pattern: 'mi-prj{project}-{location}-{env}-{salt}-{instance}' },
    },
    appsIdentity: {
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      identity: 'user',
      name: { ...userAssignedIdentity, pattern: 'mi-aca-prj{project}-{location}-{env}-{salt}-{instance}' },
    },
  },
  subnets: {},
  privateEndpoints: [],
  roles: [
    { to: { persona: 'lead' }, role: 'Reader', on: 'resourceGroup' },
    ...peopleInDev(
      ['dataScientist', 'aiEngineer', 'agentDeveloper', 'dataEngineer', 'frontendDeveloper'],
      'Reader',
      'resourceGroup',
    ),
    { to: { identity: 'projectIdentity' }, role: 'Reader', on: 'resourceGroup' },
  ],
  rights: [
    { key: 'resourceGroup', title: 'The whole project', offers: [{ role: 'Reader', on: 'resourceGroup' }] },
  ],
  data: { 'Microsoft.ManagedIdentity/userAssignedIdentities': 'stateless' },
  inside: {
    'Microsoft.ManagedIdentity/userAssignedIdentities': { federatedIdentityCredentials: 'its settings' },
  },
  prices: { 'Microsoft.ManagedIdentity/userAssignedIdentities': free },
  template: ({ names, location, tags }) =>
    [names.projectIdentity, names.appsIdentity].map((name) => ({
      ...ofType('Microsoft.ManagedIdentity/userAssignedIdentities'),
      name,
      location,
      tags,
    })),
})
