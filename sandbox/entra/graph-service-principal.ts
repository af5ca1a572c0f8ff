import { graphPermissions } from './graph-permissions.ts'
import type { ServicePrincipal } from './model.ts'

/** Application id of Microsoft Graph in every tenant. */
export const graphAppId = '00000003-0000-0000-c000-000000000000'

/** Microsoft Graph in this tenant. Its object id differs from tenant to tenant. */
export const graphServicePrincipal: ServicePrincipal = {
  id: '00000003-0000-0000-c000-0000000000b0',
  appId: graphAppId,
  displayName: 'Microsoft Graph',
  servicePrincipalType: 'Application',
}

/** The application permissions that Microsoft Graph offers, as it shows them. */
export const graphAppRoles = Object.entries(graphPermissions).map(([value, id]) => ({
  allowedMemberTypes: ['Application'],
  description: value,
  displayName: value,
  id,
  isEnabled: true,
  origin: 'Application',
  value,
}))
