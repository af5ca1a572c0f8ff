import { type Area, ArmError, type DeployTemplate } from '../contracts.ts'
import type { DeploymentsDependencies } from './dependencies.ts'
import { toJson } from './expressions/json.ts'
import { deploymentCalls } from './http/deployments.ts'
import { readTarget, requireApiVersion, requireCaller } from './http/request.ts'
import { stackCalls } from './http/stacks.ts'
import { whatIfResultCalls } from './http/what-if-results.ts'
import { newRecord } from './runs/record.ts'
import { runDeployment, settle } from './runs/runner.ts'
import { type DeploymentRecord, type DeploymentsState, settleInterrupted } from './state.ts'
import { givenParameters } from './template/parameters.ts'
import { compileRequest, deploymentIdOf } from './template/plan.ts'

/**
 * Deployments and deployment stacks at resource groups and subscriptions, over the resources of the engine. The state is
 * plain JSON; what it says is still running is what a stopped sandbox left behind, and counts as failed.
 */
export function createDeployments(state: DeploymentsState, deps: DeploymentsDependencies): Area {
  settleInterrupted(state)
  const areas = {
    deployments: deploymentCalls(state, deps),
    deploymentStacks: stackCalls(state, deps),
    deploymentStacksWhatIfResults: whatIfResultCalls(state, deps),
  }
  return async (request, exchange) => {
    const target = readTarget(exchange.url)
    if (target === undefined) return undefined
    const caller = requireCaller(exchange)
    requireApiVersion(exchange.url)
    const call = { request, target, caller, query: exchange.url.searchParams }
    return areas[target.kind](call)
  }
}

/** What policies deploy with: a deployment like any other, which nobody asked for by a request. */
export function createTemplateDeployer(
  state: DeploymentsState,
  deps: DeploymentsDependencies,
): DeployTemplate {
  return async ({ scopeId, name, template, parameters, caller }) => {
    const request = {
      scopeId,
      name,
      location: undefined,
      template: toJson(template),
      mode: 'Incremental' as const,
      caller,
    }
    const keep = (record: DeploymentRecord): DeploymentRecord => {
      state.deployments[record.id.toLowerCase()] = record
      return record
    }
    try {
      deps.managementLocks.check(deploymentIdOf(scopeId, name), 'Microsoft.Resources/deployments', 'write')
      const given = { ...request, parameters: givenParameters(toJson(parameters)) }
      const compiled = compileRequest(given, deps)
      const record = keep(newRecord(given, compiled, deps.identifiers.uuid(), deps))
      await runDeployment(record, compiled, caller, { state, deps })
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      const record = keep(newRecord(request, undefined, deps.identifiers.uuid(), deps))
      settle(record, 'Failed', record.timestamp, error.body)
    }
  }
}
