import { isRecord, type Json, text } from '../../json.ts'
import { faultOf } from './conditions.ts'

/** Effects, as Azure spells them. https://learn.microsoft.com/azure/governance/policy/concepts/effect-basics */
export const effects = [
  'Append',
  'Audit',
  'AuditIfNotExists',
  'Deny',
  'DenyAction',
  'DeployIfNotExists',
  'Disabled',
  'Manual',
  'Modify',
] as const
/** One of them. */
export type Effect = (typeof effects)[number]

/** An effect in Azure's spelling. */
export const effectOf = (name: unknown): Effect | undefined =>
  effects.find((effect) => effect.toLowerCase() === String(name).toLowerCase())

/** The parts of a rule. */
export interface Rule {
  readonly condition: unknown
  /** A name, or an expression with the parameter that says it. */
  readonly effect: unknown
  readonly details: unknown
}

/** A rule, taken apart. */
export function ruleOf(policyRule: unknown): Rule {
  const rule: Json = isRecord(policyRule) ? policyRule : {}
  const then: Json = isRecord(rule['then']) ? rule['then'] : {}
  return { condition: rule['if'], effect: then['effect'], details: then['details'] }
}

/** What is wrong with a rule; `undefined` when nothing is. */
export function faultOfRule(policyRule: unknown): string | undefined {
  if (!isRecord(policyRule)) return "the rule is an object with 'if' and 'then'"
  const unknown = Object.keys(policyRule).find((key) => key !== 'if' && key !== 'then')
  if (unknown !== undefined) return `'${unknown}' is no part of a rule`
  const { condition, effect, details } = ruleOf(policyRule)
  const name = text(effect)
  if (name === undefined) return "'then' has no effect"
  if (!name.startsWith('[') && effectOf(name) === undefined) return `'${name}' is no effect`
  if (/^(modify|deployIfNotExists|auditIfNotExists|append)$/i.test(name) && details === undefined)
    return `the effect '${name}' needs details`
  const roles = isRecord(details) ? details['roleDefinitionIds'] : undefined
  if (/^(modify|deployIfNotExists)$/i.test(name) && !(Array.isArray(roles) && roles.length > 0))
    return `the effect '${name}' needs roleDefinitionIds, the roles that it acts in`
  return faultOf(condition)
}
