import { subnetRuleKeys, subnetRules } from '../catalog/facts/subnet-rules.ts'
import type { SubnetRule } from '../catalog/types.ts'
import { isWithin, lastSegment, sameText } from '../resource-id.ts'

/** Names that Azure prescribes: such a subnet serves all who use the VNet. */
const sharedNames = subnetRuleKeys.flatMap((key) => {
  const { fixedName }: SubnetRule = subnetRules[key]
  return fixedName === undefined ? [] : [fixedName]
})

/** Is it the name of a subnet that serves a whole VNet, e.g. `AzureBastionSubnet`? */
export const isSharedName = (name: string): boolean => sharedNames.some((shared) => sameText(shared, name))

/**
 * May a project use this subnet? Only one that factory.yml lists, or one in a VNet that it lists. A subnet that serves
 * the whole VNet has to be listed itself.
 */
export const mayBring = (subnetId: string, bringYourOwn: readonly string[]): boolean =>
  bringYourOwn.some((id) =>
    isSharedName(lastSegment(subnetId)) ? sameText(id, subnetId) : isWithin(subnetId, id),
  )
