import type { AccessOperation } from '../../access/model.ts'
import type { EligibleAssignments } from '../../azure/eligible-assignments.ts'
import { control, type Right } from '../../azure/granted-rights.ts'
import { lastSegment } from '../../resource-id.ts'
import { eligibilityRequests } from '../../setup/identity-kinds.ts'

type MakingEligible = Extract<AccessOperation, { kind: 'make-eligible' }>
type Ending = Extract<AccessOperation, { kind: 'end-eligibility' }>

/** What making eligible and its end take, where the role is: both are requests. */
export function eligibilityRights(operation: AccessOperation): readonly Right[] {
  if (operation.kind === 'make-eligible') return control(operation.assignment.scope, eligibilityRequests)
  return operation.kind === 'end-eligibility' ? control(operation.eligibility.scope, eligibilityRequests) : []
}

/** How the log calls it. */
export const eligibleStepName = ({
  assignment: { role, principalName, eligible },
  replaces,
}: MakingEligible): string =>
  replaces === undefined
    ? `Make ${principalName} eligible for role ${role} for ${eligible.days} days`
    : `Renew that ${principalName} is eligible for role ${role}, for ${eligible.days} days`

/** How the log calls it. */
export const ineligibleStepName = ({ role, principalName, eligibility }: Ending): string =>
  `End that ${principalName} is eligible for role ${role} on ${lastSegment(eligibility.scope)}`

/** Makes a group eligible, or extends or changes that. */
export async function makeEligible(
  { assignment, replaces }: MakingEligible,
  principalId: string | undefined,
  { grant }: EligibleAssignments,
): Promise<void> {
  const { scope, roleDefinitionId, eligible, condition, principalName } = assignment
  if (principalId === undefined) throw new Error(`'${principalName}' should exist by now.`)
  const { days, justification } = eligible
  await grant({
    ...{ scope, roleDefinitionId, principalId, days, justification, replaces },
    condition: condition?.expression ?? '',
  })
}
