import { ArmError, type ArmErrorBody } from '../contracts.ts'
import { ExpressionError, NeedsRuntime } from './expressions/errors.ts'

/** A template that Azure refuses as a whole, before anything is deployed. */
export const invalidTemplate = (message: string, step: 'parse' | 'validation' = 'validation'): ArmError =>
  new ArmError(400, {
    code: 'InvalidTemplate',
    message: `Deployment template ${step} failed: '${message}'.`,
  })

/** A request whose body is not what the address takes. */
export const invalidRequest = (message: string): ArmError =>
  new ArmError(400, { code: 'InvalidRequestContent', message })

/** The complaint of an expression, with the address that Azure sends its reader to. */
export const helpful = ({ message }: ExpressionError): string =>
  message.includes('Please see')
    ? message
    : `${message} Please see https://aka.ms/arm-template-expressions for usage details.`

/** Runs a part of the template's evaluation; what its expressions complain of becomes `InvalidTemplate`. */
export function checked<T>(what: string, evaluate: () => T): T {
  try {
    return evaluate()
  } catch (error) {
    if (error instanceof ExpressionError) throw invalidTemplate(`${what} is not valid: ${helpful(error)}`)
    throw error
  }
}

/** The same for a resource, in the words Azure has for it. */
export function checkedResource<T>(id: string, evaluate: () => T): T {
  try {
    return evaluate()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new ArmError(400, {
      code: 'InvalidTemplate',
      message: `Unable to process template language expressions for resource '${id}' at line '1' and column '1'. '${error.message}'`,
    })
  }
}

/** Any failure, in Azure's form. A defect of the sandbox shows itself as `InternalServerError`. */
export function toErrorBody(error: unknown): ArmErrorBody {
  if (error instanceof ArmError) return error.body
  if (error instanceof NeedsRuntime || error instanceof ExpressionError)
    return { code: 'InvalidTemplate', message: error.message }
  return { code: 'InternalServerError', message: error instanceof Error ? error.message : String(error) }
}
