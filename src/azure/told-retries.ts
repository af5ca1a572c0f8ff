/** What is looked at of a request; every generation of the clients has more. */
interface Sent {
  readonly requestId: string
  readonly url: string
  readonly method: string
}

/**
 * A policy that tells when Microsoft's client sends a request again: the client waits and repeats by itself, for up to
 * a minute, without a word.
 */
export function tellRetries(progress: (line: string) => void) {
  const attempts = new Map<string, { readonly count: number; readonly reason: string }>()

  const sendRequest = async <Request extends Sent, Response extends { readonly status: number }>(
    request: Request,
    next: (request: Request) => Promise<Response>,
  ): Promise<Response> => {
    const before = attempts.get(request.requestId)
    if (before !== undefined) {
      const { pathname } = new URL(request.url)
      progress(
        `${before.reason} for ${request.method} …/${pathname.split('/').slice(-2).join('/')}: attempt ${before.count + 1}`,
      )
    }
    const count = (before?.count ?? 0) + 1
    try {
      const response = await next(request)
      const repeated = response.status === 429 || response.status === 408 || response.status >= 500
      if (repeated) attempts.set(request.requestId, { count, reason: `Azure answered ${response.status}` })
      else attempts.delete(request.requestId)
      return response
    } catch (error) {
      attempts.set(request.requestId, { count, reason: 'No answer from Azure' })
      throw error
    }
  }

  return { position: 'perRetry' as const, policy: { name: 'tellRetries', sendRequest } }
}
