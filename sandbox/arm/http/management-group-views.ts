import {
  findGroup,
  groupsIn,
  type ManagementGroup,
  subscriptionsIn,
} from '../governance/management-groups.ts'
import { managementGroupId, managementGroupType } from '../governance/scopes.ts'
import type { World } from '../rules.ts'
import type { Subscription } from '../state.ts'

/** A management group, with what is in it when the query asks for that. */
export function showGroup(group: ManagementGroup, query: URLSearchParams, world: World): object {
  const expands = /children/i.test(query.get('$expand') ?? '')
  const recurses = /true/i.test(query.get('$recurse') ?? '')
  const parent = group.parent === undefined ? undefined : findGroup(group.parent, world)
  return {
    id: managementGroupId(group.name),
    type: managementGroupType,
    name: group.name,
    properties: {
      tenantId: world.tenantId,
      displayName: group.displayName,
      details: {
        version: 1,
        ...(parent === undefined
          ? {}
          : {
              parent: {
                id: managementGroupId(parent.name),
                name: parent.name,
                displayName: parent.displayName,
              },
            }),
      },
      ...(expands ? { children: childrenOf(group.name, recurses, world) } : {}),
    },
  }
}

function childrenOf(name: string, recurses: boolean, world: World): readonly object[] {
  const groups = groupsIn(name, world).map((group) => ({
    id: managementGroupId(group.name),
    type: managementGroupType,
    name: group.name,
    displayName: group.displayName,
    ...(recurses ? { children: childrenOf(group.name, true, world) } : {}),
  }))
  const subscriptions = subscriptionsIn(name, world).map(({ subscriptionId, displayName }) => ({
    id: `/subscriptions/${subscriptionId}`,
    type: '/subscriptions',
    name: subscriptionId,
    displayName,
  }))
  return [...groups, ...subscriptions]
}

/** All subscriptions and management groups below a group. */
export function descendantsOf(name: string, world: World): readonly object[] {
  const parent = { id: managementGroupId(name) }
  const subscriptions = subscriptionsIn(name, world).map(({ subscriptionId, displayName }) => ({
    id: `/subscriptions/${subscriptionId}`,
    type: '/subscriptions',
    name: subscriptionId,
    properties: { displayName, parent },
  }))
  const groups = groupsIn(name, world).flatMap((group) => [
    {
      id: managementGroupId(group.name),
      type: managementGroupType,
      name: group.name,
      properties: { displayName: group.displayName, parent },
    },
    ...descendantsOf(group.name, world),
  ])
  return [...subscriptions, ...groups]
}

/** A subscription as a member of a management group. */
export const showMember = ({ subscriptionId, displayName }: Subscription, name: string, world: World) => ({
  id: `${managementGroupId(name)}/subscriptions/${subscriptionId}`,
  type: `${managementGroupType}/subscriptions`,
  name: subscriptionId,
  properties: {
    tenant: world.tenantId,
    displayName,
    parent: { id: managementGroupId(name) },
    state: 'Active',
  },
})
