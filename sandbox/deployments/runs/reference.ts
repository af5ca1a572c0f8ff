import { ArmError, type Caller } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { ExpressionError } from '../expressions/errors.ts'
import { type Json, toJson } from '../expressions/json.ts'
import type { Scope } from '../expressions/scope.ts'
import { deploymentType, describeId, resourceGroupOf, sameId, subscriptionOf } from '../ids.ts'
import type { DeploymentsState } from '../state.ts'
import type { ResourceIndex } from '../template/dependencies.ts'
import { deploymentProperties } from './representation.ts'

/** Where `reference()` looks: the templates around the expression, then all that exists. */
export interface ReferenceSources {
  readonly state: DeploymentsState
  readonly deps: DeploymentsDependencies
  /** Who deploys: `list*()` needs a right. */
  readonly caller: Caller
  /** Indexes of the template and of those around it, the innermost first. */
  readonly indexes: readonly ResourceIndex[]
}

/** A scope whose `reference()` reads what is deployed. */
export const whileRunning = (scope: Scope, sources: ReferenceSources): Scope => ({
  ...scope,
  reference: (target, full) => read(idOf(target, sources), full, sources),
  references: (loop, full) => roundsOf(loop, sources).map((id) => read(id, full, sources)),
  list: (name, target) => listed(name, idOf(target, sources), sources),
})

function idOf(target: string, { indexes }: ReferenceSources): string {
  for (const index of indexes) {
    const [found] = index.find(target)
    if (found !== undefined) return found.id
  }
  if (target.startsWith('/')) return target
  throw new ExpressionError(
    `The resource '${target}' is not defined in the template. Please see https://aka.ms/arm-template for usage details.`,
  )
}

/** What the rounds of a resource's loop deploy, those that are disabled left out. */
function roundsOf(loop: string, { indexes }: ReferenceSources): readonly string[] {
  const rounds = indexes.map((index) => index.find(loop)).find((found) => found.length > 0)
  if (rounds === undefined)
    throw new ExpressionError(
      `The template reference '${loop}' is not valid: could not find template resource or resource copy with this name. Please see https://aka.ms/arm-function-reference for usage details.`,
    )
  return rounds.filter(({ enabled }) => enabled).map(({ id }) => id)
}

/** What a `list*()` function returns: the answer to the POST of that name. */
function listed(name: string, id: string, { deps, caller }: ReferenceSources): Json {
  const answer = deps.actions.call(id, name, caller)
  if (answer !== undefined) return toJson(answer)
  throw new ArmError(404, {
    code: 'InvalidResourceType',
    message: `The resource type '${describeId(id).type}' has no action '${name}'.`,
  })
}

function read(id: string, full: boolean, { state, deps }: ReferenceSources): Json {
  const { type, name } = describeId(id)
  const deployment = state.deployments[id.toLowerCase()]
  if (deployment !== undefined && sameId(type, deploymentType)) {
    const properties = deploymentProperties(deployment)
    return full ? { id, name, type, properties } : properties
  }
  const stored = deps.engine.get(id)
  if (stored === undefined) throw notFound(id)
  const resource = toJson(stored)
  if (!full) return toJson(stored.properties ?? {})
  const { ...shown } = typeof resource === 'object' ? resource : {}
  return {
    ...shown,
    resourceId: id,
    subscriptionId: subscriptionOf(id) ?? '',
    resourceGroupName: resourceGroupOf(id) ?? '',
  }
}

function notFound(id: string): ArmError {
  const { type, name } = describeId(id)
  return new ArmError(404, {
    code: 'ResourceNotFound',
    message: `The Resource '${type}/${name}' under resource group '${resourceGroupOf(id) ?? '<null>'}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  })
}
