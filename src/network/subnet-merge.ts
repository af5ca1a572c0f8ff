import type { SubnetDefinition, SubnetRule } from '../catalog/types.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { SubnetSettings } from '../manifest/resolved.ts'
import type { PropertyChange } from '../plan/model.ts'
import { sameText } from '../resource-id.ts'

/** What a subnet that exists has to have, because its service or a document demands it. Anything else of it stays. */
export interface SubnetDemand extends SubnetSettings {
  /** Service name; added to a subnet that has no delegation. */
  readonly delegation?: string
  /** Resource id of the network security group it gets when it has none. */
  readonly securityGroupIfNone?: string
}

/** A subnet's properties once everything that is demanded is in them. */
export interface MergedSubnet {
  readonly properties: JsonObject
  /** What differs from before; empty when the subnet is as demanded. */
  readonly changes: readonly PropertyChange[]
}

/** What decides what a subnet has to have. */
export interface DemandSource {
  /** Service name, or empty. */
  readonly delegation: string
  readonly rule?: Pick<SubnetRule, 'networkSecurityGroup'>
  readonly definition?: Pick<SubnetDefinition, 'serviceEndpoints'>
  /** What the documents say of it. */
  readonly settings?: SubnetSettings
}

/** What a subnet of the project has to have. @param securityGroupId the project's own group for it */
export const demandOf = (
  { delegation, definition, settings = {} }: DemandSource,
  securityGroupId: string | undefined,
): SubnetDemand => ({
  ...settings,
  ...(delegation !== '' && { delegation }),
  ...(securityGroupId !== undefined && { securityGroupIfNone: securityGroupId }),
  serviceEndpoints: [...(definition?.serviceEndpoints ?? []), ...(settings.serviceEndpoints ?? [])],
})

/**
 * Merges what is demanded into the properties that Azure has of a subnet. All others are returned as they came, those
 * that nobody here knows included, since a PUT takes away what it leaves out.
 * https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update
 */
export function mergeSubnet(current: JsonObject, demand: SubnetDemand): MergedSubnet {
  const merged = [
    reference('networkSecurityGroup', current, securityGroupOf(current, demand)),
    reference('routeTable', current, demand.routeTableId),
    reference('natGateway', current, demand.natGatewayId),
    endpoints(current, demand),
    delegation(current, demand),
    outbound(current, demand),
  ].filter((part) => part !== undefined)
  return {
    properties: { ...current, ...Object.fromEntries(merged.map(({ key, value }) => [key, value])) },
    changes: merged.flatMap(({ changes }) => changes),
  }
}

/** One property that gets another value, and how that is shown. */
interface Part {
  readonly key: string
  readonly value: Json
  readonly changes: readonly PropertyChange[]
}

const securityGroupOf = (current: JsonObject, demand: SubnetDemand): string | undefined =>
  demand.networkSecurityGroupId ??
  (idAt(current, 'networkSecurityGroup') === undefined ? demand.securityGroupIfNone : undefined)

/** The id of a resource that a subnet refers to. */
export function idAt(properties: JsonObject, key: string): string | undefined {
  const value = properties[key]
  const id = isJsonObject(value) ? value['id'] : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}

function reference(key: string, current: JsonObject, wanted: string | undefined): Part | undefined {
  const before = idAt(current, key)
  if (wanted === undefined || (before !== undefined && sameText(before, wanted))) return undefined
  return {
    key,
    value: { id: wanted },
    changes: [{ path: key, ...(before !== undefined && { before }), after: wanted }],
  }
}

/** The objects in a list of a subnet's properties. */
const objectsAt = (properties: JsonObject, key: string): readonly JsonObject[] => {
  const list = properties[key]
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

/** Names of the services that a subnet has an endpoint of. */
export const serviceEndpointsOf = (properties: JsonObject): readonly string[] =>
  objectsAt(properties, 'serviceEndpoints').flatMap(({ service }) =>
    typeof service === 'string' ? [service] : [],
  )

function endpoints(current: JsonObject, { serviceEndpoints = [] }: SubnetDemand): Part | undefined {
  const existing = serviceEndpointsOf(current)
  const missing = serviceEndpoints.filter((service) => !existing.some((one) => sameText(one, service)))
  if (missing.length === 0) return undefined
  return {
    key: 'serviceEndpoints',
    value: [...objectsAt(current, 'serviceEndpoints'), ...missing.map((service) => ({ service }))],
    changes: missing.map((service) => ({ path: 'serviceEndpoints', after: service })),
  }
}

function delegation(current: JsonObject, { delegation: service }: SubnetDemand): Part | undefined {
  if (service === undefined || objectsAt(current, 'delegations').length > 0) return undefined
  return {
    key: 'delegations',
    value: [{ name: 'delegation', properties: { serviceName: service } }],
    changes: [{ path: 'delegation', after: service }],
  }
}

function outbound(current: JsonObject, { defaultOutboundAccess }: SubnetDemand): Part | undefined {
  // Azure leaves it out of subnets that have it.
  const before = current['defaultOutboundAccess'] !== false
  if (defaultOutboundAccess === undefined || defaultOutboundAccess === before) return undefined
  return {
    key: 'defaultOutboundAccess',
    value: defaultOutboundAccess,
    changes: [{ path: 'defaultOutboundAccess', before, after: defaultOutboundAccess }],
  }
}
