import { z } from 'zod'

/** How Azure tells that an operation ended badly. https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
const ended = z.object({
  status: z.enum(['Failed', 'Canceled']),
  error: z.looseObject({ code: z.string(), message: z.string().default('') }).optional(),
})

const endedBadly = /"status"\s*:\s*"(?:Failed|Canceled)"/

/** What is looked at of an answer; every generation of the clients has more. */
interface Answer {
  readonly bodyAsText?: string | null
  readonly headers: unknown
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Not an answer of Azure's, e.g. a proxy's page.
    return undefined
  }
}

function failureOf({ bodyAsText, headers }: Answer): Error | undefined {
  if (!endedBadly.test(bodyAsText ?? '')) return undefined
  const { success, data } = ended.safeParse(parsed(bodyAsText ?? ''))
  if (!success) return undefined
  const { status, error = { code: status, message: 'Azure did not say why.' } } = data
  return Object.assign(new Error(error.message), { details: error, response: { headers } })
}

/**
 * A policy that ends the waiting for an operation with Azure's reasons, in the shape of the errors that Microsoft's
 * older clients throw: the newer ones keep the message at best, and nothing at all of one that was cancelled.
 */
export const tellFailedOperations = {
  position: 'perCall' as const,
  policy: {
    name: 'tellFailedOperations',
    sendRequest: async <Request, Response extends Answer>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response> => {
      const answer = await next(request)
      const failure = failureOf(answer)
      if (failure !== undefined) throw failure
      return answer
    },
  },
}
