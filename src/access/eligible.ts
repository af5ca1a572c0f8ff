import { UserError } from '../diagnostics/user-error.ts'
import type { Change } from '../plan/model.ts'
import { isWithin, sameText } from '../resource-id.ts'
import { sameCondition } from '../role-condition.ts'
import { inheritedAs, inheritedFor } from './inherited-assignments.ts'
import type {
  ActualAccess,
  ActualAssignment,
  ActualEligibility,
  DesiredAccess,
  DesiredAssignment,
  Difference,
  EligibleDesired,
} from './model.ts'
import { principalIdOf } from './principal-id.ts'
import { assignmentChange, tupleOf } from './role-assignment.ts'
import { ourPrincipals, roleNameOf } from './unwanted-assignments.ts'

/** Those that are to be activated when they are needed, instead of held all the time. */
export const isEligible = (assignment: DesiredAssignment): assignment is EligibleDesired =>
  assignment.eligible !== undefined

/** It is extended when less than a third of its time is left, a month at most. */
const extendedWithin = (days: number): number => Math.min(30, days / 3)

/**
 * Who should be eligible for what, compared with who is. Eligible assignments do not count to the 4,000 of a subscription.
 * https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles
 */
export function eligibleDifference(desired: DesiredAccess, actual: ActualAccess): Difference {
  const wanted = desired.assignments.filter(isEligible)
  const found = actual.eligible.kind === 'known' ? actual.eligible.eligible : []
  const existing = new Map(found.map((one) => [tupleOf(one), one]))
  const parts = [
    ...wanted.map((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual)
      if (principalId === undefined) return granted(assignment)
      const there = existing.get(tupleOf({ ...assignment, principalId }))
      if (there !== undefined) return differenceOf(assignment, there)
      const inherited = inheritedFor(assignment, principalId, actual)
      return inherited === undefined ? granted(assignment) : inheritedAs(assignment, inherited)
    }),
    ...unwanted(found, wanted, desired, actual),
  ]
  return {
    changes: parts.flatMap(({ changes }) => changes),
    operations: parts.flatMap(({ operations }) => operations),
    warnings: [...parts.flatMap(({ warnings }) => warnings), ...heldAnyway(parts, desired)],
  }
}

const changeOf = (change: Change['change'], assignment: EligibleDesired, reason: string): Change => ({
  ...assignmentChange(change, assignment),
  kind: 'eligible role assignment',
  reason,
})

const granted = (assignment: EligibleDesired): Difference => ({
  changes: [
    changeOf(
      'create',
      assignment,
      `For ${assignment.eligible.days} days: whoever is in the group activates it when it is needed. Later runs extend it.`,
    ),
  ],
  operations: [{ kind: 'make-eligible', assignment, replaces: undefined }],
  warnings: [],
})

function differenceOf(assignment: EligibleDesired, there: ActualEligibility): Difference {
  const reason = reasonToChange(assignment, there)
  if (reason === undefined) {
    const until = there.end === undefined ? 'It does not end.' : `Until ${there.end.slice(0, 10)}.`
    return { changes: [changeOf('keep', assignment, until)], operations: [], warnings: [] }
  }
  return {
    changes: [changeOf('modify', assignment, reason)],
    operations: [{ kind: 'make-eligible', assignment, replaces: there.id }],
    warnings: [],
  }
}

function reasonToChange(
  { condition, eligible: { days } }: EligibleDesired,
  there: ActualEligibility,
): string | undefined {
  if (!sameCondition(condition?.expression, there.condition))
    return condition === undefined
      ? 'Others have put a condition on it, and the manifests mean all that the role lets do.'
      : `It is to hold for ${condition.limit} only.`
  if (there.daysLeft === undefined || there.daysLeft > days + 1)
    return `It is to end after ${days} days, unless a run extends it.`
  if (there.daysLeft >= extendedWithin(days)) return undefined
  return `It would end on ${(there.end ?? '').slice(0, 10)}, and is extended by ${days} days from now.`
}

