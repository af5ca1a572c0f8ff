import { isJsonObject } from '../json.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * The policies that an error of code `RequestDisallowedByPolicy` is about, as a sentence; empty when its message names
 * them itself. Azure used to name them there, and by now does so in `additionalInfo` only.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
 */
export function policiesNamedIn(error: Readonly<Record<string, unknown>>): string {
  const entries = Array.isArray(error['additionalInfo']) ? error['additionalInfo'] : []
  const message = text(error['message'])
  const named = entries.flatMap((entry) => {
    const info = isJsonObject(entry) && entry['type'] === 'PolicyViolation' ? entry['info'] : undefined
    if (!isJsonObject(info)) return []
    const policy = text(info['policyDefinitionDisplayName']) || text(info['policyDefinitionName'])
    const assignment = text(info['policyAssignmentDisplayName']) || text(info['policyAssignmentName'])
    if (policy === '' || message.includes(policy)) return []
    return [`'${policy}' (assignment '${assignment}' at ${text(info['policyAssignmentScope'])})`]
  })
  if (named.length === 0) return ''
  return `${named.length === 1 ? 'Policy' : 'Policies'}: ${[...new Set(named)].join(', ')}.`
}
