import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, record } from '../json.ts'
import type { ResourceRules, Write } from '../rules.ts'
import { withConnections } from './storage.ts'

/** Microsoft.Search: search services. */
export const searchRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.Search/searchServices',
    location: 'required',
    required: ['sku.name'],
    fixed: ['properties.hostingMode'],
    check: checkService,
    complete: ({ properties }) => ({
      replicaCount: 1,
      partitionCount: 1,
      hostingMode: 'default',
      publicNetworkAccess: 'Enabled',
      ...properties,
      status: 'running',
      statusDetails: '',
    }),
    render: withConnections,
  },
]

/** The most replicas and partitions of a tier. https://learn.microsoft.com/azure/search/search-limits-quotas-capacity */
const limits: Readonly<Record<string, readonly [replicas: number, partitions: number]>> = {
  free: [1, 1],
  basic: [3, 3],
}
const largest = [12, 12] as const
const searchUnits = 36
/** Tiers between which a service can be moved. https://learn.microsoft.com/azure/search/search-capacity-planning#change-your-pricing-tier */
const movable = /^(basic|standard|standard2|standard3)$/i

function checkService(write: Write): void {
  const { body, existing, properties } = write
  const sku = String(at(body, 'sku.name') ?? at(existing, 'sku.name'))
  const before = String(at(existing, 'sku.name') ?? sku)
  if (!sameId(sku, before) && !(movable.test(sku) && movable.test(before)))
    throw refuse(`Updating the SKU from '${before}' to '${sku}' is not allowed.`)
  const replicas = Number(properties['replicaCount'] ?? 1)
  const partitions = Number(properties['partitionCount'] ?? 1)
  const [mostReplicas, mostPartitions] = limits[sku.toLowerCase()] ?? largest
  if (replicas < 1 || replicas > mostReplicas)
    throw refuse(`A service of SKU '${sku}' has 1 to ${mostReplicas} replicas, not ${replicas}.`)
  if (![1, 2, 3, 4, 6, 12].includes(partitions) || partitions > mostPartitions)
    throw refuse(
      `A service of SKU '${sku}' has 1, 2, 3, 4, 6 or 12 partitions, at most ${mostPartitions}, not ${partitions}.`,
    )
  if (replicas * partitions > searchUnits)
    throw refuse(`Replicas times partitions are at most ${searchUnits}, not ${replicas * partitions}.`)
  checkAccess(properties, sku)
}

function checkAccess(properties: Write['properties'], sku: string): void {
  const options = record(properties['authOptions'])
  if (properties['disableLocalAuth'] === true && Object.keys(options).length > 0)
    throw refuse("'authOptions' cannot be set when 'disableLocalAuth' is true.")
  if (String(properties['publicNetworkAccess']).toLowerCase() === 'disabled' && sku.toLowerCase() === 'free')
    throw refuse(
      "Public network access of a service of SKU 'free' cannot be disabled: it has no private endpoints.",
    )
}

const refuse = (message: string) => badRequest('InvalidRequest', message)
