import { capabilityHostsOf } from '../../compose/capability-hosts.ts'
import type { CreateStep } from '../../network/reserve.ts'
import type { PlannedResource, Situation } from './situation.ts'
import { subnetSteps, typeOfStep } from './subnets-to-come.ts'

/** What a delivery writes besides the template, as policies see it. */
export interface BesideTemplate {
  /** How ip-calc creates the subnets that are to come; undefined when that cannot be known. */
  readonly network: readonly CreateStep[] | undefined
  /** Is there a resource group already? Then there may be role assignments too, which are not written again. */
  readonly hasGroup: boolean
  /** Role assignments and capability hosts. */
  readonly later: readonly PlannedResource[]
}

/** Finds it. */
export async function besideTemplate(situation: Situation): Promise<BesideTemplate> {
  const [network, { hasGroup }] = await Promise.all([subnetSteps(situation), situation.existing()])
  return {
    network,
    hasGroup,
    later: [...roleAssignments(situation), ...capabilityHosts(situation)],
  }
}

/** A step as a resource. */
export const resourceOfStep = (step: CreateStep): PlannedResource => ({
  id: step.id,
  type: typeOfStep(step),
  name: step.name,
  body: step.body,
})

/** What a policy calls role assignments. */
export const roleAssignmentType = 'Microsoft.Authorization/roleAssignments'

/** Whom they are for does not exist yet: a policy that asks for the principal is not judged. */
const roleAssignments = ({ assignments, target }: Situation): readonly PlannedResource[] =>
  assignments
    .filter(({ plane }) => plane === 'azure')
    .map(({ scope, role, roleDefinitionId, principal }) => ({
      id: `${scope}/providers/${roleAssignmentType}/${roleDefinitionId}`,
      type: roleAssignmentType,
      name: role,
      body: {
        properties: {
          roleDefinitionId: `/subscriptions/${target.project.factory.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
          principalType: 'group' in principal ? 'Group' : 'ServicePrincipal',
        },
      },
    }))

const capabilityHosts = ({ target: { project, names } }: Situation): readonly PlannedResource[] =>
  capabilityHostsOf(project, names).flatMap(({ type, parent, name, wanted }) =>
    wanted === undefined || wanted.byAzure
      ? []
      : [{ id: `${parent}/capabilityHosts/${name}`, type, name, body: { properties: wanted.properties } }],
  )
