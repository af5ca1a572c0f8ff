import { desiredAccess } from '../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import type { DesiredAccess } from '../../access/model.ts'
import { type Arm, openArm } from '../../azure/arm.ts'
import { unlessForbidden } from '../../azure/failure.ts'
import type { ListedResource } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { AssignedSubnet, AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { type WrittenResource, writtenResources } from '../../compose/template-summary.ts'
import { withoutZoneGroups } from '../../compose/zone-groups.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import { lastSegment } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { type AccessServices, openAccessServices } from '../access/access-services.ts'
import { accessSource } from '../access/access-source.ts'
import { liveProject } from '../live-project.ts'
import { findProjectSubnets, type ProjectSubnets } from '../network/project-subnets.ts'
import { once } from '../once.ts'
import type { DescribedProject, ProjectTarget } from '../project.ts'
import { projectStack } from '../provision/project-stack.ts'
import { composeTemplate } from '../provision/template.ts'
import { findKeptGroups, type KeptGroups } from '../stack/kept-zone-groups.ts'
import { findGroupsOfOthers, type GroupsOfOthers } from '../stack/zone-groups.ts'
import { keepingZoneGroups } from '../stack/zoned-template.ts'
import { listStacks, stacksOf } from '../stacks.ts'
import { type DeliveringIdentity, findDeliveringIdentity } from './delivering-identity.ts'
import { type Existing, readExisting } from './existing.ts'
import { type PresentStack, readStack } from './present-stack.ts'
import { type Validation, validateWhole } from './validation.ts'

/** What is asked to be checked. */
export interface CheckOptions extends ProjectTarget {
  /** What the delivery may do. */
  readonly allowed: readonly Allowance[]
}

/** One resource that the delivery writes, as its template says. */
export type PlannedResource = WrittenResource

/** What all checks look at: a delivery that has not begun. */
export interface Situation {
  readonly target: DescribedProject
  readonly options: CheckOptions
  readonly session: Session
  readonly arm: Arm
  readonly services: AccessServices
  /** The groups and members that the delivery makes, and the roles of people. */
  readonly desired: DesiredAccess
  /** All role assignments that it makes, those of the project's identities too. */
  readonly assignments: DesiredAccess['assignments']
  readonly requests: readonly SubnetRequest[]
  readonly template: SubscriptionTemplate
  /** The private endpoints whose zone groups are somebody else's, and are not written; read once. */
  readonly groupsOfOthers: () => Promise<GroupsOfOthers>
  /** Zone groups of ours that stay although a policy is to write the records. */
  readonly keptGroups: KeptGroups
  /** What the template holds, the resource group first. */
  readonly resources: readonly PlannedResource[]
  /** What is in the project's resource group already; read once. */
  readonly existing: () => Promise<Existing>
  /** All deployment stacks of the subscription; listed once. */
  readonly stacks: () => Promise<readonly ListedResource[]>
  /** The project's deployment stack; read once. */
  readonly stack: () => Promise<PresentStack | undefined>
  /** The VNet, and what becomes of the project's subnets in it; read once. */
  readonly network: () => Promise<ProjectSubnets>
  /** What Azure says of all that is to be written; asked once. */
  readonly validation: () => Promise<Validation>
  /** Who delivers; found once. */
  readonly identity: () => Promise<DeliveringIdentity>
}

/** Opens the clients once for all checks, and composes what will be deployed. Subnets that are to come have their ids to come. */
export async function openSituation(
  session: Session,
  described: DescribedProject,
  options: CheckOptions,
): Promise<Situation> {
  const { factory } = described.project
  const [arm, services] = await Promise.all([openArm(session), openAccessServices(session, factory)])
  // Whoever may not read the registry reads so in the check of the common area.
  const target = await unlessForbidden(() => liveProject(session, described, services.resources), described)
  const requests = subnetRequests(target.project, target.names.project)
  const composed = composeTemplate(options, target, subnetsToCome(requests, target.ids.virtualNetwork))
  const source = accessSource(target)
  const desired = desiredAccess(source)
  const stackId = `${stacksOf(factory.subscriptionId)}/${target.names.project.deploymentStack}`
  const stack = once(() => readStack(arm, stackId))
  const { zoneGroups } = composed
  const keptGroups = await findKeptGroups(
    zoneGroups,
    projectStack(target),
    services.resources,
    async () => (await stack())?.resourceIds ?? [],
  )
  const { template } = keepingZoneGroups(composed, keptGroups.groups, factory.subscriptionId)
  const network = once(() => findProjectSubnets(session, target, { changing: false }))
  const groupsOfOthers = once(() =>
    findGroupsOfOthers(
      factory.dns.mode === 'policy' ? [] : zoneGroups,
      target.ids.resourceGroup,
      services.resources,
    ),
  )
  return {
    target,
    options,
    session,
    arm,
    services,
    desired,
    assignments: [...desired.assignments, ...desiredIdentityRoles(source).assignments],
    requests,
    template,
    keptGroups,
    resources: writtenResources({ ...template }, factory.subscriptionId),
    existing: once(() => readExisting(services.resources, target.ids.resourceGroup)),
    stacks: once(() => listStacks(factory.subscriptionId, services.resources)),
    stack,
    network,
    groupsOfOthers,
    validation: once(async () => {
      const left = await groupsOfOthers().catch(noneWhenRefused)
      const written = withoutZoneGroups(template, left.endpointIds)
      return validateWhole({ session, target, template: written, requests, network })
    }),
    identity: once(() => findDeliveringIdentity(session, factory)),
  }
}

/** Why they cannot be left out is a finding of its own. The template is validated as it is then. */
function noneWhenRefused(error: unknown): Pick<GroupsOfOthers, 'endpointIds'> {
  if (error instanceof UserError) return { endpointIds: [] }
  throw error
}

const subnetsToCome = (requests: readonly SubnetRequest[], networkId: string): AssignedSubnets =>
  Object.fromEntries(
    requests.map(({ key, delegation, ...request }): [string, AssignedSubnet] => {
      const id = request.kind === 'byo' ? request.id : `${networkId}/subnets/${request.name}`
      return [key, { id, name: lastSegment(id), addressPrefix: '', state: 'planned', delegation }]
    }),
  )
