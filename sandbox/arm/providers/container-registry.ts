import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { hostName } from './data-addresses.ts'
import { withConnections } from './storage.ts'

/** Microsoft.ContainerRegistry: registries. */
export const containerRegistryRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.ContainerRegistry/registries',
    location: 'required',
    required: ['sku.name'],
    check: (write) => {
      const isPremium = String(at(write.body, 'sku.name')).toLowerCase() === 'premium'
      if (!isPremium && sameId(text(write.properties['publicNetworkAccess']), 'Disabled'))
        throw badRequest(
          'PublicNetworkAccessDisabledNotSupported',
          'Public network access can only be disabled in a registry of the Premium SKU.',
        )
    },
    complete: ({ properties, address }) => ({
      adminUserEnabled: false,
      roleAssignmentMode: 'LegacyRegistryPermissions',
      ...properties,
      loginServer: hostName(address.name, 'azurecr'),
    }),
    render: withConnections,
  },
]
