import type { Sandbox } from '../../sandbox/start.ts'
import type { Right } from '../../src/azure/granted-rights.ts'
import type { DeliveryRole } from '../../src/operations/check/delivery-roles.ts'
import { isWithin } from '../../src/resource-id.ts'
import { dev } from '../azure/on-sandbox.ts'
import type { ByHand } from '../e2e/support/by-hand.ts'
import { graphByHand, reference, securityGroup } from '../e2e/support/graph-by-hand.ts'

const apiVersion = '2022-04-01'
export const subscription = `/subscriptions/${dev.subscriptionId}`
export const definitionOf = (role: string): string =>
  `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`

/** Takes all roles of the identity that delivers to dev away. */
export async function withoutRoles({ state }: Sandbox, hand: ByHand): Promise<void> {
  const held = Object.values(state.arm.resources).filter(
    ({ type, properties }) =>
      type === 'Microsoft.Authorization/roleAssignments' && properties?.['principalId'] === dev.objectId,
  )
  for (const { id } of held) await hand.remove(id, apiVersion)
}

let count = 0
const nextName = (): string => `dddddddd-0000-4000-8000-${String(++count).padStart(12, '0')}`

/** Assigns it a role. */
export const assign = (
  hand: ByHand,
  role: string,
  scope: string = subscription,
  more: object = {},
  principalId: string = dev.objectId,
  principalType = 'ServicePrincipal',
): Promise<void> =>
  hand.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${nextName()}`, apiVersion, {
    properties: { roleDefinitionId: definitionOf(role), principalId, principalType, ...more },
  })

/** Gives it exactly these rights, each where it is needed or, where nothing is yet, at the subscription. */
export async function exactly(sandbox: Sandbox, hand: ByHand, rights: readonly Right[]): Promise<void> {
  await withoutRoles(sandbox, hand)
  const exists = (scope: string): boolean => {
    const group = scope.split('/').slice(0, 5).join('/').toLowerCase()
    return scope === subscription || sandbox.state.arm.resources[group] !== undefined
  }
  const places = Map.groupBy(rights, ({ scope }) => (exists(scope) ? placeIn(sandbox, scope) : subscription))
  for (const [scope, held] of places) {
    const role = nextName()
    const of = (plane: Right['plane']) =>
      held.filter((right) => right.plane === plane).map(({ action }) => action)
    await hand.put(definitionOf(role), apiVersion, {
      properties: {
        roleName: `Exactly ${role}`,
        permissions: [{ actions: of('control'), dataActions: of('data') }],
        assignableScopes: [subscription],
      },
    })
    await assign(hand, role, scope)
  }
}

/** The name of the role definition that has this role name. */
const definedAs = ({ state }: Sandbox, roleName: string): string | undefined =>
  Object.values(state.arm.resources)
    .find(
      ({ type, properties }) =>
        type === 'Microsoft.Authorization/roleDefinitions' && properties?.['roleName'] === roleName,
    )
    ?.id.split('/')
    .at(-1)

/** Gives it the custom roles that the check prints, where it says, and no others. */
export async function exactlyRoles(
  sandbox: Sandbox,
  hand: ByHand,
  roles: readonly DeliveryRole[],
): Promise<void> {
  await withoutRoles(sandbox, hand)
  for (const { role, scopes, condition } of roles) {
    const id = definedAs(sandbox, role.Name) ?? nextName()
    await hand.put(definitionOf(id), apiVersion, {
      properties: {
        roleName: role.Name,
        description: role.Description,
        permissions: [{ actions: role.Actions, dataActions: role.DataActions }],
        assignableScopes: role.AssignableScopes,
      },
    })
    const limited = condition === undefined ? {} : { condition, conditionVersion: '2.0' }
    for (const scope of scopes) await assign(hand, id, scope, limited)
  }
}

/** A subnet that is to come has no place for a role; its VNet has. */
const placeIn = ({ state }: Sandbox, scope: string): string => {
  const known = Object.values(state.arm.resources).map(({ id }) => id)
  const found = known.filter((id) => isWithin(scope, id)).toSorted((a, b) => b.length - a.length)
  return found[0] ?? subscription
}

/** Creates a group with these members, as an administrator of the directory. @returns its object id */
export async function groupOf(sandbox: Sandbox, members: readonly string[]): Promise<string> {
  const bound = members.map((id) => reference(sandbox, id))
  const group = securityGroup('deployers', { 'members@odata.bind': bound })
  return (await graphByHand(sandbox))('POST', '/groups', group)
}
