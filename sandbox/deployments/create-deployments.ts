import type { Area } from '../contracts.ts'
import type { DeploymentsDependencies } from './dependencies.ts'
import { deploymentCalls } from './http/deployments.ts'
import { readTarget, requireApiVersion, requireCaller } from './http/request.ts'
import { stackCalls } from './http/stacks.ts'
import { whatIfResultCalls } from './http/what-if-results.ts'
import { type DeploymentsState, settleInterrupted } from './state.ts'

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
