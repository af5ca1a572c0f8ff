import { sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'
import { hostName } from './data-addresses.ts'
import { takenElsewhere } from './names.ts'
import { withConnections } from './storage.ts'

/** Microsoft.ContainerRegistry: registries. */
export const containerRegistryRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.ContainerRegistry/registries',
    location: 'required',
    required: ['sku.name'],
    checkName: (write, world) => {
      if (takenElsewhere(write, world) !== undefined)
        throw conflict(
          'AlreadyInUse',
          `The registry DNS name ${write.address.name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/rest/api/containerregistry/registries/checknameavailability`,
        )
    },
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
      ...properties,
      loginServer: hostName(address.name, 'azurecr'),
    }),
    render: withConnections,
  },
]
