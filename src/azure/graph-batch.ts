import { z } from 'zod'
import { call, temporaryFailure } from './call.ts'
import { AzureError, failureOf, UnexpectedResponse } from './failure.ts'
import type { Session } from './session.ts'

/** One request among others. Its path begins after the version. */
export interface BatchRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** What became of one request. */
export type BatchOutcome =
  | { readonly kind: 'answered'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly error: AzureError }

/** Requests that go to Graph together, up to 20 in one call. https://learn.microsoft.com/graph/json-batching */
export interface GraphBatches {
  /**
   * Reads a path. What is asked for in the same turn goes together, and only once.
   * @param alone how it is read when nothing else is asked for at the time
   */
  readonly read: (path: string, alone?: () => Promise<unknown>) => Promise<unknown>
  /** Sends requests one after the other, in their order. That one is refused holds none of the others up. */
  readonly inOrder: (requests: readonly BatchRequest[]) => Promise<readonly BatchOutcome[]>
}

const requestsPerBatch = 20

const batchSchema = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown().optional(),
    }),
  ),
})
type Responses = z.infer<typeof batchSchema>['responses']

/** Sends the body of one batch. */
type Post = (body: object, signal: AbortSignal) => Promise<unknown>

/** A request that has no answer yet, or one that is worth repeating. */
interface Open {
  readonly request: BatchRequest
  readonly settle: (outcome: BatchOutcome) => void
  readonly fail: (error: unknown) => void
}

/** Opens them. */
export function openBatches(
  session: Session,
  service: { name: string; scope: string },
  post: Post,
): GraphBatches {
  /**
   * Sends one batch until each request has its answer: those that fail for now are repeated without the others, after the
   * longest time that Graph asks for. In order, each waits for the one before it, and what Graph did not try because
   * that one was refused is sent again.
   */
  const send = async (batch: readonly Open[], isOrdered: boolean): Promise<void> => {
    let open = batch
    try {
      while (open.length > 0) {
        await call(session, service, 'POST …/$batch', async (signal) => {
          const answer = await post(
            { requests: open.map((one, index) => itemOf(one.request, index, isOrdered)) },
            signal,
          )
          const { held, again } = settleAnswered(open, batchSchema.parse(answer).responses, service.name)
          const failures = new Map(again)
          open = open.filter((one) => failures.has(one) || held.includes(one))
          const first = longestWait([...failures.values()])
          if (first !== undefined) throw first
        })
      }
    } catch (error) {
      for (const one of open) one.fail(error)
    }
  }

  let asked: {
    readonly path: string
    readonly alone: (() => Promise<unknown>) | undefined
    readonly answer: PromiseWithResolvers<unknown>
  }[] = []
  const flush = (): void => {
    const byPath = Map.groupBy(asked, ({ path }) => path)
    asked = []
    const [only] = byPath.values()
    if (byPath.size === 1 && only?.[0]?.alone !== undefined) {
      const answer = only[0].alone()
      for (const one of only) one.answer.resolve(answer)
      return
    }
    const open = [...byPath].map(
      ([path, readers]): Open => ({
        request: { method: 'GET', path },
        settle: (outcome) => {
          for (const { answer } of readers) {
            if (outcome.kind === 'answered') answer.resolve(outcome.body)
            else answer.reject(outcome.error)
          }
        },
        fail: (error) => {
          for (const { answer } of readers) answer.reject(error)
        },
      }),
    )
    for (const batch of inBatches(open)) void send(batch, false)
  }

  return {
    read: (path, alone) => {
      const answer = Promise.withResolvers<unknown>()
      if (asked.length === 0) setImmediate(flush)
      asked.push({ path, alone, answer })
      return answer.promise
    },
    inOrder: async (requests) => {
      const outcomes: BatchOutcome[] = []
      for (const batch of inBatches(requests)) {
        const settled = batch.map((request) => ({ request, ...Promise.withResolvers<BatchOutcome>() }))
        const open = settled.map(
          ({ request, resolve, reject }): Open => ({ request, settle: resolve, fail: reject }),
        )
        const promises = settled.map(({ promise }) => promise)
        const [answers] = await Promise.all([Promise.all(promises), send(open, true)])
        outcomes.push(...answers)
      }
      return outcomes
    },
  }
}

const inBatches = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / requestsPerBatch) }, (_, index) =>
    items.slice(index * requestsPerBatch, (index + 1) * requestsPerBatch),
  )

/** A request as a batch has it. A batch is either wholly in order, or not at all. */
const itemOf = (
  { method, path, body, headers }: BatchRequest,
  index: number,
  isOrdered: boolean,
): object => ({
  id: String(index),
  method,
  url: path,
  ...(body && { body }),
  ...((body || headers) && { headers: { 'Content-Type': 'application/json', ...headers } }),
  ...(isOrdered && index > 0 && { dependsOn: [String(index - 1)] }),
})

/** Not tried, because one that it depends on failed. */
const failedDependency = 424

/** Settles what has a lasting answer. @returns what was held up by others, and what is worth repeating, each with its failure */
function settleAnswered(
  open: readonly Open[],
  responses: Responses,
  service: string,
): { held: readonly Open[]; again: readonly (readonly [Open, AzureError])[] } {
  const held: Open[] = []
  const again: [Open, AzureError][] = []
  for (const [index, one] of open.entries()) {
    const answer = responses.find(({ id }) => id === String(index))
    if (answer === undefined) throw new UnexpectedResponse('a request of the batch has no response')
    if (answer.status < 300) one.settle({ kind: 'answered', body: answer.body })
    else if (answer.status === failedDependency) held.push(one)
    else {
      const error = failureOfItem(answer)
      if (temporaryFailure(error, service) !== undefined || answer.status === 401) again.push([one, error])
      else one.settle({ kind: 'refused', error })
    }
  }
  return { held, again }
}

/** A token that is not accepted any more first: with another one, the rest may succeed as well. */
const longestWait = (failures: readonly AzureError[]): AzureError | undefined =>
  failures.find(({ failure }) => failure.status === 401) ??
  failures.toSorted((a, b) => (b.failure.retryAfter ?? 0) - (a.failure.retryAfter ?? 0))[0]

function failureOfItem({ status, headers, body }: Responses[number]): AzureError {
  const known = new Headers(headers ?? {})
  return new AzureError(failureOf({ status, header: (name) => known.get(name) ?? undefined, body }))
}
