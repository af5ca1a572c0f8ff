import { apiVersions } from '../catalog/facts/api-versions.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Change, PropertyChange } from '../plan/model.ts'
import { sameText } from '../resource-id.ts'
import { type CreateRequest, contentOf } from './reserve.ts'
import { mergeSubnet } from './subnet-merge.ts'
import type { ExistingOwn } from './subnet-updates.ts'
import { writable } from './writable.ts'

/** One resource to change where it lacks something. What others have in it stays. */
export interface UpdateStep {
  readonly kind: 'network security group' | 'subnet'
  readonly name: string
  /** Resource id. */
  readonly id: string
  readonly apiVersion: string
  /** What the properties become that Azure has by then; undefined when nothing is missing any more. */
  readonly merge: (properties: JsonObject) => JsonObject | undefined
}

/** The change of a subnet; undefined when it has all it has to have. */
export const updateSubnet = ({ name, id, demand, changes }: ExistingOwn): UpdateStep | undefined =>
  changes.length === 0
    ? undefined
    : {
        kind: 'subnet',
        name,
        id,
        apiVersion: apiVersions['Microsoft.Network/virtualNetworks/subnets'],
        merge: (properties) => {
          const merged = mergeSubnet(properties, demand)
          return merged.changes.length === 0 ? undefined : writable(merged.properties)
        },
      }

/** A network security group of the project's that exists. */
interface ExistingGroup {
  readonly name: string
  /** Resource id. */
  readonly id: string
  readonly properties: JsonObject
}

/** What becomes of the rules of a network security group. */
export interface RuleUpdate {
  readonly step: UpdateStep | undefined
  readonly change: Change | undefined
  readonly warnings: readonly string[]
}

/** Adds the rules that a subnet of this kind has from the start, where they are missing. Those of others stay as they are. */
export function updateRules(group: ExistingGroup, request: CreateRequest): RuleUpdate {
  const { id, name } = group
  const { added, refused } = mergeRules(group.properties, request)
  const place = { kind: 'network security group', name, scope: id } as const
  const warnings = refused.map(
    ({ rule, taken }) =>
      `Network security group '${name}' lacks the rule ${rule}, and its priority is taken by ${taken}. It is left as it is.`,
  )
  if (added.length === 0) return { step: undefined, change: undefined, warnings }
  const properties = added.map((rule): PropertyChange => ({ path: 'securityRules', after: nameOf(rule) }))
  return {
    step: {
      ...place,
      id,
      apiVersion: apiVersions['Microsoft.Network/networkSecurityGroups'],
      merge: (current) => {
        const { added: missing, rules } = mergeRules(current, request)
        return missing.length === 0
          ? undefined
          : writable({ ...current, securityRules: [...rules, ...missing] })
      },
    },
    change: { change: 'modify', ...place, properties, reason: 'Rules of others stay.' },
    warnings,
  }
}

const nameOf = ({ name }: JsonObject): string => (typeof name === 'string' ? name : '')

const rulesOf = ({ securityRules }: JsonObject): readonly JsonObject[] =>
  Array.isArray(securityRules) ? securityRules.filter(isJsonObject) : []

function mergeRules(properties: JsonObject, request: CreateRequest) {
  const rules = rulesOf(properties)
  const missing = contentOf(request).securityRules.filter(
    ({ name }) => !rules.some((rule) => sameText(nameOf(rule), name)),
  )
  const conflicts = missing.map((rule) => ({
    rule,
    other: rules.find((other) => slot(other) === slot(rule)),
  }))
  return {
    rules,
    added: conflicts.flatMap(({ rule, other }): readonly JsonObject[] => (other === undefined ? [rule] : [])),
    refused: conflicts.flatMap(({ rule, other }) =>
      other === undefined ? [] : [{ rule: `'${rule.name}'`, taken: `'${nameOf(other)}'` }],
    ),
  }
}

/** Two rules of one direction cannot have one priority. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
function slot({ properties }: { readonly properties?: Json | undefined }): string {
  const { direction, priority } = isJsonObject(properties) ? properties : {}
  return `${String(direction).toLowerCase()} ${String(priority)}`
}
