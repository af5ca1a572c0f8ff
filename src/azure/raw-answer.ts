import { z } from 'zod'

/** An answer as it came over the wire. */
interface RawAnswer {
  readonly status: number
  readonly bodyAsText?: string | null
  readonly headers: unknown
}

const refusalSchema = z.object({ error: z.looseObject({ message: z.string() }) })

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Not an answer of Azure's, e.g. a proxy's page.
    return undefined
  }
}

/** The reasons in the body of an answer, in the shape of the errors that Microsoft's older clients throw. */
function refusal({ status, bodyAsText, headers }: RawAnswer): Error | undefined {
  const { success, data } = refusalSchema.safeParse(parsed(bodyAsText ?? ''))
  if (!success) return undefined
  const { error } = data
  const statusCode = status >= 400 ? { statusCode: status } : {}
  return Object.assign(new Error(error.message), { details: error, response: { headers }, ...statusCode })
}

/**
 * Does work with one of Microsoft's newer clients, which drop the details of a refusal: it ends in an error that has
 * them, also when the client takes the refusal for an answer.
 */
export async function keepingReasons<T>(
  work: (options: { readonly onResponse: (answer: RawAnswer) => void }) => Promise<T>,
): Promise<T> {
  let answer: RawAnswer | undefined
  const onResponse = (latest: RawAnswer): void => {
    answer = latest
  }
  let result: T
  try {
    result = await work({ onResponse })
  } catch (error) {
    throw (answer && refusal(answer)) ?? error
  }
  const refused = answer && refusal(answer)
  if (refused !== undefined) throw refused
  return result
}
