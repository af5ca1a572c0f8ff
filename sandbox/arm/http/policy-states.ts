import { parseAddress } from '../address.ts'
import { type PolicyState, statesOf } from '../governance/policy/states.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

const path =
  /^(.*)\/providers\/Microsoft\.PolicyInsights\/policyStates\/(?:latest\/(queryResults|summarize)|default\/(queryResults))$/i

/** How resources stand to policies, one by one or counted. https://learn.microsoft.com/rest/api/policyinsights/policy-states */
export const policyStateHandler: Handler = async (request, context) => {
  const match = request.method === 'POST' ? path.exec(request.path) : null
  if (match === null) return undefined
  const [, scope = '', latest, byDefault] = match
  const action = latest ?? byDefault ?? ''
  requireRight(context, request.caller, scope, `Microsoft.PolicyInsights/policyStates/${action}/action`)
  const { store } = context.world
  const itself = store.get(scope)
  const states = statesOf([...(itself === undefined ? [] : [itself]), ...store.within(scope)], context.world)
  return action.toLowerCase() === 'summarize' ? summarize(states, scope, request) : list(states, context)
}

function list(states: readonly PolicyState[], { world: { clock } }: ArmContext): Response {
  const value = states.map(({ resource, policy, complies }) => ({
    timestamp: clock.now().toISOString(),
    resourceId: resource.id,
    resourceType: resource.type,
    resourceLocation: resource.location ?? '',
    resourceGroup: parseAddress(resource.id)?.resourceGroup ?? '',
    policyAssignmentId: policy.assignment.id,
    policyAssignmentName: policy.assignment.name,
    policyDefinitionId: policy.definition.id,
    policyDefinitionName: policy.definition.name,
    policyDefinitionAction: policy.effect.toLowerCase(),
    policyDefinitionReferenceId: policy.referenceId ?? '',
    isCompliant: complies,
    complianceState: complies ? 'Compliant' : 'NonCompliant',
  }))
  return Response.json({ '@odata.count': value.length, value })
}

/** What does not comply, in all, by assignment, and by definition within each. */
function summarize(states: readonly PolicyState[], scope: string, request: ArmRequest): Response {
  const queryResultsUri = `${request.exchange.base}${scope}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults?api-version=${request.apiVersion}`
  const results = (of: readonly PolicyState[]) => {
    const failing = of.filter(({ complies }) => !complies)
    return {
      queryResultsUri,
      nonCompliantResources: count(failing, resourceOf),
      nonCompliantPolicies: count(failing, policyOf),
    }
  }
  const policyAssignments = grouped(states, assignmentOf).map((ofAssignment) => ({
    policyAssignmentId: ofAssignment[0].policy.assignment.id,
    policySetDefinitionId: ofAssignment[0].policy.set?.id ?? '',
    results: results(ofAssignment),
    policyDefinitions: grouped(ofAssignment, policyOf).map((ofPolicy) => ({
      policyDefinitionId: ofPolicy[0].policy.definition.id,
      policyDefinitionReferenceId: ofPolicy[0].policy.referenceId ?? '',
      effect: ofPolicy[0].policy.effect.toLowerCase(),
      results: results(ofPolicy),
    })),
  }))
  return Response.json({ '@odata.count': 1, value: [{ results: results(states), policyAssignments }] })
}

type KeyOf = (state: PolicyState) => string
const resourceOf: KeyOf = ({ resource }) => resource.id.toLowerCase()
const assignmentOf: KeyOf = ({ policy }) => policy.assignment.id.toLowerCase()
const policyOf: KeyOf = (state) =>
  `${assignmentOf(state)} ${state.policy.definition.id.toLowerCase()} ${state.policy.referenceId ?? ''}`

const count = (states: readonly PolicyState[], keyOf: KeyOf): number => new Set(states.map(keyOf)).size

type Group = [PolicyState, ...PolicyState[]]

function grouped(states: readonly PolicyState[], keyOf: KeyOf): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const state of states) {
    const group = groups.get(keyOf(state))
    if (group === undefined) groups.set(keyOf(state), [state])
    else group.push(state)
  }
  return [...groups.values()]
}
