import { openPermissions } from '../../azure/permissions.ts'
import type { Session } from '../../azure/session.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, resourceGroupIdOf } from '../../resource-id.ts'
import { isBesideOthers } from '../removal/piece.ts'
import type { Doomed } from './read-doomed.ts'

/** What deleting something takes, and the place at which the right has to be held. */
interface Need {
  readonly action: string
  readonly place: string
}

/**
 * What the identity may not delete, in sentences: said before anything goes, so that a project need not stay half destroyed.
 * What it may not see of its own rights, Azure says when it comes to it.
 */
export async function lackingRights(
  { changes, target }: Pick<Doomed, 'changes' | 'target'>,
  session: Session,
): Promise<readonly string[]> {
  const { lacking } = await openPermissions(session)
  const subscription = `/subscriptions/${target.project.factory.subscriptionId}`
  const needs = changes.flatMap((change) => needOf(change, subscription) ?? [])
  const places = Map.groupBy(needs, ({ place }) => place.toLowerCase())
  const found = await Promise.all(
    [...places.values()].map(async ([first, ...rest]) => {
      if (first === undefined) return []
      const actions = [first, ...rest].map(({ action }) => action)
      return sentence(first.place, await lacking(first.place, [...new Set(actions)]))
    }),
  )
  return found.flat()
}

/** Undefined for what Azure deletes by itself, or what is not Azure Resource Manager's. */
function needOf({ change, kind, scope }: Change, subscription: string): Need | undefined {
  if (change !== 'delete') return undefined
  if (kind === 'deployment stack')
    return { action: 'Microsoft.Resources/deploymentStacks/delete', place: subscription }
  if (scope === undefined || kind.startsWith('softly deleted') || isBesideOthers(kind)) return undefined
  if (kind === 'role assignment')
    return { action: 'Microsoft.Authorization/roleAssignments/delete', place: scope }
  const type = typesOf[kind] ?? kind
  return type.includes('/') ? { action: `${type}/delete`, place: resourceGroupIdOf(scope) } : undefined
}

/** What a plan calls otherwise than Azure does. */
const typesOf: Readonly<Record<string, string>> = {
  'resource group': 'Microsoft.Resources/subscriptions/resourceGroups',
  subnet: 'Microsoft.Network/virtualNetworks/subnets',
  'network security group': 'Microsoft.Network/networkSecurityGroups',
}

const sentence = (place: string, actions: readonly string[]): readonly string[] =>
  actions.length === 0
    ? []
    : [
        `The identity of this environment may not do on '${lastSegment(place)}' what this destroy takes: ${actions.join(', ')}. What needs it stays until the identity has a role with it there.`,
      ]
