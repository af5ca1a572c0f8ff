import { isForbidden, unlessForbidden } from '../../azure/failure.ts'
import type { Grant } from '../../azure/granted-rights.ts'
import {
  type GrantedRights,
  mayAssign,
  type Permission,
  permission,
  type Right,
} from '../../azure/granted-rights.ts'
import { openIdentityRights } from '../../azure/identity-rights.ts'
import { openPermissions } from '../../azure/permissions.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { isWithin, lastSegment, resourceGroupIdOf, sameText, subscriptionOf } from '../../resource-id.ts'
import { rootOf } from '../removal/piece.ts'
import type { DeliveringIdentity } from './delivering-identity.ts'
import { readExisting } from './existing.ts'
import { type Finding, unchecked } from './finding.ts'
import { findPresent, neededRights } from './needed-rights.ts'
import { type MissingRights, missingBySuggestion, widerCondition } from './rights-to-give.ts'
import type { Situation } from './situation.ts'

/** May the delivering identity do everything that the delivery does? By its role assignments, whoever is looking. */
export async function checkRights(situation: Situation): Promise<readonly Finding[]> {
  const [identity, found] = await Promise.all([situation.identity(), findPresent(situation)])
  const { objectId } = identity
  if (objectId === undefined) {
    return [
      unchecked(
        'Rights of the delivering identity: not checked.',
        `The identity with the client id ${identity.clientId} is no managed identity of the subscription, and the directory may not be asked for it.`,
        'Let the identity that checks read service principals (Application.Read.All), or check the clientId in factory.yml.',
      ),
    ]
  }
  const needed = neededRights(situation, found)
  const { unreadable, ...rights } = await readRights(situation, objectId, needed)
  const judged = await judge(situation, identity, needed, rights)
  const isKnown = ({ scope }: Right): boolean => !unreadable.includes(scope)
  const lacking = judged.filter(({ result }) => result.kind === 'missing').map(({ right }) => right)
  const findings = [
    ...(await missingFindings(situation, objectId, lacking.filter(isKnown), found.hasGroup)),
    ...unreadableFindings(lacking.filter((right) => !isKnown(right))),
    ...judged.flatMap(({ right, result }) =>
      result.kind === 'denied' ? [denied(right, result.by.name)] : [],
    ),
    ...conditionFindings(situation, objectId, rights),
  ]
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `The delivering identity has all ${needed.length} rights that this delivery needs.`,
    },
  ]
}

/** What the identity holds, and the places outside of the subscription where nobody may look. */
interface ReadRights extends GrantedRights {
  readonly unreadable: readonly string[]
}

