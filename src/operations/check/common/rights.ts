import { openPermissions } from '../../../azure/permissions.ts'
import { isWithin, lastSegment, subscriptionOf } from '../../../resource-id.ts'
import { together } from '../../together.ts'
import type { RolesToGive } from '../check-report.ts'
import { findDeliveringIdentity } from '../delivering-identity.ts'
import { deliveryRoles, roleCommands } from '../delivery-roles.ts'
import { type Finding, unchecked } from '../finding.ts'
import type { CommonNeeds } from './needed-rights.ts'
import type { CommonSituation } from './situation.ts'

/** May the identity do all that the delivery does? What it may not see is not known. */
export async function checkCommonRights(
  { area, session }: CommonSituation,
  rights: () => Promise<CommonNeeds>,
): Promise<readonly Finding[]> {
  const { factory } = area
  const { isSelf } = await findDeliveringIdentity(session, factory)
  if (!isSelf)
    return [
      unchecked(
        'Rights of the delivering identity: not checked.',
        'Another identity is signed in, and sees only its own rights.',
        "Check in the job of the environment, without the input 'client-id'.",
      ),
    ]
  const { needed } = await rights()
  const { lacking } = await openPermissions(session)
  const subscription = `/subscriptions/${factory.subscriptionId}`
  // What the delivery makes has the rights of its group.
  const scopeFor = (scope: string): string =>
    isWithin(scope, area.ids.resourceGroup) ? area.ids.resourceGroup : scope
  const scopes = [...Map.groupBy(needed, ({ scope }) => scopeFor(scope))]
  const judged = await together(
    ...scopes.map(async ([scope, rights]) => {
      const actions = rights.map(({ action }) => action)
      // A group that is still to come has the rights of its subscription.
      const home = isWithin(scope, subscription) ? subscription : undefined
      const missing =
        (await lacking(scope, actions)) ?? (home === undefined ? undefined : await lacking(home, actions))
      return { scope, missing }
    }),
  )
  const findings = judged.flatMap(({ scope, missing }) =>
    findingsAt(scope, missing, isWithin(scope, subscription)),
  )
  if (findings.length > 0) return findings
  return [
    {
      severity: 'good',
      what: `The delivering identity has all ${needed.length} rights that this delivery needs.`,
    },
  ]
}

function findingsAt(
  scope: string,
  missing: readonly string[] | undefined,
  isHome: boolean,
): readonly Finding[] {
  const place = `'${lastSegment(scope)}'`
  if (missing === undefined && isHome)
    return [
      {
        severity: 'fault',
        what: `The delivering identity has no rights on ${place} that it could see.`,
        why: `It has no role in subscription ${subscriptionOf(scope)}, or one that was assigned a few minutes ago.`,
        fix: 'Assign the roles that set-up gives it, or check clientId and subscriptionId in factory.yml.',
      },
    ]
  if (missing === undefined)
    return [
      unchecked(
        `Rights on ${place}: not known.`,
        `This identity may not see its rights in subscription ${subscriptionOf(scope)}.`,
        'Give it Reader there, to have it checked. Where one is missing, the delivery fails.',
      ),
    ]
  if (missing.length === 0) return []
  return [
    {
      severity: 'fault',
      what: `The delivering identity may not do on ${place}: ${missing.join(', ')}.`,
      why: `No role of it allows it on ${scope}.`,
      fix: `Assign it a role with these actions on ${scope}.`,
    },
  ]
}

/** The roles that allow exactly what is needed, for those who give them. */
export async function commonRolesToGive(
  { area, session }: CommonSituation,
  { needed, folders, hasGroup }: CommonNeeds,
): Promise<RolesToGive> {
  const { factory, ids } = area
  const roles = deliveryRoles([...needed, ...folders], {
    subject: `the common area of ${factory.name} in ${factory.environment}`,
    subscription: `/subscriptions/${factory.subscriptionId}`,
    group: ids.resourceGroup,
    network: ids.virtualNetwork,
    hasGroup,
  })
  const { objectId } = await findDeliveringIdentity(session, factory)
  return { roles, commands: roleCommands(roles, objectId ?? '<object id of the identity>') }
}
