import { refusal } from '../errors.ts'
import type { ArmRequest, Handler } from './context.ts'

/** What Azure serves to everybody and the sandbox does not: it says so, instead of asking for a right that nobody lacks. */
const absent = [/^\/providers\/Microsoft\.Authorization\/providerOperations(\/|$)/i]

/** Owns up to what is absent. */
export const absentHandler: Handler = async (request) => {
  if (absent.some((pattern) => pattern.test(request.path))) throw notServed(request)
  return undefined
}

/** Nobody serves this address: Azure's code, with a sentence that does not speak for Azure. */
export function notServed({ method, path, apiVersion }: ArmRequest) {
  return refusal(
    404,
    'InvalidResourceType',
    `The resource type or action at '${method} ${path}' could not be found for api version '${apiVersion}'. If Azure serves it, the sandbox does not.`,
  )
}
