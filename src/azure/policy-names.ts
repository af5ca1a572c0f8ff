import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment } from '../resource-id.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The first of these that is there; of an id, the name at its end. */
const nameIn = (info: JsonObject, ...keys: readonly string[]): string =>
  lastSegment(keys.map((key) => text(info[key])).find((value) => value !== '') ?? '')

const mostFields = 3

/** Which properties the policy looked at, and what it found there; empty when Azure does not say. */
function fieldsOf(info: JsonObject): string {
  const details = info['evaluationDetails']
  const expressions = isJsonObject(details) ? details['evaluatedExpressions'] : undefined
  const fields = (Array.isArray(expressions) ? expressions : []).flatMap((one) => {
    if (!isJsonObject(one) || one['expressionKind'] !== 'Field' || one['expression'] === 'type') return []
    const value = one['expressionValue'] ?? undefined
    return [`${text(one['expression'])} is ${value === undefined ? 'not set' : JSON.stringify(value)}`]
  })
  const distinct = [...new Set(fields)].slice(0, mostFields)
  return distinct.length === 0 ? '' : `, which looks at: ${distinct.join(', ')}`
}

function policyIn(info: JsonObject, message: string): readonly string[] {
  const policy = nameIn(info, 'policyDefinitionDisplayName', 'policyDefinitionName', 'policyDefinitionId')
  const assignment = nameIn(info, 'policyAssignmentDisplayName', 'policyAssignmentName', 'policyAssignmentId')
  if (policy === '' && assignment === '') return []
  if (message.includes(policy) && message.includes(assignment)) return []
  const set = nameIn(info, 'policySetDefinitionDisplayName', 'policySetDefinitionName')
  const scope = text(info['policyAssignmentScope'])
  const of = set === '' ? '' : ` of the initiative '${set}'`
  const at = scope === '' ? '' : ` at ${scope}`
  return [`'${policy}'${of} (assignment '${assignment}'${at})${fieldsOf(info)}`]
}

/**
 * The policies that an error of code `RequestDisallowedByPolicy` is about, as a sentence; empty when its message names
 * them and their assignments itself. Azure used to name them there, and by now does so in `additionalInfo` only.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
 */
export function policiesNamedIn(error: Readonly<Record<string, unknown>>): string {
  const entries = Array.isArray(error['additionalInfo']) ? error['additionalInfo'] : []
  const message = text(error['message'])
  const named = entries.flatMap((entry) => {
    const info = isJsonObject(entry) && entry['type'] === 'PolicyViolation' ? entry['info'] : undefined
    return isJsonObject(info) ? policyIn(info, message) : []
  })
  if (named.length === 0) return ''
  return `${named.length === 1 ? 'Policy' : 'Policies'}: ${[...new Set(named)].join('; ')}.`
}
