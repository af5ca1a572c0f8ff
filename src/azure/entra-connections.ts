import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline'
import { isJsonObject } from '../json.ts'
import { readAnswer, requestLabel, temporaryFailure } from './call.ts'
import { UnexpectedResponse } from './failure.ts'
import { connections } from './pipeline.ts'
import { mostAttempts, retryWhile, type Waiting, withinTimeLimit } from './retry.ts'

/** What the library cannot do without, by the end of the address that it asks. */
const promised = [
  { address: '/oauth2/v2.0/token', property: 'access_token' },
  { address: '/.well-known/openid-configuration', property: 'token_endpoint' },
] as const

function refuseOtherAnswer(url: string, body: unknown): void {
  const { pathname } = new URL(url)
  const missing = promised.find(
    ({ address, property }) =>
      pathname.endsWith(address) && !(isJsonObject(body) && typeof body[property] === 'string'),
  )
  if (missing !== undefined) throw new UnexpectedResponse(`it has no '${missing.property}'`)
}

/**
 * Connections to Entra: the rules of `call`, for a library that makes its requests itself, and that has words of its own
 * for what goes wrong in them.
 * @param onFailure is given what the library would hide
 */
export async function entraConnections(
  waiting: Waiting,
  onFailure: (error: unknown) => void,
): Promise<HttpClient> {
  const client = await connections()
  return {
    sendRequest: async (request) => {
      const once = (): Promise<PipelineResponse> =>
        withinTimeLimit(waiting.timeLimit, async (abortSignal) => {
          request.abortSignal = abortSignal
          const answer = await client.sendRequest(request)
          const { status, headers, bodyAsText } = answer
          refuseOtherAnswer(request.url, readAnswer({ status, headers, text: bodyAsText ?? '' }).body)
          return answer
        })
      const temporary = (error: unknown): string | undefined => temporaryFailure(error, 'Entra')
      try {
        const label = requestLabel(request.method, request.url)
        return await retryWhile(once, temporary, label, waiting, mostAttempts)
      } catch (error) {
        onFailure(error)
        throw error
      }
    },
  }
}
