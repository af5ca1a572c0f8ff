import type { Right } from '../../azure/granted-rights.ts'
import { openPermissions } from '../../azure/permissions.ts'
import type { Session } from '../../azure/session.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { Removal } from '../removal/left.ts'
import { isBesideOthers, pieceOf, rootOf } from '../removal/piece.ts'

/** What deleting something takes, and the place at which the right has to be held. */
interface Need {
  readonly action: string
  readonly place: string
  /** Does all else of the project stay without it? */
  readonly isVital: boolean
}

/** What is about to be deleted. */
interface Deletion {
  readonly changes: readonly Change[]
  readonly subscriptionId: string
  /** Ids of what deployment stacks delete. */
  readonly managed: readonly string[]
  readonly removals: readonly Removal[]
}

/** What the identity may not delete, in sentences. */
export interface Lacking {
  readonly warnings: readonly string[]
  /** Those without which a project would stay half destroyed: its stack or its resource group could not be deleted. */
  readonly vital: readonly string[]
}

/** What the identity may not delete: said before anything goes, so that a project need not stay half destroyed. */
export async function lackingRights(
  { changes, subscriptionId, managed, removals }: Deletion,
  session: Session,
): Promise<Lacking> {
  const subscription = `/subscriptions/${subscriptionId}`
  // What has a deletion of its own, or the stack's.
  const deleted = [...removals.flatMap(({ doomed }) => doomed.scope ?? []), ...managed]
  // A stack that a lock keeps is deleted all the same: with it goes what the lock does not keep.
  const goesByStep = ({ change, kind }: Change): boolean =>
    change === 'delete' ||
    (kind === 'deployment stack' && removals.some(({ doomed }) => doomed.kind === kind))
  const needs = changes
    .filter(goesByStep)
    .filter(({ kind, scope = '' }) => !isInside(kind, scope) || deleted.some((id) => sameText(id, scope)))
    .flatMap((change) => needOf(change, subscription) ?? [])
  const rights = needs.map(({ action, place, isVital }) => ({ right: rightAt(place, action), isVital }))
  const { judge } = await openPermissions(session)
  const { lacking, hidden } = await judge(rights.map(({ right }) => right))
  const byPlace = Map.groupBy(lacking, ({ scope }) => scope)
  return {
    warnings: [
      ...[...byPlace].map(([place, there]) => sentence(place, actionsOf(there))),
      ...unknown([...new Set(hidden.map(({ scope }) => scope))]),
    ],
    vital: rights.flatMap(({ right, isVital }) =>
      isVital && lacking.includes(right) ? [`${right.action} on '${right.scope}'`] : [],
    ),
  }
}

const rightAt = (scope: string, action: string): Right => ({ plane: 'control', action, scope })

const actionsOf = (rights: readonly Right[]): readonly string[] => [
  ...new Set(rights.map(({ action }) => action)),
]

/** Is it a part of a resource? Azure deletes that with it, and asks for no right of its own. */
const isInside = (kind: string, scope: string): boolean =>
  sameText(kind, pieceOf(scope).type) && !sameText(scope, rootOf(scope))

/** Undefined for what Azure deletes by itself, or what is not Azure Resource Manager's. */
function needOf({ kind, scope }: Change, subscription: string): Need | undefined {
  if (kind === 'deployment stack')
    return { action: 'Microsoft.Resources/deploymentStacks/delete', place: subscription, isVital: true }
  if (scope === undefined || kind.startsWith('softly deleted') || isBesideOthers(kind)) return undefined
  if (kind === 'role assignment')
    return { action: 'Microsoft.Authorization/roleAssignments/delete', place: scope, isVital: false }
  const type = typesOf[kind] ?? kind
  const isVital = kind === 'resource group'
  return type.includes('/')
    ? { action: `${type}/delete`, place: resourceGroupIdOf(scope), isVital }
    : undefined
}

/** What a plan calls otherwise than Azure does. */
const typesOf: Readonly<Record<string, string>> = {
  'resource group': 'Microsoft.Resources/subscriptions/resourceGroups',
  subnet: 'Microsoft.Network/virtualNetworks/subnets',
  'network security group': 'Microsoft.Network/networkSecurityGroups',
}

const sentence = (place: string, actions: readonly string[]): string =>
  `The identity of this environment may not do on '${lastSegment(place)}' what this destroy takes: ${actions.join(', ')}. What needs it stays until the identity has a role with it there.`

const unknown = (places: readonly string[]): readonly string[] =>
  places.length === 0
    ? []
    : [
        `Whether the identity of this environment may delete all that goes is not known: it may not see its own rights on ${places.map((place) => `'${lastSegment(place)}'`).join(', ')}. What it may not delete shows when its turn comes.`,
      ]
