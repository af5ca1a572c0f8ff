import { checkedResource, invalidTemplate } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resolve } from '../expressions/resolve.ts'
import type { Scope } from '../expressions/scope.ts'
import { deploymentType, sameId } from '../ids.ts'
import type { ResourceNode } from './nodes.ts'
import type { GivenParameters } from './parameters.ts'

/** A template deployed by a template. */
interface Nested {
  readonly id: string
  readonly name: string
  /** The resource group or subscription it is deployed to. */
  readonly scopeId: string
  readonly location: string | undefined
  readonly template: Json
  readonly parameters: GivenParameters
  /** Expressions see this scope, when they are evaluated outside (`expressionEvaluationOptions.scope: outer`). */
  readonly outer: Scope | undefined
}

/** Is this resource a nested deployment? */
export const isNested = (node: ResourceNode): boolean => sameId(node.type, deploymentType)

/**
 * Reads a nested deployment.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates
 * @param scope the scope of the template around it
 * @param keep told of parameters that only the running deployment knows; without it they are an error
 */
export function readNested(node: ResourceNode, scope: Scope, keep?: () => void): Nested {
  const properties = node.declaration['properties']
  if (!isObject(properties)) throw invalidTemplate(`The deployment '${node.name}' has no properties`)
  const template = properties['template']
  if (template === undefined)
    throw invalidTemplate(
      `The nested deployment '${node.name}' must have a template: templates behind a link are not read by this cloud`,
    )
  const location = node.declaration['location']
  const inner = isEvaluatedInside(properties)
  return {
    id: node.id,
    name: node.name,
    scopeId: node.id.slice(0, node.id.toLowerCase().lastIndexOf('/providers/')),
    location:
      location === undefined ? undefined : String(checkedResource(node.id, () => resolve(location, scope))),
    template,
    parameters: inner ? innerParameters(node, properties['parameters'], scope, keep) : new Map(),
    outer: inner ? undefined : scope,
  }
}

/** Are the expressions of a nested template evaluated by itself, and not by the template around it? */
export function isEvaluatedInside(properties: JsonObject): boolean {
  const options = properties['expressionEvaluationOptions']
  return isObject(options) && String(options['scope']).toLowerCase() === 'inner'
}

function innerParameters(
  node: ResourceNode,
  declared: Json | undefined,
  scope: Scope,
  keep: (() => void) | undefined,
): GivenParameters {
  if (!isObject(declared)) return new Map()
  const entries = Object.entries(declared).map(([name, item]): [string, Json | undefined] => {
    if (!isObject(item) || item['value'] === undefined)
      throw invalidTemplate(`The parameter '${name}' of the nested deployment '${node.name}' has no value`)
    let known = true
    const onUnknown = (): void => {
      known = false
      keep?.()
    }
    const value = checkedResource(node.id, () =>
      resolve(item['value'] ?? null, scope, keep === undefined ? undefined : onUnknown),
    )
    return [name, known ? value : undefined]
  })
  return new Map(entries)
}
