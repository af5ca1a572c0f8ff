import type { ValidationLevel } from '../../contracts.ts'
import { invalidRequest } from '../errors.ts'
import type { JsonObject } from '../expressions/json.ts'

const levels: readonly ValidationLevel[] = ['Template', 'Provider', 'ProviderNoRbac']

/**
 * How far a request wants to be validated, in any case of its letters; `undefined` when it does not say.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#validation-levels
 * @throws ArmError `InvalidRequestContent`
 */
export function readLevel({ validationLevel }: JsonObject): ValidationLevel | undefined {
  if (validationLevel === undefined || validationLevel === null) return undefined
  const found = levels.find((level) => level.toLowerCase() === String(validationLevel).toLowerCase())
  if (found !== undefined) return found
  throw invalidRequest(
    `The request content was invalid and could not be deserialized: 'Error converting value "${String(validationLevel)}" to type 'ValidationLevel'. Path 'properties.validationLevel', line 1, position 1.'.`,
  )
}
