import type { Caller, Exchange } from '../../contracts.ts'
import { badRequest, errorResponse } from '../errors.ts'

const versionForm = /^\d{4}-\d{2}-\d{2}(-(preview|alpha|beta|rc|privatepreview))?$/i
const managementAudiences = ['https://management.azure.com', 'https://management.core.windows.net']

const own = /^\/(subscriptions|tenants|providers)(\/|$)/i

/** Whether an address is one of Azure Resource Manager. */
export const isOwn = (path: string): boolean => own.test(path)

/** The API version of a request; throws when it is absent or no version. */
export function apiVersionOf(url: URL): string {
  const entry = [...url.searchParams].find(([key]) => key.toLowerCase() === 'api-version')
  const version = entry?.[1]
  if (version === undefined || version === '')
    throw badRequest(
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  if (!versionForm.test(version) || Number.isNaN(Date.parse(version.slice(0, 10))))
    throw badRequest(
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions have the form 'YYYY-MM-DD' or 'YYYY-MM-DD-preview'.`,
    )
  return version
}

/** The caller of a request to Azure Resource Manager, or the 401 it gets. */
export function admit(request: Request, exchange: Exchange, tenantId: string): Caller | Response {
  const { caller } = exchange
  if (caller === undefined) {
    return request.headers.has('authorization')
      ? challenge(exchange, tenantId, 'InvalidAuthenticationToken', 'The access token is invalid.')
      : challenge(
          exchange,
          tenantId,
          'AuthenticationFailed',
          "Authentication failed. The 'Authorization' header is missing.",
        )
  }
  const accepted = [exchange.base, ...managementAudiences]
  if (accepted.includes(caller.audience)) return caller
  return challenge(
    exchange,
    tenantId,
    'InvalidAuthenticationTokenAudience',
    `The access token has been obtained for wrong audience or resource '${caller.audience}'. It should exactly match with one of the allowed audiences '${accepted.map((audience) => `${audience}/`).join("','")}'.`,
  )
}

function challenge(exchange: Exchange, tenantId: string, code: string, message: string): Response {
  const authenticate = `Bearer authorization_uri="${exchange.base}/${tenantId}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`
  return errorResponse(401, { code, message }, { 'WWW-Authenticate': authenticate })
}