/** Of our groups, in the managed scopes, for roles of the catalogue or the factory's own: what no manifest asks for. */
function unwanted(
  found: readonly ActualEligibility[],
  wanted: readonly EligibleDesired[],
  desired: DesiredAccess,
  actual: ActualAccess,
): readonly Difference[] {
  const ours = ourPrincipals(desired, actual)
  const tuples = new Set(
    wanted.flatMap((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual)
      return principalId === undefined ? [] : [tupleOf({ ...assignment, principalId })]
    }),
  )
  return found.flatMap((eligibility): readonly Difference[] => {
    const principalName = ours.get(eligibility.principalId.toLowerCase())?.name
    const role = roleNameOf({ ...eligibility, plane: 'azure' }, desired)
    if (principalName === undefined || role === undefined || tuples.has(tupleOf(eligibility))) return []
    if (!desired.managedScopes.some((scope) => isWithin(eligibility.scope, scope))) return []
    const change: Change = {
      ...assignmentChange('delete', { role, principalName, scope: eligibility.scope }),
      kind: 'eligible role assignment',
      reason: 'The manifests do not make it eligible for this role.',
    }
    return [
      {
        changes: [change],
        operations: [{ kind: 'end-eligibility', eligibility, role, principalName }],
        warnings: [],
      },
    ]
  })
}

/** What a group that becomes eligible has all the time nevertheless, said when it becomes so. */
function heldAnyway(parts: readonly Difference[], { assignments }: DesiredAccess): readonly string[] {
  const becoming = parts.flatMap(({ operations }) =>
    operations.flatMap((one) =>
      one.kind === 'make-eligible' && one.replaces === undefined ? [one.assignment.principalName] : [],
    ),
  )
  return [...new Set(becoming)].flatMap((name) => {
    const held = assignments.filter((one) => one.principalName === name && !isEligible(one))
    if (held.length === 0) return []
    const roles = [...new Set(held.map(({ role }) => role))]
    return `${name} has ${roles.join(', ')} all the time: only what is in the project's resource group can wait for its activation.`
  })
}

/**
 * Who leaves a group while a role is active for them keeps it until it ends, because it was activated for the person.
 * https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-activate-your-roles
 */
export function stillActive(
  leaving: readonly { readonly objectId: string; readonly display: string }[],
  desired: DesiredAccess,
  { assignments }: Pick<ActualAccess, 'assignments'>,
): readonly string[] {
  const eligible = desired.assignments.filter(isEligible)
  return leaving.flatMap(({ objectId, display }) =>
    assignments
      .filter(({ principalId }) => sameText(principalId, objectId))
      .flatMap((active) => {
        const of = eligible.find((one) => tupleOf({ ...one, principalId: objectId }) === tupleOf(active))
        if (of === undefined) return []
        return `${display} has activated ${of.role}, and keeps it until that ends, eight hours at most unless the role's settings say otherwise. To end it at once, an Owner removes it in Privileged Identity Management, under the active assignments of the resource group.`
      }),
  )
}

/** Has somebody a role themselves because they activated it, as a member of a group of ours that is eligible for it there? */
export const isActivation = (
  { scope, roleDefinitionId, principalId }: ActualAssignment,
  { groups, eligible }: Pick<ActualAccess, 'groups' | 'eligible'>,
): boolean =>
  eligible.kind === 'known' &&
  eligible.eligible.some(
    (one) =>
      tupleOf({ scope, roleDefinitionId, principalId: one.principalId }) === tupleOf(one) &&
      [...groups.values()].some(
        ({ objectId, members }) =>
          sameText(objectId, one.principalId) &&
          members.some((member) => sameText(member.objectId, principalId)),
      ),
  )

/**
 * Nothing is done where people are to be eligible and the tenant cannot, or nobody can see who is.
 * @throws UserError that says what is missing, and how to get it
 */
export function refuseEligible(desired: DesiredAccess, { eligible }: Pick<ActualAccess, 'eligible'>): void {
  const names = [...new Set(desired.assignments.filter(isEligible).map(({ principalName }) => principalName))]
  if (names.length === 0 || eligible.kind === 'known') return
  const what = `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} to be eligible for roles, by 'eligible' of the personas in factory.yml.`
  if (eligible.kind === 'unlicensed')
    throw new UserError({
      what: `${what} The tenant has no licence for that.`,
      why: 'Privileged Identity Management takes Microsoft Entra ID P2 or Microsoft Entra ID Governance, for everybody who is eligible.',
      fix: "Buy the licence, or take 'eligible' out of factory.yml: people then have their roles all the time.",
      more: 'https://learn.microsoft.com/entra/id-governance/licensing-fundamentals',
    })
  throw new UserError({
    what: `${what} The identity that is signed in may not see who is.`,
    why: 'It lacks Microsoft.Authorization/roleEligibilitySchedules/read on the resource group whose roles they are.',
    fix: "Assign it Reader on the subscription, or run 'npm run setup -- path/to/factory.yml'.",
  })
}
