import { badRequest } from '../errors.ts'
import { at, text } from '../json.ts'
import type { ResourceRules } from '../rules.ts'

const type = 'Microsoft.ManagedIdentity/userAssignedIdentities'

/** Microsoft.ManagedIdentity: user-assigned identities and their federated credentials. */
export const managedIdentityRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    stateless: true,
    complete: ({ existing }, world) => ({
      ...existing?.properties,
      tenantId: world.tenantId,
    }),
    applied: ({ existing, address }, _resource, world) => {
      const principalId = text(at(existing, 'properties.principalId'))
      return principalId === undefined
        ? { ...world.directory.createManagedIdentity(address.name, address.id), tenantId: world.tenantId }
        : undefined
    },
    removed: (identity, world) => {
      world.directory.removeManagedIdentity(String(at(identity, 'properties.principalId')))
    },
  },
  {
    type: `${type}/federatedIdentityCredentials`,
    location: 'none',
    stateless: true,
    required: ['properties.issuer', 'properties.subject', 'properties.audiences'],
    lock: (address) => address.parent,
    check: ({ address, properties }, world) => {
      const twin = world.store
        .children(address.parent ?? '', `${type}/federatedIdentityCredentials`)
        .find(
          (other) =>
            other.name.toLowerCase() !== address.name.toLowerCase() &&
            at(other, 'properties.issuer') === properties['issuer'] &&
            at(other, 'properties.subject') === properties['subject'],
        )
      if (twin !== undefined)
        throw badRequest(
          'BadRequest',
          `Issuer and subject combination already exists for this Managed Identity (credential '${twin.name}').`,
        )
    },
  },
]
