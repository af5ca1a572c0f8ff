import { z } from 'zod'
import type { Resources } from '../../azure/resources.ts'
import { partsOf } from '../../catalog/contents.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, isResourceKey } from '../../catalog/index.ts'
import { contentsOf } from '../../compose/project-context.ts'
import type { JsonObject } from '../../json.ts'
import { type Change, hasChanges, type Plan } from '../../plan/model.ts'
import { isWithin, lastSegment } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** A connection that waits until somebody approves it on a resource of the project. */
interface PendingConnection {
  readonly id: string
  readonly type: ArmType
  /** Resource id of the private endpoint that it comes from; empty when Azure does not say. */
  readonly endpoint: string
  /** Is the private endpoint in the project's own resource group? Only the project can have created it there. */
  readonly isOurs: boolean
}

/** The pending connections of a project, before anything is written, and those that turn up while it is applied. */
export interface Approvals {
  readonly pending: readonly PendingConnection[]
  /** Those of the project that were approved and had not been pending before. */
  readonly added: PendingConnection[]
  readonly read: () => Promise<readonly PendingConnection[]>
}

const connectionSchema = z.object({
  privateEndpoint: z.object({ id: z.string().default('') }).nullish(),
  privateLinkServiceConnectionState: z.object({ status: z.string().default('') }),
})

/** Reads which connections are pending on the resources that private endpoints of the project lead to. */
export async function planApprovals(target: ProjectInEnvironment, resources: Resources): Promise<Approvals> {
  const read = async (): Promise<readonly PendingConnection[]> => {
    const found = await Promise.all(
      targetsOf(target).map(async ({ id, type }) => {
        const listed = await resources.list(`${id}/privateEndpointConnections`, apiVersions[type])
        return listed.flatMap((connection) => pendingOf(connection, type, target) ?? [])
      }),
    )
    return found.flat()
  }
  return { pending: await read(), added: [], read }
}

/** What the project itself has; the shared registry is not its to approve on. */
function targetsOf({ project, ids }: ProjectInEnvironment) {
  const keys = partsOf(contentsOf(project)).flatMap(({ privateEndpoints }) =>
    privateEndpoints.map(({ resource }) => resource),
  )
  return [...new Set(keys)]
    .filter(isResourceKey)
    .filter((key) => isWithin(ids[key], ids.resourceGroup))
    .map((key) => ({ id: ids[key], type: catalogue.resources[key].type }))
}

function pendingOf(
  { id, properties }: { readonly id: string; readonly properties: JsonObject },
  type: ArmType,
  { ids }: ProjectInEnvironment,
): PendingConnection | undefined {
  const { success, data } = connectionSchema.safeParse(properties)
  if (!success || data.privateLinkServiceConnectionState.status !== 'Pending') return undefined
  const endpoint = data.privateEndpoint?.id ?? ''
  return { id, type, endpoint, isOurs: isWithin(endpoint, ids.resourceGroup) }
}

/** The project's connections that are approved, as rows of the plan. */
export const approvalChanges = ({ pending, added }: Approvals): readonly Change[] =>
  [...pending.filter(({ isOurs }) => isOurs), ...added].map(({ id, endpoint }) => ({
    change: 'modify',
    kind: 'private endpoint connection',
    name: lastSegment(endpoint),
    scope: id,
    properties: [{ path: 'status', before: 'Pending', after: 'Approved' }],
  }))

/** Others are theirs to decide who have asked and who answer for the data: they are named, and left pending. */
export const approvalWarnings = ({ pending }: Approvals): readonly string[] =>
  pending
    .filter(({ isOurs }) => !isOurs)
    .map(
      ({ id, endpoint }) =>
        `A private endpoint outside of the project waits for approval on '${lastSegment(targetOf(id))}': ${endpoint === '' ? 'Azure does not say which' : endpoint}. It is left pending. Approve it in the portal, under Networking, if you know whose it is.`,
    )

const targetOf = (connection: string): string => connection.split(/\/privateEndpointConnections\//i)[0] ?? ''

/** What is read and planned of them. */
interface ConnectionsToApprove {
  readonly approvals: Approvals
  readonly stackPlan: { readonly plan: Plan }
  readonly services: { readonly resources: Resources }
}

/**
 * Approves what is pending between the project's own endpoints and resources. Azure usually approves them by itself, as
 * they are created by an identity that may; what it leaves pending is known only when they are there.
 * https://learn.microsoft.com/azure/private-link/manage-private-endpoint
 */
export function approveConnections({
  approvals,
  stackPlan,
  services: { resources },
}: ConnectionsToApprove): readonly Step[] {
  const known = new Set(approvals.pending.map(({ id }) => id))
  if (!hasChanges(stackPlan.plan) && !approvals.pending.some(({ isOurs }) => isOurs)) return []
  const approve = async (): Promise<void> => {
    for (const connection of (await approvals.read()).filter(({ isOurs }) => isOurs)) {
      await resources.update(connection.id, apiVersions[connection.type], approved)
      if (!known.has(connection.id)) approvals.added.push(connection)
    }
  }
  return [{ name: 'Approve pending private endpoint connections', apply: approve }]
}

const approved = ({ provisioningState: _state, ...properties }: JsonObject): JsonObject => ({
  ...properties,
  privateLinkServiceConnectionState: { status: 'Approved', description: 'Approved by the AI factory' },
})
