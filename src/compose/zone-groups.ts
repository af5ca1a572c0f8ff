import { isJsonObject, type JsonObject } from '../json.ts'
import { lastSegment, sameText } from '../resource-id.ts'
import type { SubscriptionTemplate } from './subscription-template.ts'
import { templateBodies } from './template-summary.ts'

/** A DNS zone group of a private endpoint, which writes its records. */
export interface ZoneGroup {
  /** Resource id of the private endpoint. */
  readonly endpointId: string
  readonly name: string
  /** Names of the private DNS zones, e.g. `privatelink.search.windows.net`. */
  readonly zones: readonly string[]
}

const groupId = /^(?<endpointId>.+\/privateEndpoints\/[^/]+)\/privateDnsZoneGroups\/(?<name>[^/]+)$/i

/** The zone groups that a template writes. */
export const zoneGroupsIn = (template: SubscriptionTemplate, subscriptionId: string): readonly ZoneGroup[] =>
  [...templateBodies({ ...template }, subscriptionId)].flatMap(([id, body]) => {
    const { endpointId, name } = groupId.exec(id)?.groups ?? {}
    const { properties } = body
    if (endpointId === undefined || name === undefined || !isJsonObject(properties)) return []
    return [{ endpointId, name, zones: zonesOfGroup(properties) }]
  })

const configsOf = ({ privateDnsZoneConfigs: configs }: JsonObject): readonly JsonObject[] =>
  Array.isArray(configs)
    ? configs.filter(isJsonObject).flatMap(({ properties }) => (isJsonObject(properties) ? [properties] : []))
    : []

const zoneOf = ({ privateDnsZoneId: id }: JsonObject): string =>
  typeof id === 'string' ? lastSegment(id).toLowerCase() : ''

/** The zones in the properties of a zone group, as Azure or a template has them. */
export const zonesOfGroup = (properties: JsonObject): readonly string[] => configsOf(properties).map(zoneOf)

/**
 * The zones in which a zone group has written a record with an address. Azure shows them with the group.
 * https://learn.microsoft.com/rest/api/virtualnetwork/private-dns-zone-groups/get#recordset
 */
export const recordedZones = (properties: JsonObject): readonly string[] =>
  configsOf(properties)
    .filter(({ recordSets }) => Array.isArray(recordSets) && recordSets.filter(isJsonObject).some(hasAddress))
    .map(zoneOf)

/** The ids of the record sets that a zone group has written. */
export const recordsOfGroup = (properties: JsonObject): readonly string[] =>
  configsOf(properties).flatMap(({ privateDnsZoneId: zone, recordSets }) =>
    typeof zone === 'string' && Array.isArray(recordSets)
      ? recordSets
          .filter(isJsonObject)
          .map(({ recordType, recordSetName }) => `${zone}/${String(recordType)}/${String(recordSetName)}`)
      : [],
  )

const hasAddress = ({ ipAddresses }: JsonObject): boolean =>
  Array.isArray(ipAddresses) && ipAddresses.length > 0

/** What a zone group has to say of its zones, without what Azure adds to it. */
const writtenConfigs = ({ privateDnsZoneConfigs: configs }: JsonObject): JsonObject => ({
  privateDnsZoneConfigs: (Array.isArray(configs) ? configs.filter(isJsonObject) : []).map(
    ({ name, properties }) => ({
      name: name ?? null,
      properties: { privateDnsZoneId: (isJsonObject(properties) && properties['privateDnsZoneId']) || null },
    }),
  ),
})

/** A zone group as it is in Azure. */
export interface PresentZoneGroup {
  /** Resource id of the private endpoint. */
  readonly endpointId: string
  readonly properties: JsonObject
}

/** A template without the zone groups of these private endpoints, since others have given them one. */
export const withoutZoneGroups = (
  template: SubscriptionTemplate,
  endpointIds: readonly string[],
): SubscriptionTemplate =>
  eachInner(template, (resource) =>
    isZoneGroup(resource) && endpointIds.some((id) => isOf(resource, id)) ? undefined : resource,
  )

/** A template with these of its zone groups only, each as it is. */
export const withPresentZoneGroups = (
  template: SubscriptionTemplate,
  present: readonly PresentZoneGroup[],
): SubscriptionTemplate =>
  eachInner(template, (resource) => {
    if (!isZoneGroup(resource)) return resource
    const found = present.find(({ endpointId }) => isOf(resource, endpointId))
    return found && { ...resource, properties: writtenConfigs(found.properties) }
  })

/** A template with what becomes of each resource in its nested deployments; undefined leaves it out. */
const eachInner = (
  template: SubscriptionTemplate,
  become: (resource: JsonObject) => JsonObject | undefined,
): SubscriptionTemplate => ({
  ...template,
  resources: template.resources.map((resource) => {
    const { properties } = resource
    const inner = isJsonObject(properties) ? properties['template'] : undefined
    if (!isJsonObject(properties) || !isJsonObject(inner) || !Array.isArray(inner['resources']))
      return resource
    const resources = inner['resources'].flatMap((one) => (isJsonObject(one) ? (become(one) ?? []) : [one]))
    return { ...resource, properties: { ...properties, template: { ...inner, resources } } }
  }),
})

const isZoneGroup = ({ type }: JsonObject): boolean =>
  type === 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups'

const isOf = ({ name }: JsonObject, endpointId: string): boolean =>
  sameText(lastSegment(endpointId), String(name).split('/')[0] ?? '')
