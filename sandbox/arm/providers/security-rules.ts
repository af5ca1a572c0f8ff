import { badRequest } from '../errors.ts'
import { type Json, record, records, text, texts } from '../json.ts'
import { isPrefix, isServiceTag } from './service-tags.ts'

const lowestPriority = 100
const highestPriority = 4096
const highestPort = 65_535

/**
 * Throws Azure's refusal of the rules of a security group.
 * https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
 */
export function checkSecurityRules(groupId: string, rules: readonly Json[]): void {
  const seen = new Map<string, string>()
  for (const rule of rules) {
    const name = text(rule['name']) ?? ''
    const properties = record(rule['properties'])
    const id = `${groupId}/securityRules/${name}`
    checkParameters(name, properties)
    for (const side of ['source', 'destination']) {
      checkPorts(side, properties, name)
      checkAddresses(side, properties, id)
    }
    checkConflict(name, properties, seen)
  }
}

function checkParameters(name: string, properties: Json): void {
  const missing = ['protocol', 'access', 'direction', 'priority'].find((key) => properties[key] === undefined)
  if (missing !== undefined) throw parameterMissing(name, missing)
  const priority = Number(properties['priority'])
  if (!Number.isInteger(priority) || priority < lowestPriority || priority > highestPriority)
    throw badRequest(
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${String(properties['priority'])} Allowed range ${lowestPriority}-${highestPriority}.`,
    )
}

function checkConflict(name: string, properties: Json, seen: Map<string, string>): void {
  const place = `${String(properties['direction']).toLowerCase()} ${Number(properties['priority'])}`
  const other = seen.get(place)
  if (other !== undefined)
    throw badRequest(
      'SecurityRuleConflict',
      `Security rule ${other} conflicts with rule ${name}. Rules cannot have the same Priority and Direction.`,
    )
  seen.set(place, name)
}

function checkPorts(side: string, properties: Json, name: string): void {
  const [one, many] = given(properties, `${side}PortRange`, `${side}PortRanges`, name)
  if (one.length + many.length === 0) throw parameterMissing(name, `${side}PortRange`)
  const invalid = [...one.filter((range) => range !== '*'), ...many].find((range) => !isPortRange(range))
  if (invalid !== undefined)
    throw badRequest(
      'SecurityRuleInvalidPortRange',
      `Security rule has invalid Port range. Value provided: ${invalid}. Value should be an integer OR integer range with '-' delimiter. Valid range 0-${highestPort}.`,
    )
}

function isPortRange(range: string): boolean {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? []
  return first !== undefined && Number(first) <= Number(last) && Number(last) <= highestPort
}

function checkAddresses(side: string, properties: Json, id: string): void {
  const name = id.slice(id.lastIndexOf('/') + 1)
  const [one, many] = given(properties, `${side}AddressPrefix`, `${side}AddressPrefixes`, name)
  const groups = records(properties[`${side}ApplicationSecurityGroups`])
  if (one.length + many.length + groups.length === 0) throw parameterMissing(name, `${side}AddressPrefix`)
  if (groups.length > 0 && one.length + many.length > 0)
    throw tooMany(name, `${side}AddressPrefix`, `${side}ApplicationSecurityGroups`)
  const tag = many.find((prefix) => prefix === '*' || isServiceTag(prefix))
  if (tag !== undefined)
    throw badRequest(
      'SecurityRuleParameterContainsUnsupportedValue',
      `Security rule parameter ${side}AddressPrefixes for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, AZURELOADBALANCER, '*' or system tags. Unsupported value provided: ${tag}.`,
    )
  const invalid = [...one.filter((prefix) => prefix !== '*' && !isServiceTag(prefix)), ...many].find(
    (prefix) => !isPrefix(prefix),
  )
  if (invalid !== undefined)
    throw badRequest(
      'SecurityRuleInvalidAddressPrefix',
      `Security rule ${id} has invalid Address prefix. Value provided: ${invalid}`,
    )
}

/** What a rule says in the singular and in the plural of a property. It may use one of them. */
function given(
  properties: Json,
  singular: string,
  plural: string,
  name: string,
): readonly [one: readonly string[], many: readonly string[]] {
  const one = text(properties[singular])
  const many = texts(properties[plural])
  if (one !== undefined && one !== '' && many.length > 0) throw tooMany(name, singular, plural)
  return [one === undefined || one === '' ? [] : [one], many]
}

const parameterMissing = (name: string, key: string) =>
  badRequest('SecurityRuleParameterMissing', `Security rule ${name} lacks the required parameter '${key}'.`)

const tooMany = (name: string, one: string, other: string) =>
  badRequest(
    'SecurityRuleParametersConflict',
    `Security rule ${name} cannot specify both '${one}' and '${other}'.`,
  )
