import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * What Azure alone writes of a subnet or a network security group, at the top of its properties.
 * https://learn.microsoft.com/rest/api/virtualnetwork/subnets/get
 */
const byAzure = new Set([
  'privateEndpoints',
  'ipConfigurations',
  'ipConfigurationProfiles',
  'resourceNavigationLinks',
  'serviceAssociationLinks',
  'purpose',
  'defaultSecurityRules',
  'flowLogs',
  'networkInterfaces',
  'subnets',
  'resourceGuid',
])

/** The same anywhere inside, e.g. of a service endpoint, a delegation or a rule. */
const byAzureAnywhere = new Set(['provisioningState', 'etag', 'actions', 'allocatedAddressPrefixes'])

/** The properties of an answer as a PUT takes them: all but those that only Azure writes. */
export function writable(properties: JsonObject): JsonObject {
  const pools = properties['ipamPoolPrefixAllocations']
  // Azure refuses both the pool and the range that it chose: https://github.com/Azure/azure-cli/issues/31447
  const chosen = Array.isArray(pools) && pools.length > 0 ? ['addressPrefix', 'addressPrefixes'] : []
  const left = Object.entries(properties).filter(([key]) => !byAzure.has(key) && !chosen.includes(key))
  return withoutStates(Object.fromEntries(left))
}

const withoutStates = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => !byAzureAnywhere.has(key))
      .map(([key, value]) => [key, inside(value)]),
  )

function inside(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => inside(item) ?? null)
  return isJsonObject(value) ? withoutStates(value) : value
}
