import { ArmError } from '../../../contracts.ts'
import { lastSegment } from '../../address.ts'
import { at, records, text } from '../../json.ts'
import type { EvaluatedExpression } from './conditions.ts'
import { type EffectivePolicy, givenParameters, scopeOf, shownName } from './definitions.ts'

/** Where the names of policies stand in a refusal: in its message too, as for long, or in its details only. */
export type PolicyNames = 'message' | 'details'

/** A policy that denies a request, and what it looked at. */
export interface Violation {
  readonly policy: EffectivePolicy
  readonly seen: readonly EvaluatedExpression[]
}

/**
 * 403 in Azure's shape.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
 */
export function disallowed(name: string, violations: readonly Violation[], names: PolicyNames): ArmError {
  const reasons = violations.flatMap(({ policy }) => reasonOf(policy) ?? [])
  return new ArmError(403, {
    code: 'RequestDisallowedByPolicy',
    target: name,
    message: messageOf(name, violations, reasons, names),
    additionalInfo: violations.map((violation) => ({ type: 'PolicyViolation', info: infoOf(violation) })),
  })
}

function messageOf(
  name: string,
  violations: readonly Violation[],
  reasons: readonly string[],
  names: PolicyNames,
): string {
  const head = `Resource '${name}' was disallowed by policy.`
  if (reasons.length > 0)
    return `${head} Reasons: ${reasons.map((reason) => `'${reason}'`).join(', ')}. See error details for policy resource IDs.`
  if (names === 'details') return `${head} See error details for policy resource IDs.`
  const identifiers = violations.map(({ policy: { assignment, definition, set } }) => ({
    policyAssignment: { name: shownName(assignment), id: assignment.id },
    policyDefinition: { name: shownName(definition), id: definition.id },
    ...(set === undefined ? {} : { policySetDefinition: { name: shownName(set), id: set.id } }),
  }))
  return `${head} Policy identifiers: '${JSON.stringify(identifiers)}'.`
}

/** The message of an assignment for this policy, else the one for all of its policies. */
function reasonOf({ assignment, referenceId }: EffectivePolicy): string | undefined {
  const messages = records(at(assignment, 'properties.nonComplianceMessages'))
  const own = messages.find(({ policyDefinitionReferenceId: id }) => id !== undefined && id === referenceId)
  return text((own ?? messages.find(({ policyDefinitionReferenceId: id }) => id === undefined))?.['message'])
}

function infoOf({ policy, seen }: Violation): Readonly<Record<string, unknown>> {
  const { assignment, definition, set, referenceId, effect } = policy
  return {
    evaluationDetails: { evaluatedExpressions: seen },
    policyDefinitionId: definition.id,
    policyDefinitionName: definition.name,
    policyDefinitionDisplayName: shownName(definition),
    policyDefinitionEffect: effect.toLowerCase(),
    ...(set === undefined
      ? {}
      : {
          policySetDefinitionId: set.id,
          policySetDefinitionName: set.name,
          policySetDefinitionDisplayName: shownName(set),
          policyDefinitionReferenceId: referenceId,
        }),
    policyAssignmentId: assignment.id,
    policyAssignmentName: lastSegment(assignment.id),
    policyAssignmentDisplayName: shownName(assignment),
    policyAssignmentScope: assignment.id.slice(0, scopeOf(assignment).length),
    policyAssignmentParameters: givenParameters(assignment),
    policyExemptionIds: [],
  }
}
