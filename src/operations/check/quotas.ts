import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import { type MachineSize, openRegionOffers, type RegionOffers, type Usage } from '../../azure/usages.ts'
import { numberIn, textIn } from '../../compose/json-reading.ts'
import { sameText } from '../../resource-id.ts'
import { type Finding, notListed } from './finding.ts'
import { placeOf } from './service-of.ts'
import type { PlannedResource, Situation } from './situation.ts'

/** So many more of something that a region limits. */
export interface Demand {
  readonly type: string
  /** What the limit is called. */
  readonly usage: string
  readonly count: number
  /** In words, the plural. */
  readonly noun: string
}

interface Counted {
  readonly type: string
  readonly provider: string
  readonly apiVersion: string
  readonly noun: string
  /** What the limit of one resource is called. */
  readonly usageOf: (resource: PlannedResource) => string
}

/** Types of which a subscription may have so many in a region. */
const counted: readonly Counted[] = [
  {
    // https://learn.microsoft.com/rest/api/searchmanagement/usages/list-by-subscription
    type: 'Microsoft.Search/searchServices',
    provider: 'Microsoft.Search',
    apiVersion: '2025-05-01',
    noun: 'search services',
    usageOf: ({ body }) => textIn(body, 'sku', 'name').replace('storage_optimized_', 'storageOptimized'),
  },
  {
    // https://learn.microsoft.com/rest/api/storagerp/usages/list-by-location
    type: 'Microsoft.Storage/storageAccounts',
    provider: 'Microsoft.Storage',
    apiVersion: '2025-06-01',
    noun: 'storage accounts',
    usageOf: () => 'StorageAccounts',
  },
]

/** Has the subscription quota left in the region for what the delivery creates? */
export async function checkQuotas(situation: Situation): Promise<readonly Finding[]> {
  const { session, resources, target, existing } = situation
  const { subscriptionId, location } = target.project.factory
  const [{ has }, offers] = await Promise.all([
    existing(),
    openRegionOffers(session, subscriptionId, location),
  ])
  const created = resources.filter(({ id }) => !has(id))
  const [counts, machines] = await Promise.all([
    countFindings(created, offers, location),
    machineFindings(situation, created, offers),
  ])
  const findings = [...counts, ...machines]
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `The quotas of ${location} for search services, storage accounts and cores of Machine Learning suffice for what is created. Others were not asked.`,
    },
  ]
}

/** Is there too little left of what a region counts? @param created what is not there yet */
export async function countFindings(
  created: readonly PlannedResource[],
  offers: Pick<RegionOffers, 'usages'>,
  location: string,
): Promise<readonly Finding[]> {
  const all = await Promise.all(
    counted.map(async ({ type, provider, apiVersion, noun, usageOf }) => {
      const own = created.filter((resource) => resource.type === type)
      if (own.length === 0) return []
      const usages = await offers.usages(provider, apiVersion)
      const demands = [...Map.groupBy(own, usageOf)].map(
        ([usage, { length }]): Demand => ({ type, usage, count: length, noun }),
      )
      return demands.flatMap((demand) => demandFinding(demand, usages, location) ?? [])
    }),
  )
  return all.flat()
}

/** Is there too little left? Pure. */
function demandFinding(
  { usage, count, noun }: Demand,
  usages: readonly Usage[],
  location: string,
): Finding | undefined {
  const found = usages.find(({ name }) => sameText(name, usage))
  if (found === undefined) return notListed(usage, location, `${count} more ${noun}`)
  if (found.used + count <= found.limit) return undefined
  return {
    severity: 'fault',
    what: `${count} more ${noun} (${usage}) do not fit ${location}: ${Math.max(0, found.limit - found.used)} of ${found.limit} are left.`,
    why: 'The quota counts for all of the subscription in this region.',
    fix: 'Request more quota in the portal under Quotas, delete what nobody uses, or choose another SKU.',
  }
}

const computes = 'Microsoft.MachineLearningServices/workspaces/computes'

/** Machines of Machine Learning: the size has to exist in the region, with enough cores of its family. */
async function machineFindings(
  situation: Situation,
  created: readonly PlannedResource[],
  offers: RegionOffers,
): Promise<readonly Finding[]> {
  const asked = created.filter(({ type }) => type === computes)
  if (asked.length === 0) return []
  const [sizes, usages, present] = await Promise.all([
    offers.machineSizes(),
    offers.usages('Microsoft.MachineLearningServices', '2025-12-01'),
    readComputes(situation),
  ])
  // What runs counts as used already.
  const wanted = asked.filter(({ id }) => !present.has(id.toLowerCase()))
  const { location } = situation.target.project.factory
  const where = placeOf(situation, computes)
  return wanted.flatMap(({ name, body }) => {
    const nodes = Math.max(1, numberIn(body, 'properties', 'properties', 'scaleSettings', 'maxNodeCount'))
    const machine = { name, nodes, size: textIn(body, 'properties', 'properties', 'vmSize') }
    const finding = machineFinding(machine, { sizes, usages, location })
    return finding === undefined ? [] : [{ where, ...finding }]
  })
}

/** The ids of the computes that exist, in small letters: they are inside their workspace, and no resources of the group. */
async function readComputes({ arm, resources, existing }: Situation): Promise<ReadonlySet<string>> {
  const { has } = await existing()
  const workspace = resources.find(
    ({ type, id }) => type === 'Microsoft.MachineLearningServices/workspaces' && has(id),
  )
  if (workspace === undefined) return new Set()
  const found = await explaining('Listing the computes of the workspace', () =>
    arm.list({ path: `${workspace.id}/computes`, apiVersion: '2025-12-01' }, z.object({ id: z.string() })),
  )
  return new Set(found.map(({ id }) => id.toLowerCase()))
}

interface Machine {
  readonly name: string
  readonly size: string
  /** As many as there may be at once. */
  readonly nodes: number
}

/** What stands against a machine, or a cluster of them. A cluster with too little quota exists, and grows only so far. Pure. */
function machineFinding(
  { name, size, nodes }: Machine,
  offer: {
    readonly sizes: readonly MachineSize[]
    readonly usages: readonly Usage[]
    readonly location: string
  },
): Finding | undefined {
  const found = offer.sizes.find((one) => sameText(one.name, size))
  if (found === undefined) {
    return {
      severity: 'fault',
      what: `${offer.location} does not offer the size ${size} of compute '${name}'.`,
      fix: `Choose a size that it has: az ml compute list-sizes --location ${offer.location}`,
    }
  }
  const usage = offer.usages.find((one) => sameText(one.name, found.family))
  if (usage === undefined) return notListed(found.family, offer.location, `compute '${name}'`)
  const left = usage.limit - usage.used
  if (left >= found.cores * nodes) return undefined
  const what = `Compute '${name}' may take ${found.cores * nodes} cores of ${found.family} in ${offer.location}, and ${Math.max(0, left)} of ${usage.limit} are left.`
  const fix = 'Request more quota, or choose another size or fewer nodes.'
  if (left < found.cores) return { severity: 'fault', what, why: 'Not one machine fits.', fix }
  return { severity: 'warning', what: `${what} It grows only as far as the quota lets it.`, fix }
}
