import { openResources } from '../../azure/resources.ts'
import { openRoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import { openSubscriptionUsage } from '../../azure/subscription-usage.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { namedEntries } from '../../lake/acl.ts'
import { fromControlItems } from '../../lake/control-items.ts'
import { projectOfSubnet } from '../../naming/names.ts'
import type { Used } from '../../network/capacity/forecast.ts'
import type { CountedLimitKey } from '../../network/capacity/limits.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { openLake } from '../lake/open-lake.ts'
import type { FactoryInEnvironment } from '../project.ts'

/** How much is used of every limit. */
export type Measures = Readonly<Record<CountedLimitKey, Used>>

/** Counts how much of every limit is used. What cannot be read is unknown, with the reason, and does not fail the run. */
export const measure = (
  session: Session,
  { factory, projects, typicalProject }: FactoryInEnvironment,
  network: ActualNetwork,
): Promise<Measures> =>
  measureLimits(session, factory.subscriptionId, network, {
    numbers: projects.map(({ number }) => number),
    lakeEntries: () =>
      attempt(async () => {
        const resources = await openResources(session)
        const lake = await openLake(session, resources, { factory, ids: typicalProject('all').ids })
        const root = await lake.readAccess('')
        return root === undefined ? 0 : namedEntries(fromControlItems(root.entries).access).length
      }),
  })

/** What only the caller knows. */
interface Known {
  /** Numbers of projects that are taken, whether they have subnets yet or not. */
  readonly numbers: readonly string[]
  /** The entries at the root of the data lake. */
  readonly lakeEntries: () => Promise<Used>
}

/** The same, for whoever counts projects and the lake otherwise. */
export async function measureLimits(
  session: Session,
  subscriptionId: string,
  network: ActualNetwork,
  { numbers, lakeEntries }: Known,
): Promise<Measures> {
  const [usage, assignments] = await Promise.all([
    openSubscriptionUsage(session, subscriptionId),
    openRoleAssignments(session, subscriptionId),
  ])
  const [roleAssignments, deploymentStacks, resourceGroups, entries] = await Promise.all([
    attempt(async () => (await assignments.listWithin(`/subscriptions/${subscriptionId}`)).length),
    attempt(usage.deploymentStacks),
    attempt(usage.resourceGroups),
    lakeEntries(),
  ])
  const taken = [...numbers, ...network.subnets.flatMap(({ name }) => projectOfSubnet(name) ?? [])]
  return {
    roleAssignments,
    deploymentStacks,
    resourceGroups,
    lakeEntries: entries,
    privateEndpoints: privateEndpointsIn(network),
    subnets: known(network.subnets.length),
    projectNumbers: known(new Set(taken).size),
  }
}

/** A count. */
export const known = (used: number): Used => ({ kind: 'known', used })

/** What cannot be counted is unknown, with the reason. */
export async function attempt(count: () => Promise<number>): Promise<Used> {
  try {
    return known(await count())
  } catch (error) {
    if (error instanceof UserError) return { kind: 'unknown', reason: error.parts.what }
    throw error
  }
}

/** How many private endpoints a VNet holds. */
export function privateEndpointsIn({ subnets }: ActualNetwork): Used {
  if (subnets.some(({ occupants }) => occupants === undefined)) {
    return { kind: 'unknown', reason: 'The contents of the subnets are not known.' }
  }
  const endpoints = subnets.flatMap(({ occupants = [] }) =>
    occupants.flatMap(({ kind, id }) => (kind === 'private endpoint' ? [id.toLowerCase()] : [])),
  )
  return known(new Set(endpoints).size)
}
