import { type Area, ArmError } from '../../contracts.ts'
import { errorResponse } from '../errors.ts'
import { apiVersionOf, isOwn } from '../http/admission.ts'
import { checkAddress } from './types.ts'

/** An area of Azure Resource Manager that sees only requests to types, in API versions, that there are. */
export function gated(area: Area): Area {
  return async (request, exchange) => {
    const path = exchange.url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
    if (!isOwn(path) || exchange.caller === undefined) return area(request, exchange)
    try {
      checkAddress(path, apiVersionOf(exchange.url))
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      return errorResponse(error.status, error.body)
    }
    return area(request, exchange)
  }
}
