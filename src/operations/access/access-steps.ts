import type { AccessOperation, ActualAccess, ActualGroup, GroupKey } from '../../access/model.ts'
import { principalIdOf } from '../../access/principal-id.ts'
import { sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import type { AccessServices } from './access-services.ts'
import {
  assign,
  assignmentRights,
  assignStepName,
  conditionStepName,
  setCondition,
  unassign,
  unassignStepName,
} from './assignment-steps.ts'
import { eligibilityRights, eligibleStepName, ineligibleStepName, makeEligible } from './eligible-steps.ts'
import { stagedSteps, stageOf } from './stages.ts'

/** What exists while the steps are applied, which create groups. */
interface State {
  readonly groups: Map<GroupKey, ActualGroup>
  /** Object ids of those who have been invited, by address in lower case. */
  readonly guests: Map<string, string>
  readonly identities: ActualAccess['identities']
  /** Everyone whom the groups name. */
  readonly members: ActualAccess['members']
}

/**
 * The operations of a difference as steps, in their order.
 * @param managedScopes where most of the roles are assigned
 */
export function accessSteps(
  operations: readonly AccessOperation[],
  managedScopes: readonly string[],
  existing: Omit<State, 'guests'>,
  services: AccessServices,
): readonly Step[] {
  const state: State = { ...existing, guests: new Map() }
  const removals = Map.groupBy(operations.filter(isRemoval), ({ group, before }) => `${group} ${before}`)
  const stepsOf = (operation: AccessOperation): readonly Step[] => {
    if (operation.kind === 'remove-member') {
      const together = removals.get(`${operation.group} ${operation.before}`) ?? []
      return together[0] === operation ? [removalStep(together, operation, state, services)] : []
    }
    return [
      {
        name: nameOf(operation),
        ...stageOf(operation),
        needs: [...assignmentRights(operation), ...eligibilityRights(operation)],
        apply: () => apply(operation, state, services),
      },
    ]
  }
  return stagedSteps(operations, stepsOf, async () => {
    await Promise.all([services.roleAssignments.confirm(managedScopes), services.eligible.confirm()])
  })
}

type Removal = Extract<AccessOperation, { kind: 'remove-member' }>

const isRemoval = (operation: AccessOperation): operation is Removal => operation.kind === 'remove-member'

/** Those who leave a group go together. */
function removalStep(
  together: readonly Removal[],
  first: Removal,
  state: State,
  { directory }: AccessServices,
): Step {
  const who = together.length === 1 ? `member ${first.display}` : `${together.length} members`
  return {
    name: `Remove ${who} from group ${first.groupName}`,
    ...stageOf(first),
    apply: () =>
      directory.removeMembers(
        idOf(first.group, state),
        together.map(({ objectId }) => objectId),
      ),
  }
}

function nameOf(operation: Exclude<AccessOperation, Removal>): string {
  switch (operation.kind) {
    case 'invite':
      return `Invite ${operation.address}`
    case 'create-group':
      return `Create group ${operation.group.displayName}`
    case 'complete-owners':
      return `Complete the owners of group ${operation.groupName}`
    case 'add-members': {
      const count = operation.objectIds.length + operation.groups.length + (operation.guests?.length ?? 0)
      return `Add ${count} ${count === 1 ? 'member' : 'members'} to group ${operation.groupName}`
    }
    case 'assign':
      return assignStepName(operation)
    case 'set-condition':
      return conditionStepName(operation)
    case 'make-eligible':
      return eligibleStepName(operation)
    case 'end-eligibility':
      return ineligibleStepName(operation)
    case 'unassign':
      return unassignStepName(operation)
  }
}

async function apply(
  operation: Exclude<AccessOperation, Removal>,
  state: State,
  services: AccessServices,
): Promise<void> {
  const { directory } = services
  switch (operation.kind) {
    case 'invite': {
      const { address, tenantId } = operation
      state.guests.set(address.toLowerCase(), await directory.invite(address, tenantId))
      return
    }
    case 'create-group': {
      const { key, displayName, mailNickname, description } = operation.group
      const group = await directory.ensureGroup({ displayName, mailNickname, description })
      state.groups.set(key, group)
      return
    }
    case 'complete-owners':
      return directory.completeOwners(groupOf(operation.group, state))
    case 'add-members': {
      const groups = operation.groups.map((key) => idOf(key, state))
      const guests = (operation.guests ?? []).map((address) => guestOf(address, state))
      const naming = { group: operation.groupName, member: (objectId: string) => namedAs(objectId, state) }
      return directory.addMembers(
        idOf(operation.group, state),
        [...operation.objectIds, ...groups, ...guests],
        naming,
      )
    }
    case 'assign':
      return assign(operation.assignment, principalIdOf(operation.assignment.principal, state), services)
    case 'set-condition':
      return setCondition(operation, services)
    case 'make-eligible':
      return makeEligible(operation, principalIdOf(operation.assignment.principal, state), services.eligible)
    case 'end-eligibility':
      return services.eligible.end(operation.eligibility)
    case 'unassign':
      return unassign(operation.assignment, services)
  }
}

/** A member as the manifest names it. */
function namedAs(objectId: string, { members, groups, guests }: State): string {
  const [guest] = [...guests].find(([, id]) => sameText(id, objectId)) ?? []
  const [name] = [...members].find(([, resolved]) => sameText(resolved.objectId, objectId)) ?? []
  const group = [...groups.values()].find((one) => sameText(one.objectId, objectId))
  return name ?? guest ?? group?.displayName ?? objectId
}

function guestOf(address: string, { guests }: State): string {
  const objectId = guests.get(address.toLowerCase())
  if (objectId === undefined) throw new Error(`'${address}' should have been invited by now.`)
  return objectId
}

const idOf = (key: GroupKey, state: State): string => groupOf(key, state).objectId

function groupOf(key: GroupKey, { groups }: State): ActualGroup {
  const group = groups.get(key)
  if (group === undefined) throw new Error(`Group '${key}' should exist by now.`)
  return group
}
