import { endpointConnectionIn } from '../../azure/endpoint-connections.ts'
import type { Resources } from '../../azure/resources.ts'
import { partsOf } from '../../catalog/contents.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, isResourceKey } from '../../catalog/index.ts'
import { contentsOf } from '../../compose/project-context.ts'
import type { JsonObject } from '../../json.ts'
import { type Change, hasChanges, type Plan } from '../../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** A connection that waits until somebody approves it on a resource of the project. */
interface PendingConnection {
  readonly id: string
  readonly type: ArmType
  /** Resource id of the private endpoint that it comes from; empty when Azure does not say. */
  readonly endpoint: string
  /** Is the private endpoint one of the template? Whoever may write in the resource group can create others there. */
  readonly isOurs: boolean
}

/** The pending connections of a project, before anything is written, and those that turn up while it is applied. */
export interface Approvals {
  readonly pending: readonly PendingConnection[]
  /** Those of the project that were approved and had not been pending before: of endpoints that the run has deployed. */
  readonly added: PendingConnection[]
  /** Those that turned up meanwhile, and that no row of the plan was about. */
  readonly left: PendingConnection[]
  readonly read: () => Promise<readonly PendingConnection[]>
}

/**
 * Reads which connections are pending on the resources that private endpoints of the project lead to.
 * @param own ids of what the project's template has
 */
export async function planApprovals(
  target: ProjectInEnvironment,
  own: readonly string[],
  resources: Resources,
): Promise<Approvals> {
  const read = async (): Promise<readonly PendingConnection[]> => {
    const found = await Promise.all(
      targetsOf(target).map(async ({ id, type }) => {
        const listed = await resources.list(`${id}/privateEndpointConnections`, apiVersions[type])
        return listed.flatMap((connection) => pendingOf(connection, type, own) ?? [])
      }),
    )
    return found.flat()
  }
  return { pending: await read(), added: [], left: [], read }
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
  own: readonly string[],
): PendingConnection | undefined {
  const { endpoint, status } = endpointConnectionIn(properties) ?? {}
  if (endpoint === undefined || status !== 'Pending') return undefined
  return { id, type, endpoint, isOurs: own.some((id) => sameText(id, endpoint)) }
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
export const approvalWarnings = ({ pending, left }: Approvals): readonly string[] => [
  ...pending
    .filter(({ isOurs }) => !isOurs)
    .map((connection) =>
      leftPending(
        "A private endpoint that is not one of the project's template waits",
        connection,
        'Approve it in the portal, under Networking, if you know whose it is.',
      ),
    ),
  ...left.map((connection) =>
    leftPending(
      'Since the plan was made, a private endpoint has begun to wait',
      connection,
      'The next plan has it.',
    ),
  ),
]

const leftPending = (who: string, { id, endpoint }: PendingConnection, then: string): string =>
  `${who} for approval on '${lastSegment(targetOf(id))}': ${endpoint === '' ? 'Azure does not say which' : endpoint}. It is left pending. ${then}`

const targetOf = (connection: string): string => connection.split(/\/privateEndpointConnections\//i)[0] ?? ''

/** What is read and planned of them. */
interface ConnectionsToApprove {
  readonly approvals: Approvals
  readonly stackPlan: { readonly plan: Plan }
  readonly services: { readonly resources: Resources }
}

/**
 * Approves what is pending between endpoints of the template and the project's resources, and was in the plan: as such, or
 * as an endpoint to deploy. Azure usually approves those by itself, as they are created by an identity that may; what it
 * leaves pending is known only when they are there. https://learn.microsoft.com/azure/private-link/manage-private-endpoint
 */
export function approveConnections({
  approvals,
  stackPlan: { plan },
  services: { resources },
}: ConnectionsToApprove): readonly Step[] {
  const known = new Set(approvals.pending.map(({ id }) => id))
  if (!hasChanges(plan) && !approvals.pending.some(({ isOurs }) => isOurs)) return []
  const approve = async (): Promise<void> => {
    for (const connection of await approvals.read()) {
      const wasPending = known.has(connection.id)
      if (connection.isOurs && (wasPending || isDeployed(connection, plan))) {
        await resources.update(connection.id, apiVersions[connection.type], approved)
        if (!wasPending) approvals.added.push(connection)
      } else if (!wasPending) approvals.left.push(connection)
    }
  }
  return [{ name: 'Approve pending private endpoint connections', apply: approve }]
}

const isDeployed = ({ endpoint }: PendingConnection, { changes }: Plan): boolean =>
  changes.some(({ change, scope = '' }) => ['create', 'modify'].includes(change) && sameText(scope, endpoint))

const approved = ({ provisioningState: _state, ...properties }: JsonObject): JsonObject => ({
  ...properties,
  privateLinkServiceConnectionState: { status: 'Approved', description: 'Approved by the AI factory' },
})
