import { isForbidden } from '../../azure/failure.ts'
import { type AssignedPolicy, openPolicies } from '../../azure/policies.ts'
import { holdsFor } from '../../azure/policy-rule.ts'
import type { Session } from '../../azure/session.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { isWithin, lastSegment, sameText, subscriptionOf } from '../../resource-id.ts'
import { type Finding, unchecked } from './finding.ts'
import { adviceFor, type PolicyAdvice, projectCure, subjectOf } from './policy-advice.ts'
import { type BesideTemplate, besideTemplate, resourceOfStep, roleAssignmentType } from './policy-subjects.ts'
import type { PlannedResource, Situation } from './situation.ts'
import { incompleteness, isByPolicy, type Refusal, refusalFindings, type Validation } from './validation.ts'

/** What a delivery writes, as policies see it. */
export interface PolicySource {
  readonly session: Session
  /** The subscription that it is delivered to. */
  readonly subscriptionId: string
  /** What is in its template. */
  readonly resources: readonly PlannedResource[]
  readonly beside: BesideTemplate
  readonly validation: Validation
  readonly advice: (policy: AssignedPolicy, denied: PlannedResource) => PolicyAdvice
}

/** Does a policy deny something that the delivery of a project writes? */
export async function checkPolicies(situation: Situation): Promise<readonly Finding[]> {
  const [beside, validation] = await Promise.all([besideTemplate(situation), situation.validation()])
  const { session, resources, target } = situation
  return judgePolicies({
    session,
    subscriptionId: target.project.factory.subscriptionId,
    resources,
    beside,
    validation,
    advice: (policy, denied) =>
      adviceFor(policy, denied, { factory: target.project.factory, otherwise: projectCure(situation) }),
  })
}

/**
 * Does a policy deny something? Judged from the assignments as far as the rules are simple; of the others Azure is asked,
 * by validating the template.
 */
export async function judgePolicies(source: PolicySource): Promise<readonly Finding[]> {
  const { beside, validation } = source
  const { network, later } = beside
  const judged = [...(network ?? []).map(resourceOfStep), ...source.resources, ...later]
  const places = await readPlaces(source, judged)
  const verdicts = places.flatMap(({ policies = [], resources }) =>
    policies.map((policy) => verdictOn(policy, resources)),
  )
  const findings = [
    ...verdicts.flatMap(({ policy, denied }) => deniedFinding(policy, denied, source)),
    ...verdicts.flatMap((verdict) => complexFinding(verdict, source)),
    ...refusalFindings(otherRefusals(verdicts, validation)),
    ...places.flatMap(hiddenFinding),
  ]
  if (network === undefined) {
    const why = 'Which subnets are to come is not known: the check of the network says why.'
    findings.push(unchecked('Whether a policy denies the subnets and their network security groups.', why))
  }
  if (findings.length > 0) return findings
  const count = new Set(verdicts.map(({ policy }) => titleOf(policy))).size
  return [{ severity: 'good', what: `None of the ${count} policies denies what the delivery creates.` }]
}

/** A subscription in which the delivery writes. */
interface Place {
  readonly subscriptionId: string
  readonly resources: readonly PlannedResource[]
  /** Undefined when they may not be read. */
  readonly policies: readonly AssignedPolicy[] | undefined
}

/** The VNet may be in another subscription than the project, and what is above that one counts there only. */
async function readPlaces(
  { session, subscriptionId: home }: PolicySource,
  judged: readonly PlannedResource[],
): Promise<readonly Place[]> {
  const { enforced } = await openPolicies(session)
  const now = new Date()
  return Promise.all(
    [...Map.groupBy(judged, ({ id }) => subscriptionOf(id).toLowerCase())].map(
      async ([subscriptionId, resources]): Promise<Place> => {
        try {
          return { subscriptionId, resources, policies: await enforced(subscriptionId, now) }
        } catch (error) {
          if (!isForbidden(error) || sameText(subscriptionId, home)) throw error
          return { subscriptionId, resources, policies: undefined }
        }
      },
    ),
  )
}

const hiddenFinding = ({ subscriptionId, resources, policies }: Place): readonly Finding[] =>
  policies !== undefined
    ? []
    : [
        unchecked(
          `Whether a policy of subscription ${subscriptionId} denies ${shown(resources)}.`,
          'The identity that checks may not read the policies there.',
          'Give it Reader on that subscription, to have them checked.',
        ),
      ]

/** What one policy says of what is written. */
interface Verdict {
  readonly policy: AssignedPolicy
  readonly denied: readonly PlannedResource[]
  /** Its rule asks for more than a request says. */
  readonly unknown: readonly PlannedResource[]
}

