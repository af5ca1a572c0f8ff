import { ArmError } from '../../contracts.ts'
import { checked, helpful, invalidTemplate, toErrorBody } from '../errors.ts'
import { ExpressionError } from '../expressions/errors.ts'
import { isObject, type Json, type JsonObject } from '../expressions/json.ts'
import { resolve, rounds } from '../expressions/resolve.ts'
import { type Scope, withLoop } from '../expressions/scope.ts'
import type { Template } from './template.ts'
import { faultOf } from './type-check.ts'
import { shownType } from './type-definition.ts'

/**
 * The outputs of a deployment: `{"name": {"type", "value"}}`; secure ones have no value.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/outputs
 * @throws ArmError `DeploymentOutputEvaluationFailed`
 */
export function evaluateOutputs(template: Template, scope: Scope): JsonObject {
  const outputs: Record<string, Json> = {}
  const faults: { readonly name: string; readonly error: unknown }[] = []
  for (const [name, definition] of Object.entries(template.outputs)) {
    try {
      if (definition['condition'] !== undefined && resolve(definition['condition'], scope) !== true) continue
      const value = outputValue(definition, scope)
      const fault = wrongType(definition, value, template)
      if (fault !== undefined) throw new ExpressionError(fault)
      const type = shownType(definition, template.definitions)
      outputs[name] = type.startsWith('Secure') ? { type } : { type, value }
    } catch (error) {
      faults.push({ name, error })
    }
  }
  if (faults.length > 0) throw evaluationFailed(faults)
  return outputs
}

/** The outputs whose condition is known to hold before anything is deployed. */
export const wantedOutputs = (template: Template, scope: Scope): readonly JsonObject[] =>
  Object.entries(template.outputs)
    .filter(([name, { condition = true }]) => {
      const where = `The template output '${name}' at line '1' and column '1'`
      return checked(where, () => resolve(condition, scope, () => undefined)) === true
    })
    .map(([, definition]) => definition)

/**
 * What is wrong with outputs that can be evaluated before anything is deployed refuses the template.
 * @throws ArmError `InvalidTemplate`
 */
export function checkOutputs(template: Template, scope: Scope): void {
  for (const [name, definition] of Object.entries(template.outputs)) {
    const where = `The template output '${name}' at line '1' and column '1'`
    let known = true
    const keep = (): void => {
      known = false
    }
    checked(where, () => {
      const wanted = resolve(definition['condition'] ?? true, scope, keep)
      if (!known || wanted !== true) return
      const value = outputValue(definition, scope, keep)
      const fault = known ? wrongType(definition, value, template) : undefined
      if (fault !== undefined) throw invalidTemplate(`${where} is not valid: ${fault}`)
    })
  }
}

function outputValue(definition: JsonObject, scope: Scope, keep?: () => void): Json {
  const copy = definition['copy']
  if (!isObject(copy)) return resolve(definition['value'] ?? null, scope, keep)
  return rounds(copy['count'], scope).map((index) =>
    resolve(copy['input'] ?? null, withLoop(scope, '', index), keep),
  )
}

function wrongType(definition: JsonObject, value: Json, template: Template): string | undefined {
  const fault = faultOf(definition, value, template.definitions)
  if (fault === undefined) return undefined
  const { kinds, path, reason } = fault
  const what =
    kinds === undefined || path !== ''
      ? `Template output value${path === '' ? '' : ` at '${path}'`} is not valid. ${reason} `
      : `Template output JToken type is not valid. Expected '${kinds.expected === 'String' ? 'String, Uri' : kinds.expected}'. Actual '${kinds.actual}'.`
  return `${what}Please see https://aka.ms/arm-template/#outputs for usage details.`
}

function evaluationFailed(faults: readonly { readonly name: string; readonly error: unknown }[]): ArmError {
  return new ArmError(400, {
    code: 'DeploymentOutputEvaluationFailed',
    message: `Unable to evaluate template outputs: '${faults.map(({ name }) => name).join(',')}'. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.`,
    details: faults.map(({ name, error }) =>
      error instanceof ExpressionError
        ? {
            code: 'DeploymentOutputEvaluationFailed',
            target: name,
            message: `The template output '${name}' is not valid: ${helpful(error)}.`,
          }
        : { ...toErrorBody(error), target: name },
    ),
  })
}
