import type { Address } from '../../address.ts'
import { badRequest } from '../../errors.ts'
import { assignmentType, definitionType, exemptionType, setType } from './definitions.ts'

const longestName = 64
const longestAtManagementGroup = 24

/** How Azure calls the types in its sentences. */
const titles: ReadonlyMap<string, string> = new Map(
  [
    [definitionType, 'policy definition'],
    [setType, 'policy set definition'],
    [assignmentType, 'policy assignment'],
    [exemptionType, 'policy exemption'],
  ].map(([type = '', title = '']) => [type.toLowerCase(), title]),
)

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftauthorization
 * @throws ArmError `InvalidPolicyAssignmentName` and the like
 */
export function checkPolicyName({ name, type, subscriptionId }: Address): void {
  const isShort = subscriptionId === undefined && type.toLowerCase() === assignmentType.toLowerCase()
  const longest = isShort ? longestAtManagementGroup : longestName
  if (name.length <= longest) return
  const title = titles.get(type.toLowerCase()) ?? ''
  throw badRequest(
    `Invalid${title.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}Name`,
    `The ${title} name '${name}' is invalid. The ${title} name length must not exceed '${longest}' characters.`,
  )
}
