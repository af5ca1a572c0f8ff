import { control, type Right } from '../../azure/granted-rights.ts'
import { openPermissions } from '../../azure/permissions.ts'
import type { Session } from '../../azure/session.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { Removal } from '../removal/left.ts'
import { isBesideOthers, pieceOf, rootOf } from '../removal/piece.ts'

/** What is about to be deleted. */
interface Deletion {
  readonly changes: readonly Change[]
  readonly subscriptionId: string
  /** Ids of what deployment stacks delete. */
  readonly managed: readonly string[]
  readonly removals: readonly Removal[]
}

/** What the identity may not delete. */
export interface Lacking {
  /** Sentences. */
  readonly warnings: readonly string[]
  readonly rights: readonly Right[]
}

/** What the identity may not delete: found out before anything goes, so that nothing stays half destroyed. */
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
    .flatMap((change) => needsOf(change, subscription))
  const { judge } = await openPermissions(session)
  const { lacking, hidden } = await judge(needs)
  const byPlace = Map.groupBy(lacking, ({ scope }) => scope)
  return {
    warnings: [
      ...[...byPlace].map(([place, there]) => sentence(place, actionsOf(there))),
      ...unknown([...new Set(hidden.map(({ scope }) => scope))]),
    ],
    rights: lacking,
  }
}

/**
 * Nothing is deleted as long as something of it could not be.
 * @param of what is destroyed, e.g. `project 001 in dev`
 */
export function refuseLacking(of: string, { rights }: Lacking): UserError | undefined {
  if (rights.length === 0) return undefined
  const each = [...new Set(rights.map(({ action, scope }) => `${action} on ${scope}`))]
  return new UserError({
    what: `The identity of the environment may not delete all of ${of}: it lacks ${enumeration(each, mostNamed)}. Nothing was changed.`,
    why: 'What it may not delete would stay, half destroyed, and nobody could get at it any more.',
    fix: 'Assign it a role with these actions there, and run again.',
  })
}

const mostNamed = 12

const actionsOf = (rights: readonly Right[]): readonly string[] => [
  ...new Set(rights.map(({ action }) => action)),
]

/** Is it a part of a resource? Azure deletes that with it, and asks for no right of its own. */
const isInside = (kind: string, scope: string): boolean =>
  sameText(kind, pieceOf(scope).type) && !sameText(scope, rootOf(scope))

/** Nothing for what Azure deletes by itself, or what is not Azure Resource Manager's. */
function needsOf({ kind, scope }: Change, subscription: string): readonly Right[] {
  if (kind === 'deployment stack') return control(subscription, 'Microsoft.Resources/deploymentStacks/delete')
  if (scope === undefined || kind.startsWith('softly deleted') || isBesideOthers(kind)) return []
  if (kind === 'role assignment') return control(scope, 'Microsoft.Authorization/roleAssignments/delete')
  const type = typesOf[kind] ?? kind
  if (!type.includes('/')) return []
  const root = rootOf(scope)
  // What is in a network of others may be all that the identity may change there.
  const place = sameText(root, scope) && sameText(pieceOf(scope).type, type) ? resourceGroupIdOf(scope) : root
  return control(place, `${type}/delete`)
}

/** What a plan calls otherwise than Azure does. */
const typesOf: Readonly<Record<string, string>> = {
  'resource group': 'Microsoft.Resources/subscriptions/resourceGroups',
  subnet: 'Microsoft.Network/virtualNetworks/subnets',
  'network security group': 'Microsoft.Network/networkSecurityGroups',
}

const sentence = (place: string, actions: readonly string[]): string =>
  `The identity of this environment may not do on '${lastSegment(place)}' what this destroy takes: ${actions.join(', ')}. Nothing is destroyed until it has a role with that there.`

const unknown = (places: readonly string[]): readonly string[] =>
  places.length === 0
    ? []
    : [
        `Whether the identity of this environment may delete all that goes is not known: it may not see its own rights on ${places.map((place) => `'${lastSegment(place)}'`).join(', ')}. What it may not delete shows when its turn comes.`,
      ]
