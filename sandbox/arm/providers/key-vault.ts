import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import type { SoftDeleted } from '../state.ts'
import { checkForm, takenElsewhere } from './names.ts'
import { withConnections } from './storage.ts'

const type = 'Microsoft.KeyVault/vaults'

/** Microsoft.KeyVault: vaults. A deleted one keeps its name until it is purged or recovered. */
export const keyVaultRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.sku.name', 'properties.tenantId'],
    check: checkVault,
    complete: ({ properties, address }) => {
      const { createMode: _mode, ...rest } = properties
      return {
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: false,
        accessPolicies: [],
        ...rest,
        enableSoftDelete: true,
        vaultUri: `https://${address.name.toLowerCase()}.vault.azure.net/`,
      }
    },
    applied: (write, _vault, world) => {
      if (write.properties['createMode'] === 'recover') forget(write.address.id, world)
      return undefined
    },
    render: withConnections,
    removed: (vault, world) => remember(vault, world, at(vault, 'properties.enablePurgeProtection') === true),
  },
]

/** Keeps the name of a deleted resource. */
export function remember(
  resource: StoredResource,
  world: World,
  purgeProtected: boolean,
  more: Partial<SoftDeleted> = {},
): void {
  world.store.state.softDeleted.push({
    id: resource.id,
    type: resource.type,
    name: resource.name,
    location: resource.location ?? '',
    deletedOn: world.clock.now().toISOString(),
    purgeProtected,
    ...more,
  })
}

/** Gives the name of a deleted resource free: it was recovered or purged. */
export function forget(id: string, world: World): void {
  const { softDeleted } = world.store.state
  const index = softDeleted.findIndex((entry) => sameId(entry.id, id))
  if (index >= 0) softDeleted.splice(index, 1)
}

function checkVault(write: Write, world: World): void {
  const { address, properties, existing } = write
  checkForm(write, /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/, (name) =>
    badRequest(
      'VaultNameNotValid',
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`,
    ),
  )
  if (
    at(existing, 'properties.enablePurgeProtection') === true &&
    properties['enablePurgeProtection'] === false
  )
    throw badRequest(
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    )
  if (existing !== undefined) return
  const deleted = world.store.state.softDeleted.find(
    (entry) => entry.type === type && entry.name.toLowerCase() === address.name.toLowerCase(),
  )
  const recovers = properties['createMode'] === 'recover'
  if (sameId(deleted?.id, address.id) && !recovers)
    throw conflict(
      'ConflictError',
      `A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.`,
    )
  const foreign = deleted !== undefined && !sameId(deleted.id, address.id)
  if (foreign || takenElsewhere(write, world) !== undefined)
    throw conflict(
      'VaultAlreadyExists',
      `The vault name '${address.name}' is already in use. Vault names are globaly unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740.`,
    )
}
