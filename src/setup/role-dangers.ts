import { quoted } from '../diagnostics/escape.ts'
import { isWithin, sameText, subscriptionOf } from '../resource-id.ts'
import type { Environment } from '../vocabulary.ts'
import type { ActualIdentity, HeldRole } from './actual-setup.ts'
import type { Danger } from './danger.ts'
import type { DesiredIdentity, DesiredSetup } from './desired-setup.ts'

const subscriptionsOf = ({ resourceGroups }: DesiredSetup): ReadonlyMap<string, string> =>
  new Map(resourceGroups.map(({ environment, id }) => [environment, `/subscriptions/${subscriptionOf(id)}`]))

/** Roles in Azure that an identity holds besides those that set-up gives it. */
export const roleDangers = (
  one: DesiredIdentity,
  identity: ActualIdentity,
  desired: DesiredSetup,
): readonly Danger[] =>
  identity.roles
    .filter((role) => !isDesired(role, one, identity))
    .flatMap((role) => {
      const danger =
        inHub(role, one, desired) ??
        inOthers(role, one, desired) ??
        unlimited(role) ??
        aboveHub(role, one, desired) ??
        ofAnyBranch(role, one)
      if (danger === undefined) return []
      const { severity = 'fault', what, why } = danger
      const name = `${quoted(identity.displayName)} (${identity.clientId})`
      return [{ severity, what: `${name}${what}.`, fix: `${why}: ${removal(role, identity)}.` }]
    })

/** What is said of a role, after the name of the identity. */
interface RoleDanger {
  readonly severity?: Danger['severity']
  readonly what: string
  readonly why: string
}

/** One under a condition is what set-up gives only where it is the identity's own: that of a group stays without one. */
const isDesired = (held: HeldRole, { roles }: DesiredIdentity, { objectId = '' }: ActualIdentity): boolean =>
  roles.some(
    ({ id, scope, condition }) =>
      sameText(id, held.roleId) &&
      sameText(scope, held.scope) &&
      (condition === undefined || sameText(held.principalId, objectId)),
  )

const removal = ({ scope, assignment, principalId }: HeldRole, { objectId }: ActualIdentity): string => {
  const id = `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${assignment}`
  return sameText(principalId, objectId ?? '')
    ? `remove the role assignment ${id}`
    : `remove the role assignment ${id} of the group ${principalId}, or the identity from that group`
}

/** The zones of a hub answer for all environments that use it. */
const inHub = (
  { scope }: HeldRole,
  { environment }: DesiredIdentity,
  { dnsHubs }: DesiredSetup,
): RoleDanger | undefined =>
  [dnsHubs.get(environment) ?? []].flat().some((hub) => isWithin(scope, hub))
    ? hubRole(environment, scope)
    : undefined

const aboveHub = (
  { scope, reach, seenFrom }: HeldRole,
  { environment }: DesiredIdentity,
  { dnsHubs }: DesiredSetup,
): RoleDanger | undefined =>
  reach !== 'reads' && seenFrom.some((place) => sameText(place, dnsHubs.get(environment) ?? ''))
    ? hubRole(environment, scope)
    : undefined

const hubRole = (environment: Environment, scope: string): RoleDanger => ({
  what: ` of ${environment} holds a role in the hub of the private DNS zones, on ${scope}, besides the one that set-up gives it`,
  why: 'The zones are those of every environment, and joining them is all that a private endpoint needs',
})

/** A role of a management group, or of the whole tenant, counts in all that is below. */
function inOthers(
  { scope, reach, seenFrom }: HeldRole,
  { environment }: DesiredIdentity,
  desired: DesiredSetup,
): RoleDanger | undefined {
  const others = [...subscriptionsOf(desired)].filter(
    ([key, subscription]) => key !== environment && seenFrom.some((place) => isWithin(place, subscription)),
  )
  if (others.length === 0) return undefined
  const names = others.map(([key]) => key).join(' and ')
  const isAbove = !others.some(([, subscription]) => isWithin(scope, subscription))
  if (isAbove && reach === 'reads')
    return {
      severity: 'warning',
      what: ` of ${environment} holds a role with which it sees how ${names} is set up, on ${scope}`,
      why: 'It needs to see its own environment only',
    }
  return {
    what: ` of ${environment} holds a role in ${names}, on ${scope}`,
    why: 'No environment may reach another one',
  }
}

const unlimited = ({ scope, reach, condition }: HeldRole): RoleDanger | undefined =>
  reach !== 'gives' || condition === 'right'
    ? undefined
    : {
        what: ` holds a role on ${scope} with which it can give itself any other`,
        why: 'It needs no more than set-up gives it',
      }

/** A job of any branch may be the identity that plans, so what it may do anybody may who can push. */
const ofAnyBranch = (
  { roleId, scope }: HeldRole,
  { kind, roles }: DesiredIdentity,
): RoleDanger | undefined =>
  kind !== 'plan' || roles.some(({ id }) => sameText(id, roleId))
    ? undefined
    : {
        what: `, as which a job of any branch can run, holds the role ${roleId} on ${scope}, besides those that set-up gives it`,
        why: 'It only has to read how things are set up, and no data',
      }

/** Whoever is Contributor of the hub's subscription decides where names of other environments lead. */
export const hubDangers = (desired: DesiredSetup): readonly Danger[] =>
  [...subscriptionsOf(desired)].flatMap(([environment, subscription]): readonly Danger[] => {
    const others = [...desired.dnsHubs].filter(
      ([key, hub]) => key !== environment && isWithin(hub, subscription),
    )
    if (others.length === 0) return []
    return [
      {
        severity: environment === 'prod' ? 'warning' : 'fault',
        what: `The private DNS zones of ${others.map(([key]) => key).join(' and ')} are in the subscription of ${environment}, whose delivering identity is Contributor there.`,
        fix: `It can let their names lead elsewhere. Move the zones into a subscription of none of the environments, and correct 'dns' in factory.yml.`,
      },
    ]
  })
