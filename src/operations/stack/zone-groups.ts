import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { recordedZones, type ZoneGroup, zonesOfGroup } from '../../compose/zone-groups.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { lastSegment, sameText } from '../../resource-id.ts'

const endpointVersion = apiVersions['Microsoft.Network/privateEndpoints']
const groupVersion = apiVersions['Microsoft.Network/privateEndpoints/privateDnsZoneGroups']
const documentation =
  'https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/private-link-and-dns-integration-at-scale'

/** Reads what private endpoints have. */
export type Reader = Pick<Resources, 'list'>

const groupsIn = (endpointId: string): string => `${endpointId}/privateDnsZoneGroups`

const groupsOf = (endpointId: string, resources: Reader): Promise<readonly ListedResource[]> =>
  resources.list(groupsIn(endpointId), groupVersion)

const endpointsIn = (resourceGroupId: string): string =>
  `${resourceGroupId}/providers/Microsoft.Network/privateEndpoints`

/** A reader that has read already what the private endpoints of a resource group have: that does not wait for a template. */
export async function readAhead(resourceGroupId: string, resources: Reader): Promise<Reader> {
  const endpoints = await resources.list(endpointsIn(resourceGroupId), endpointVersion)
  const read = new Map(
    await Promise.all(
      endpoints.map(async ({ id }) => [groupsIn(id).toLowerCase(), await groupsOf(id, resources)] as const),
    ),
  )
  read.set(endpointsIn(resourceGroupId).toLowerCase(), endpoints)
  return {
    list: async (path, version) => read.get(path.toLowerCase()) ?? (await resources.list(path, version)),
  }
}

/** A zone group that is wanted, and those that its private endpoint has. */
export interface FoundGroups {
  readonly group: ZoneGroup
  readonly present: readonly ListedResource[]
}

/** Finds the zone groups of the private endpoints that are there already. */
export async function findGroups(
  wanted: readonly ZoneGroup[],
  resourceGroupId: string,
  resources: Reader,
): Promise<readonly FoundGroups[]> {
  if (wanted.length === 0) return []
  const endpoints = await resources.list(endpointsIn(resourceGroupId), endpointVersion)
  const existing = wanted.filter(({ endpointId }) => endpoints.some(({ id }) => sameText(id, endpointId)))
  return Promise.all(
    existing.map(async (group) => ({ group, present: await groupsOf(group.endpointId, resources) })),
  )
}

/** Private endpoints whose records somebody else's zone group writes. */
export interface GroupsOfOthers {
  /** Resource ids of the private endpoints. */
  readonly endpointIds: readonly string[]
  /** About each, a sentence. */
  readonly warnings: readonly string[]
}

/**
 * Finds private endpoints in a resource group that have a zone group of another name already, as a policy gives them
 * `deployedByPolicy`. An endpoint has one group, so ours would be refused; one that writes the same zones does as well.
 * @throws UserError when it does not write all of them
 */
export async function findGroupsOfOthers(
  wanted: readonly ZoneGroup[],
  resourceGroupId: string,
  resources: Reader,
): Promise<GroupsOfOthers> {
  const found = await findGroups(wanted, resourceGroupId, resources)
  const taken = found.filter(
    ({ group, present }) => present.length > 0 && !present.some(({ name }) => sameText(name, group.name)),
  )
  for (const { group, present: others } of taken) refuseOtherZones(group, others)
  return {
    endpointIds: taken.map(({ group }) => group.endpointId),
    warnings: taken.map(
      ({ group, present }) =>
        `Private endpoint '${lastSegment(group.endpointId)}' has the DNS zone group '${present[0]?.name}' of somebody else, which writes the same zones. It is kept, and no other is created.`,
    ),
  }
}

function refuseOtherZones({ endpointId, zones }: ZoneGroup, others: readonly ListedResource[]): void {
  const written = others.flatMap(({ properties }) => zonesOfGroup(properties))
  const missing = zones.filter((zone) => !written.some((other) => sameText(other, zone)))
  if (missing.length === 0) return
  const names = others.map(({ name }) => `'${name}'`).join(', ')
  throw new UserError({
    what: `Private endpoint '${lastSegment(endpointId)}' has the DNS zone group ${names}, which does not write ${missing.join(', ')}.`,
    why: 'A private endpoint has one zone group, and somebody else has given it one: most likely an Azure Policy of the platform team.',
    fix: `Add the missing zone to that policy, or, if the platform writes all records, set 'dns: { mode: policy }' in factory.yml.`,
    more: documentation,
  })
}

/** How the records of a policy are awaited. */
interface Waiting {
  readonly resources: Reader
  readonly session: {
    readonly progress: (line: string) => void
    readonly sleep: (milliseconds: number) => Promise<void>
  }
}

/** A policy acts some minutes after a resource was created: https://learn.microsoft.com/azure/governance/policy/concepts/effect-deploy-if-not-exists */
const longestWait = 15 * 60_000
const [firstPause, longestPause] = [1_000, 15_000]

/**
 * Waits until a policy has written the records of all private endpoints.
 * @throws UserError that names the zones without a record, when it does not
 */
export async function awaitRecords(
  wanted: readonly ZoneGroup[],
  { resources, session }: Waiting,
): Promise<void> {
  let waited = 0
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    const missing = await missingRecords(wanted, resources)
    if (missing.length === 0) return
    if (waited >= longestWait) throw noRecords(missing)
    const names = missing.map(({ endpointId }) => lastSegment(endpointId)).join(', ')
    session.progress(`Waiting for a policy to write the DNS records of ${names} (${waited / 1000} s)`)
    await session.sleep(pause)
    waited += pause
  }
}

/** The private endpoints that lack a record, each with the zones where it is missing. */
async function missingRecords(
  wanted: readonly ZoneGroup[],
  resources: Reader,
): Promise<readonly ZoneGroup[]> {
  const all = await Promise.all(
    wanted.map(async (group) => {
      const groups = await groupsOf(group.endpointId, resources)
      const written = groups.flatMap(({ properties }) => recordedZones(properties))
      return { ...group, zones: group.zones.filter((zone) => !written.some((one) => sameText(one, zone))) }
    }),
  )
  return all.filter(({ zones }) => zones.length > 0)
}

const noRecords = (missing: readonly ZoneGroup[]): UserError =>
  new UserError({
    what: `No policy has written these DNS records within ${longestWait / 60_000} minutes: ${missing.map(({ endpointId, zones }) => `'${lastSegment(endpointId)}' in ${zones.join(', ')}`).join('; ')}. Everything is deployed, but these names do not resolve to private addresses yet.`,
    why: "factory.yml has 'dns: { mode: policy }', so no zone group is created here: an Azure Policy (deployIfNotExists on Microsoft.Network/privateEndpoints) is expected to create one for each private endpoint.",
    fix: 'Ask the platform team whether such a policy is assigned to this subscription for each of these zones, and whether its identity may write there. Then run again: it waits for the records only.',
    more: documentation,
  })
