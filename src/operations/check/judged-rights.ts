import { isForbidden, unlessForbidden } from '../../azure/failure.ts'
import { type GrantedRights, type Permission, permission, type Right } from '../../azure/granted-rights.ts'
import { openIdentityRights } from '../../azure/identity-rights.ts'
import { openPermissions } from '../../azure/permissions.ts'
import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { isWithin, resourceGroupIdOf, sameText, subscriptionOf } from '../../resource-id.ts'
import { deliveryCondition } from '../delivery-condition.ts'
import { rootOf } from '../removal/piece.ts'
import type { DeliveringIdentity } from './delivering-identity.ts'
import { readExisting } from './existing.ts'
import { type Finding, unchecked } from './finding.ts'
import { type MissingRights, missingBySuggestion } from './rights-to-give.ts'

/** What is delivered, of a project or of a common area, and by whom. */
export interface Delivering {
  readonly session: Session
  readonly resources: Pick<Resources, 'read' | 'listGroup'>
  readonly factory: ResolvedFactory
  readonly identity: DeliveringIdentity
  /** Scope of the resource group that is delivered. */
  readonly resourceGroup: string
  readonly hasGroup: boolean
}

/** Whether the delivering identity has a right. */
export interface JudgedRight {
  readonly right: Right
  readonly result: Permission | { readonly kind: 'unknown' }
}

/** What is known of what it may do. */
export interface JudgedRights {
  /** Nothing when nobody knows who it is. */
  readonly each: readonly JudgedRight[]
  /** Its roles. */
  readonly held: GrantedRights
}

/** May the delivering identity do all of this? By its role assignments, whoever is looking. */
export async function judgeRights(delivering: Delivering, needed: readonly Right[]): Promise<JudgedRights> {
  const { objectId } = delivering.identity
  if (objectId === undefined) return { each: [], held: { grants: [], denials: [] } }
  const { unreadable, ...held } = await readRights(delivering, objectId, needed)
  const judged = await judge(delivering, needed, held)
  const isUnknown = ({ right, result }: JudgedRight): boolean =>
    result.kind === 'missing' && unreadable.includes(right.scope)
  return { each: judged.map((one) => (isUnknown(one) ? { ...one, result: { kind: 'unknown' } } : one)), held }
}

/** What is against it, with what gives the rights that are missing. */
export async function rightsFindings(
  delivering: Delivering,
  judged: readonly JudgedRight[],
): Promise<readonly Finding[]> {
  const { objectId } = delivering.identity
  if (objectId === undefined) return [unknownIdentity(delivering.identity)]
  const those = (kind: JudgedRight['result']['kind']): readonly Right[] =>
    judged.flatMap(({ right, result }) => (result.kind === kind ? [right] : []))
  return [
    ...(await missingFindings(delivering, objectId, those('missing'))),
    ...unreadableFindings(delivering, objectId, those('unknown')),
    ...judged.flatMap(({ right, result }) =>
      result.kind === 'denied' ? [denied(right, result.by.name)] : [],
    ),
  ]
}

const unknownIdentity = ({ clientId }: DeliveringIdentity): Finding =>
  unchecked(
    'Rights of the delivering identity: not checked.',
    `The identity with the client id ${clientId} is no managed identity of the subscription, and the directory may not be asked for it.`,
    'Let the identity that checks read service principals (Application.Read.All), or check the clientId in factory.yml.',
  )

/** What the identity holds, and the places outside of the subscription where nobody may look. */
interface ReadRights extends GrantedRights {
  readonly unreadable: readonly string[]
}

/** One read for the subscription, and one for each place outside of it. */
async function readRights(
  { session, factory, identity: { isSelf } }: Delivering,
  objectId: string,
  needed: readonly Right[],
): Promise<ReadRights> {
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const outside = needed.map(({ scope }) => scope).filter((scope) => !isWithin(scope, subscription))
  const [{ read }, { allows }] = await Promise.all([openIdentityRights(session), openPermissions(session)])
  const all = await Promise.all(
    [...new Set([subscription, ...outside])].map(async (scope) => {
      try {
        return { ...(await read(scope, objectId)), unreadable: [] }
      } catch (error) {
        if (!isForbidden(error)) throw error
        if (scope !== subscription) return { grants: [], denials: [], unreadable: [scope] }
        // Azure may say of an identity that looks for itself what its roles are good for, though not which they are.
        if (!isSelf || (await allows(scope, 'Microsoft.Resources/subscriptions/read')) === undefined)
          throw error
        return { grants: [], denials: [], unreadable: [] }
      }
    }),
  )
  return {
    grants: all.flatMap(({ grants }) => grants),
    denials: all.flatMap(({ denials }) => denials),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  }
}

