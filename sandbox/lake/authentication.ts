import type { Caller } from '../contracts.ts'
import { StorageError } from './errors.ts'

const audience = 'https://storage.azure.com'

/** The header that tells a caller without a valid token where to get one. */
export const challenge = (base: string, tenantId: string): Record<string, string> => ({
  'www-authenticate': `Bearer authorization_uri=${base}/${tenantId}/oauth2/authorize resource_id=${audience}`,
})

/**
 * Who asks.
 * @throws StorageError when they cannot be known, or their token is for another service
 */
export const authenticate = (request: Request, caller: Caller | undefined): Caller => {
  const authorization = request.headers.get('authorization')
  if (authorization === null) throw new StorageError('NoAuthenticationInformation')
  if (!/^Bearer /i.test(authorization)) {
    throw new StorageError('AuthenticationFailed', 'Only tokens of the directory are accepted here.')
  }
  if (request.headers.get('x-ms-version') === null) {
    throw new StorageError(
      'AuthenticationFailed',
      'Authentication scheme Bearer is not supported in this version.',
    )
  }
  if (caller === undefined) {
    throw new StorageError('InvalidAuthenticationInfo', 'Signature validation failed.')
  }
  if (caller.audience !== audience) {
    throw new StorageError('InvalidAuthenticationInfo', 'Audience validation failed. Audience did not match.')
  }
  return caller
}
