import type { ArmError } from '../contracts.ts'
import type { Address } from './address.ts'
import { badRequest, conflict } from './errors.ts'

const isGroup = ({ type }: Address): boolean => type === 'Microsoft.Resources/resourceGroups'

/**
 * A region that the type does not have; resource groups say it with a code of their own.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
export function locationNotAvailable(
  address: Address,
  location: string,
  available: readonly string[],
): ArmError {
  const list = available.join(',')
  if (isGroup(address))
    return badRequest(
      'LocationNotAvailableForResourceGroup',
      `The provided location '${location}' is not available for resource group. List of available regions is '${list}'.`,
    )
  return badRequest(
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${address.type}'. List of available regions for the resource type is '${list}'.`,
  )
}

/** A region other than the one it was created in; resource groups say it with a code of their own. */
export function inAnotherLocation(address: Address, before: string, location: string): ArmError {
  if (isGroup(address))
    return conflict(
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${before}'.`,
    )
  return conflict(
    'InvalidResourceLocation',
    `The resource '${address.name}' already exists in location '${before}' in resource group '${address.resourceGroup ?? ''}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
  )
}