/** In places of other teams the identity may have what it needs, although nobody may look. */
const unreadableFindings = (
  { factory, resourceGroup: group, hasGroup }: Delivering,
  objectId: string,
  rights: readonly Right[],
): readonly Finding[] =>
  [...Map.groupBy(rights, ({ scope }) => scope)].map(([scope, there]) => {
    const receiver = {
      ...{ objectId, group, hasGroup },
      subscription: `/subscriptions/${factory.subscriptionId}`,
      condition: deliveryCondition(factory),
    }
    const commands = missingBySuggestion(there, [], receiver).flatMap((one) => one.commands)
    return unchecked(
      `Whether the delivering identity may do on ${scope}: ${enumeration([...new Set(there.map(({ action }) => action))], mostActions)}.`,
      'It belongs to somebody else, and the role assignments there may not be read.',
      `Ask who runs it whether the delivering identity has that right, and if not, to run: ${commands.join(' && ')}`,
    )
  })

/** What the assignments do not give is asked of Azure, when the identity itself is looking: it may come another way. */
async function judge(
  { session, identity: { isSelf } }: Delivering,
  needed: readonly Right[],
  rights: GrantedRights,
): Promise<readonly JudgedRight[]> {
  const judged = needed.map((right): JudgedRight => ({ right, result: permission(rights, right) }))
  if (!isSelf) return judged
  const asked = judged.flatMap(({ right, result }) => (result.kind === 'missing' ? [right] : []))
  const { judge: ask } = await openPermissions(session)
  const { lacking, hidden } = await ask(asked)
  const isMissing = (right: Right): boolean => lacking.includes(right) || hidden.includes(right)
  return judged.map(({ right, result }) => ({
    right,
    result: result.kind === 'missing' && !isMissing(right) ? { kind: 'allowed' } : result,
  }))
}

/** How many of a list are named in a sentence. */
export const mostActions = 12

async function missingFindings(
  delivering: Delivering,
  objectId: string,
  missing: readonly Right[],
): Promise<readonly Finding[]> {
  if (missing.length === 0) return []
  const { session, factory, resourceGroup: group, hasGroup } = delivering
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const { builtInRoles } = await openIdentityRights(session)
  // Who may not read them gets the command to create one of its own.
  const roles = await unlessForbidden(() => builtInRoles(subscription), [])
  const suggestions = missingBySuggestion(missing, roles, {
    objectId,
    subscription,
    group,
    hasGroup,
    condition: deliveryCondition(factory),
  })
  const where = factory.at(`environments.${factory.environment}.clientId`)
  return Promise.all(
    suggestions.map(async ({ scope, actions, role, commands }: MissingRights): Promise<Finding> => {
      if (!(await isThere(delivering, scope))) return unknownPlace(scope)
      return {
        severity: 'fault',
        what: `The delivering identity may not do on ${scope}: ${enumeration(actions, mostActions)}.`,
        where,
        why: 'None of its role assignments there or above allows it.',
        fix:
          role === undefined
            ? 'No built-in role alone allows it: create a custom role.'
            : `Assign it the role '${role}', the smallest that allows it.`,
        commands,
      }
    }),
  )
}

/** Is there a place at which a role can be assigned? Where nobody may look, it counts as there. */
async function isThere({ resources }: Delivering, scope: string): Promise<boolean> {
  const group = resourceGroupIdOf(scope)
  if (sameText(group, `/subscriptions/${subscriptionOf(scope)}`)) return true
  return unlessForbidden(async () => {
    const { hasGroup, has } = await readExisting(resources, group)
    return hasGroup && (sameText(scope, group) || has(rootOf(scope)))
  }, true)
}

const unknownPlace = (scope: string): Finding =>
  unchecked(
    `Rights of the delivering identity on ${scope}: not checked.`,
    'It does not exist. What is missing, or named wrongly in the documents, comes first.',
  )

const denied = ({ action, scope }: Right, by: string): Finding => ({
  severity: 'fault',
  what: `The deny assignment '${by}' keeps the delivering identity from ${action} on ${scope}.`,
  why: 'A deny assignment wins over every role. Deployment stacks and managed applications make them.',
  fix: 'Let whoever deployed it except the identity (excludedPrincipals of the deny settings), or choose other deny settings.',
})