/** One read for the subscription, and one for each place outside of it. */
async function readRights(
  { session, target: { project } }: Situation,
  objectId: string,
  needed: readonly Right[],
): Promise<ReadRights> {
  const subscription = `/subscriptions/${project.factory.subscriptionId}`
  const outside = needed.map(({ scope }) => scope).filter((scope) => !isWithin(scope, subscription))
  const { read } = await openIdentityRights(session)
  const all = await Promise.all(
    [...new Set([subscription, ...outside])].map(async (scope) => {
      try {
        return { ...(await read(scope, objectId)), unreadable: [] }
      } catch (error) {
        if (!isForbidden(error) || scope === subscription) throw error
        return { grants: [], denials: [], unreadable: [scope] }
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
const unreadableFindings = (rights: readonly Right[]): readonly Finding[] =>
  [...Map.groupBy(rights, ({ scope }) => scope)].map(([scope, there]) =>
    unchecked(
      `Whether the delivering identity may do on ${scope}: ${enumeration([...new Set(there.map(({ action }) => action))], mostActions)}.`,
      'It belongs to somebody else, and the role assignments there may not be read.',
      'Ask who runs it whether the delivering identity has that right.',
    ),
  )

interface Judged {
  readonly right: Right
  readonly result: Permission
}

/** What the assignments do not give is asked of Azure, when the identity itself is looking: it may come another way. */
async function judge(
  { session }: Situation,
  { isSelf }: DeliveringIdentity,
  needed: readonly Right[],
  rights: GrantedRights,
): Promise<readonly Judged[]> {
  const judged = needed.map((right): Judged => ({ right, result: permission(rights, right) }))
  if (!isSelf) return judged
  const { lacking } = await openPermissions(session)
  const asked = judged.flatMap(({ right, result }) =>
    result.kind === 'missing' && right.plane === 'control' ? [right] : [],
  )
  const allowed = await Promise.all(
    [...Map.groupBy(asked, ({ scope }) => scope)].map(async ([scope, there]) => {
      const actions = there.map(({ action }) => action)
      const lacked = (await lacking(scope, actions)) ?? actions
      return there.filter(({ action }) => !lacked.includes(action))
    }),
  )
  return judged.map(({ right, result }) => ({
    right,
    result: allowed.flat().includes(right) ? { kind: 'allowed' } : result,
  }))
}

const mostActions = 12

async function missingFindings(
  situation: Situation,
  objectId: string,
  missing: readonly Right[],
  hasGroup: boolean,
): Promise<readonly Finding[]> {
  if (missing.length === 0) return []
  const { session, target } = situation
  const { factory, environment } = target.project
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const roles = await (await openIdentityRights(session)).builtInRoles(subscription)
  const suggestions = missingBySuggestion(missing, roles, {
    objectId,
    subscription,
    group: target.ids.resourceGroup,
    hasGroup,
  })
  const where = factory.at(`environments.${environment}.clientId`)
  return Promise.all(
    suggestions.map(async ({ scope, actions, role, commands }: MissingRights): Promise<Finding> => {
      if (!(await isThere(situation, scope))) return unknownPlace(scope)
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
async function isThere({ services }: Situation, scope: string): Promise<boolean> {
  const group = resourceGroupIdOf(scope)
  if (sameText(group, `/subscriptions/${subscriptionOf(scope)}`)) return true
  return unlessForbidden(async () => {
    const { hasGroup, has } = await readExisting(services.resources, group)
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

/** A condition may let the identity assign some roles and not others: each that this delivery assigns is tried. */
function conditionFindings(
  { assignments, target }: Situation,
  objectId: string,
  rights: GrantedRights,
): readonly Finding[] {
  const { factory, environment } = target.project
  const subscription = `/subscriptions/${factory.subscriptionId}`
  const tried = assignments
    .filter(({ plane }) => plane === 'azure')
    .map(({ role, roleDefinitionId, scope, principal }) => {
      const principalType = 'group' in principal ? 'Group' : 'ServicePrincipal'
      const action = 'Microsoft.Authorization/roleAssignments/write'
      const answer = mayAssign(rights, scope, {
        action,
        roleDefinitionId,
        principalType,
        principalId: undefined,
      })
      return {
        ...answer,
        place: isWithin(scope, subscription) ? subscription : scope,
        text: `${role} to a ${principalType === 'Group' ? 'group' : 'managed identity'} on '${lastSegment(scope)}'`,
      }
    })
    // Without any right to assign there is a finding of its own.
    .filter(({ under }) => under.length > 0)
  const of = (allowed: boolean | undefined) => tried.filter((one) => one.allowed === allowed)
  const texts = (allowed: boolean | undefined) =>
    enumeration([...new Set(of(allowed).map(({ text }) => text))], mostActions)
  const where = factory.at(`environments.${environment}.clientId`)
  return [
    ...(of(false).length === 0
      ? []
      : [
          {
            severity: 'fault',
            what: `The delivering identity may assign roles only under a condition that refuses: ${texts(false)}.`,
            where,
            why: `${namesOf(of(false).flatMap(({ under }) => under))} has a condition on roles or types of principals, and this version assigns others.`,
            fix: 'Let it assign roles under the condition that allows what AI Factory Actions assign, and no more.',
            commands: [...new Set(of(false).map(({ place }) => place))].flatMap((place) =>
              widerCondition(objectId, place, rights.grants),
            ),
          } as const,
        ]),
    ...(of(undefined).length === 0
      ? []
      : [
          unchecked(
            `Whether the delivering identity may assign: ${texts(undefined)}.`,
            'The condition of its role asks for something that is not known before, or that is not understood here.',
          ),
        ]),
  ]
}

const namesOf = (grants: readonly Grant[]): string =>
  [...new Set(grants.map(({ roleName }) => `'${roleName}'`))].join(', ')
