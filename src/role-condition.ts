import { sameText } from './resource-id.ts'

/**
 * Do two conditions of role assignments say the same? Azure keeps their text as it was written: the portal writes it over
 * several lines, and an assignment without one has an empty text or none.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 */
export const sameCondition = (one: string | undefined, other: string | undefined): boolean =>
  sameText(withoutBlanks(one ?? ''), withoutBlanks(other ?? ''))

const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '')