function verdictOn(policy: AssignedPolicy, resources: readonly PlannedResource[]): Verdict {
  if (policy.effect !== undefined && !sameText(policy.effect, 'deny')) {
    return { policy, denied: [], unknown: [] }
  }
  const judged = resources
    .filter((resource) => isConcerned(policy, resource))
    .map((resource) => ({ resource, truth: truthOf(policy, resource) }))
  const those = (wanted: boolean | undefined) =>
    judged.filter(({ truth }) => truth === wanted).map(({ resource }) => resource)
  return { policy, denied: those(true), unknown: those(undefined) }
}

function isConcerned(
  { scope, notScopes, exemptions, mode }: AssignedPolicy,
  { id, type, body }: PlannedResource,
): boolean {
  // Above the subscription are management groups: what is listed for the subscription is inherited.
  const isCovered = /\/managementGroups\//i.test(scope) || isWithin(id, scope)
  const isExcepted = [...notScopes, ...exemptions].some((outer) => isWithin(id, outer))
  if (!isCovered || isExcepted) return false
  if (sameText(mode, 'All')) return true
  // Indexed policies look only at what has a place and tags, and at no resource groups. Other modes are about what is
  // inside of resources. https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics#resource-manager-modes
  const isGroup = sameText(type, 'Microsoft.Resources/resourceGroups')
  return sameText(mode, 'Indexed') && body['location'] !== undefined && !isGroup
}

function truthOf(policy: AssignedPolicy, resource: PlannedResource): boolean | undefined {
  const truth = holdsFor(policy.condition, subjectOf(resource), policy.parameters)
  if (truth === false) return false
  return policy.isSpecial || policy.effect === undefined ? undefined : truth
}

const mostNamed = 4

const shown = (resources: readonly PlannedResource[]): string =>
  enumeration(
    resources.map(({ type, name }) => `${type} '${name}'`),
    mostNamed,
  )

const titleOf = ({ policy, initiative, assignment, scope }: AssignedPolicy): string =>
  `the policy '${policy}'${initiative === undefined ? '' : ` of the initiative '${initiative}'`} (assignment '${assignment}' at ${scope})`

const more = 'https://learn.microsoft.com/azure/governance/policy/concepts/exemption-structure'

function deniedFinding(
  policy: AssignedPolicy,
  denied: readonly PlannedResource[],
  { beside: { hasGroup }, advice }: PolicySource,
): readonly Finding[] {
  const [first] = denied
  if (first === undefined) return []
  const what = `Azure would deny ${shown(denied)}: ${titleOf(policy)}.`
  const isThere = hasGroup && denied.every(({ type }) => type === roleAssignmentType)
  const severity = isThere ? 'warning' : 'fault'
  return [{ severity, what, ...advice(policy, first), more }]
}

/** What Azure says of a policy whose rule is not simple. */
function complexFinding({ policy, unknown }: Verdict, source: PolicySource): readonly Finding[] {
  if (unknown.length === 0) return []
  const { beside, validation } = source
  // The subnets to come are validated together with the template.
  const isValidated = (resource: PlannedResource): boolean => !beside.later.includes(resource)
  const incomplete = incompleteness(validation, isByPolicy)
  const denied = refusedBy(policy, unknown, validation)
  const open = incomplete === undefined ? unknown.filter((one) => !isValidated(one)) : unknown
  const rest = open.filter((one) => !denied.includes(one))
  const why =
    rest.some(isValidated) && incomplete !== undefined
      ? incomplete
      : 'Its rule asks for more than is known before it is written, and it is in no template that Azure could validate.'
  return [
    ...deniedFinding(policy, denied, source),
    ...(rest.length === 0 ? [] : [unchecked(`Whether ${titleOf(policy)} denies ${shown(rest)}.`, why)]),
  ]
}

/** What Azure refuses because of a policy. */
const refusedBy = (
  policy: AssignedPolicy,
  resources: readonly PlannedResource[],
  { refusals }: Validation,
): readonly PlannedResource[] => {
  const targets = refusals.filter((one) => isAbout(one, policy)).map(({ target }) => target)
  return resources.filter(({ id, name }) =>
    targets.some((target) => sameText(lastSegment(target), lastSegment(name)) || sameText(target, id)),
  )
}

/** What Azure refuses by a policy that no other finding names. */
function otherRefusals(verdicts: readonly Verdict[], validation: Validation): readonly Refusal[] {
  const named = verdicts.flatMap(({ policy, denied, unknown }) =>
    denied.length > 0 || refusedBy(policy, unknown, validation).length > 0 ? [policy] : [],
  )
  return validation.refusals.filter(
    (refusal) => isByPolicy(refusal) && !named.some((policy) => isAbout(refusal, policy)),
  )
}

/** Is a refusal about this policy? Azure names both it and its assignment. */
const isAbout = ({ message, ...rest }: Refusal, { policy, assignment }: AssignedPolicy): boolean =>
  isByPolicy(rest) && message.includes(policy) && message.includes(assignment)
