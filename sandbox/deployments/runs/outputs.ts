import { ArmError } from '../../contracts.ts'
import { toErrorBody } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resolve, rounds } from '../expressions/resolve.ts'
import { type Scope, withLoop } from '../expressions/scope.ts'
import type { Template } from '../template/template.ts'

const shownTypes: Readonly<Record<string, string>> = {
  string: 'String',
  securestring: 'SecureString',
  int: 'Int',
  bool: 'Bool',
  array: 'Array',
  object: 'Object',
  secureobject: 'SecureObject',
}

/**
 * The outputs of a deployment: `{"name": {"type", "value"}}`; secure ones have no value.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/outputs
 * @throws ArmError `DeploymentOutputEvaluationFailed`
 */
export function evaluateOutputs(template: Template, scope: Scope): JsonObject {
  const outputs: Record<string, Json> = {}
  for (const [name, definition] of Object.entries(template.outputs)) {
    try {
      if (definition['condition'] !== undefined && resolve(definition['condition'], scope) !== true) continue
      outputs[name] = output(definition, scope)
    } catch (error) {
      throw evaluationFailed(name, error)
    }
  }
  return outputs
}

function output(definition: JsonObject, scope: Scope): JsonObject {
  const type = shownTypes[String(definition['type']).toLowerCase()] ?? 'Object'
  if (type.startsWith('Secure')) return { type }
  const copy = definition['copy']
  const value = isObject(copy)
    ? rounds(copy['count'], scope).map((index) => resolve(copy['input'] ?? null, withLoop(scope, '', index)))
    : resolve(definition['value'] ?? null, scope)
  return { type, value }
}

function evaluationFailed(name: string, error: unknown): ArmError {
  return new ArmError(400, {
    code: 'DeploymentOutputEvaluationFailed',
    message: `Unable to evaluate template outputs: '${name}'. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.`,
    details: [{ ...toErrorBody(error), target: name }],
  })
}
