import { openResources } from '../../src/azure/resources.ts'
import { openRoleAssignments } from '../../src/azure/role-assignments.ts'
import type { Session } from '../../src/azure/session.ts'
import { openSubscriptionUsage } from '../../src/azure/subscription-usage.ts'
import { namedEntries } from '../../src/lake/acl.ts'
import { fromControlItems } from '../../src/lake/control-items.ts'
import { projectOfSubnet } from '../../src/naming/names.ts'
import type { Used } from '../../src/network/capacity/forecast.ts'
import type { CountedWallKey } from '../../src/network/capacity/walls.ts'
import type { ActualNetwork } from '../../src/network/network.ts'
import { openLake } from '../../src/runtime/lake.ts'
import type { FactoryInEnvironment } from '../../src/runtime/project.ts'
import { UserError } from '../../src/user-error.ts'

type Measures = Readonly<Record<CountedWallKey, Used>>

/** Counts what is used at every wall. What cannot be read is not known, and says why; it fails nothing. */
export async function measure(
  session: Session,
  { factory, projects, typicalProject }: FactoryInEnvironment,
  network: ActualNetwork,
): Promise<Measures> {
  const { subscriptionId } = factory
  const [usage, assignments, resources] = await Promise.all([
    openSubscriptionUsage(session, subscriptionId),
    openRoleAssignments(session, subscriptionId),
    openResources(session),
  ])
  const [roleAssignments, deploymentStacks, resourceGroups, lakeEntries] = await Promise.all([
    attempt(async () => (await assignments.listWithin(`/subscriptions/${subscriptionId}`)).length),
    attempt(usage.deploymentStacks),
    attempt(usage.resourceGroups),
    attempt(async () => {
      const lake = await openLake(session, resources, typicalProject('all'))
      const root = await lake.readAccess('')
      return root === undefined ? 0 : namedEntries(fromControlItems(root.entries).access).length
    }),
  ])
  const numbers = [
    ...projects.map(({ number }) => number),
    ...network.subnets.flatMap(({ name }) => projectOfSubnet(name) ?? []),
  ]
  return {
    roleAssignments,
    deploymentStacks,
    resourceGroups,
    lakeEntries,
    privateEndpoints: privateEndpointsIn(network),
    subnets: known(network.subnets.length),
    projectNumbers: known(new Set(numbers).size),
  }
}

const known = (used: number): Used => ({ kind: 'known', used })

async function attempt(count: () => Promise<number>): Promise<Used> {
  try {
    return known(await count())
  } catch (error) {
    if (error instanceof UserError) return { kind: 'unknown', reason: error.parts.what }
    throw error
  }
}

function privateEndpointsIn({ subnets }: ActualNetwork): Used {
  if (subnets.some(({ occupants }) => occupants === undefined)) {
    return { kind: 'unknown', reason: 'Nobody said what is in the subnets.' }
  }
  const endpoints = subnets.flatMap(({ occupants = [] }) =>
    occupants.flatMap(({ kind, id }) => (kind === 'private endpoint' ? [id.toLowerCase()] : [])),
  )
  return known(new Set(endpoints).size)
}
