import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CapabilityHost } from '../../catalog/types.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { JsonObject } from '../../json.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'

/** What is to happen to one capability host. */
type Decision =
  | { readonly is: 'kept'; readonly host: CapabilityHost; readonly existing: ListedResource }
  | { readonly is: 'created'; readonly host: CapabilityHost; readonly failed?: ListedResource }
  | { readonly is: 'refused'; readonly host: CapabilityHost; readonly refusal: UserError }

/** The capability hosts of a delivery: what is to happen to each, in the order in which they are created. */
export type HostPlan = readonly Decision[]

const collectionOf = ({ parent }: CapabilityHost): string => `${parent}/capabilityHosts`
const idOf = (host: CapabilityHost): string => `${collectionOf(host)}/${host.name}`

/** Compares the capability hosts that are wanted with those that are there. Changes nothing. */
export async function planCapabilityHosts(
  hosts: readonly CapabilityHost[],
  resources: Resources,
): Promise<HostPlan> {
  const decisions = await Promise.all(
    hosts.map(async (host) => {
      const [existing] = await resources.list(collectionOf(host), apiVersions[host.type])
      return decide(host, existing)
    }),
  )
  return decisions.flatMap((decision) => decision ?? [])
}

function decide(host: CapabilityHost, existing: ListedResource | undefined): Decision | undefined {
  const { wanted } = host
  // Azure may make a host without connections by itself, and keep the data all the same.
  if (wanted === undefined) {
    return existing === undefined || connectionsOf(existing.properties).length === 0
      ? undefined
      : { is: 'refused', host, refusal: cannotChange(host, existing) }
  }
  if (existing === undefined) return { is: 'created', host }
  if (sameText(String(existing.properties['provisioningState']), 'Failed'))
    return { is: 'created', host, failed: existing }
  const same = wanted.byAzure || isSame(existing.properties, wanted.properties)
  return same
    ? { is: 'kept', host, existing }
    : { is: 'refused', host, refusal: cannotChange(host, existing) }
}

const kinds = ['threadStorageConnections', 'vectorStoreConnections', 'storageConnections'] as const

const connectionsOf = (properties: JsonObject): readonly string[] =>
  kinds.flatMap((kind) => {
    const names = properties[kind]
    return Array.isArray(names) ? names.map((name) => `${kind} ${String(name)}`.toLowerCase()) : []
  })

const isSame = (one: JsonObject, other: JsonObject): boolean =>
  connectionsOf(one).join() === connectionsOf(other).join()

const cannotChange = (host: CapabilityHost, { name, properties }: ListedResource): UserError =>
  new UserError({
    what: `The capability host '${name}' of '${lastSegment(host.parent)}' keeps the data of agents elsewhere than the manifest says (${connectionsOf(properties).join(', ') || 'no connections'}).`,
    why: 'Azure changes nothing of a capability host, and moves no data: it would have to be deleted and created again, and the agents with their threads would not be found any more. That never happens by itself.',
    fix: `Let the manifest say what is there. If the agents may be lost, delete ${host.parent}/capabilityHosts/${name} by hand, and run again.`,
    more: 'https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts',
  })

/** The capability hosts as rows of the plan. */
export const hostChanges = (plan: HostPlan): readonly Change[] =>
  plan.map((decision): Change => {
    const { host } = decision
    const isKept = decision.is === 'kept'
    const scope = isKept ? `${collectionOf(host)}/${decision.existing.name}` : idOf(host)
    const path = scope.split('/providers/').at(-1)?.split('/') ?? []
    return {
      change: decision.is === 'created' ? 'create' : 'keep',
      kind: host.type,
      name: path.filter((_, index) => index > 0 && index % 2 === 0).join('/'),
      scope,
      ...reasonOf(decision),
    }
  })

function reasonOf(decision: Decision): Pick<Change, 'reason'> {
  if (decision.is === 'refused') return { reason: 'It cannot be changed to what the manifest says.' }
  if (decision.is === 'kept') return {}
  if (decision.failed !== undefined)
    return { reason: `'${decision.failed.name}', whose creation failed, is deleted first.` }
  return decision.host.wanted?.byAzure === true
    ? { reason: 'Azure makes it together with its account; where it has not, it is created here.' }
    : {}
}

/** Why hosts are not as they should be and must not be touched. */
export const hostRefusals = (plan: HostPlan): readonly UserError[] =>
  plan.flatMap((decision) => (decision.is === 'refused' ? [decision.refusal] : []))

/** What people should know before agents get data of their own. */
export const hostWarnings = (plan: HostPlan, hasProject: (id: string) => boolean): readonly string[] =>
  plan.flatMap((decision) => {
    if (decision.is === 'refused') return [`${decision.refusal.parts.what} Mode apply refuses that.`]
    if (decision.is === 'kept' || decision.failed !== undefined) return []
    const { wanted, parent } = decision.host
    if (wanted?.byAzure !== false || !hasProject(parent)) return []
    return [
      `Agents of '${lastSegment(parent)}' keep their data in the project's own services from now on. Agents, threads and files that Azure kept until now are not moved, and it cannot be changed back.`,
    ]
  })

/** What is read and planned of them. */
interface HostsToCreate {
  readonly hosts: HostPlan
  readonly services: { readonly resources: Resources }
}

/**
 * Creates the capability hosts that are missing, each after the one before: all roles are assigned and all connections are
 * there. One that has appeared since the plan, as Azure makes that of the account, is left alone.
 */
export const createCapabilityHosts = ({ hosts, services: { resources } }: HostsToCreate): readonly Step[] =>
  hosts.flatMap((decision): readonly Step[] => {
    if (decision.is !== 'created') return []
    const { host, failed } = decision
    const properties = host.wanted?.properties ?? {}
    const version = apiVersions[host.type]
    const create = async (): Promise<void> => {
      if (failed !== undefined) await resources.remove(`${collectionOf(host)}/${failed.name}`, version)
      const there = await resources.list(collectionOf(host), version)
      if (host.wanted?.byAzure === true && there.length > 0) return
      await resources.put(idOf(host), version, { properties })
    }
    return [{ name: `Create capability host of ${lastSegment(host.parent)}`, apply: create }]
  })
