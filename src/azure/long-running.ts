import type { HttpMethods } from '@azure/core-rest-pipeline'
import { z } from 'zod'
import type { JsonObject } from '../json.ts'
import { type Answer, AzureError, failureOf, UnexpectedResponse } from './failure.ts'
import type { Waiting } from './retry.ts'

/** A change that was sent. */
interface Sent {
  readonly method: 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  /** What is being waited for, for the log. */
  readonly waitingFor: string
  /** What the log shows meanwhile, instead of how long it has taken. */
  readonly watch?: Watch | undefined
  /** Does nobody need the resource that a PUT made in an operation of its own? Then it is not read again. */
  readonly isResourceUnread?: boolean
}

/** Called after each look at what is being waited for, with the milliseconds waited until then. */
export type Watch = (waited: number) => Promise<void>

/** Sends one request to Azure Resource Manager, again where that helps. */
export type SendArm = (
  method: HttpMethods,
  url: string,
  body?: JsonObject,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

type Pausing = Pick<Waiting, 'progress' | 'sleep'>

const firstPause = 200
const longestPause = 10_000
const growth = 1.5
const linesEvery = 15_000

/** Logs about every quarter of a minute what is being waited for and how long that has taken. */
function heartbeat(waitingFor: string, progress: Pausing['progress']): Watch {
  let reported = 0
  return async (waited) => {
    if (waited - reported < linesEvery) return
    reported = waited
    progress(`Still waiting for ${waitingFor} (${Math.round(waited / 1000)} s)`)
  }
}

/** Polls until there is something: quickly at first, then less often, at most every ten seconds. */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  waitingFor: string,
  { progress, sleep }: Pausing,
  watch: Watch = heartbeat(waitingFor, progress),
): Promise<T> {
  let waited = 0
  for (let pause = firstPause; ; pause = Math.min(pause * growth, longestPause)) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(pause)
    waited += pause
    await watch(waited)
  }
}

const status = z.looseObject({ status: z.string(), properties: z.unknown().optional() })

const ended = ['succeeded', 'failed', 'canceled']

/** Ended, or not being worked on. */
const isTerminal = (state: string): boolean => ended.includes(state.toLowerCase())

/** The state of a resource, when it has one. */
const stateful = z.looseObject({
  properties: z.looseObject({ provisioningState: z.string().nullish() }).nullish(),
})

/** Why an operation failed. */
function operationFailure(state: string, { body, header }: Answer): AzureError {
  const { success, data } = z.object({ error: z.looseObject({ code: z.string() }) }).safeParse(body)
  const error = success ? data.error : { code: state, message: 'Azure did not say why.' }
  return new AzureError(failureOf({ header, body: { error } }))
}

/**
 * Waits for the operation that an answer began, if it did. https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 * @returns the resource that a PUT created, or what an action answers in the end
 * @throws AzureError without a status when the operation was accepted and failed
 */
export async function settle(
  answer: Answer,
  sent: Sent,
  request: SendArm,
  session: Pausing,
): Promise<unknown> {
  const operation = answer.header('azure-asyncoperation')
  const location = answer.header('location')
  const waitFor = (look: () => Promise<Answer | undefined>): Promise<Answer> =>
    poll(look, sent.waitingFor, session, sent.watch)
  const read = (url: string) => (): Promise<Answer> => request('GET', url)

  if (operation === undefined && answer.status !== 202) {
    return sent.method === 'PUT' ? (await waitFor(provisioned(answer, read(sent.url)))).body : answer.body
  }
  const address = operation ?? location
  if (address === undefined) {
    throw new UnexpectedResponse('it accepts the request, but has no address to poll for the result')
  }
  const last = await waitFor(
    operation === undefined ? unlessAccepted(read(address)) : succeeded(read(address)),
  )
  if (sent.method === 'PUT') {
    return sent.isResourceUnread === true ? undefined : (await request('GET', sent.url)).body
  }
  if (sent.method === 'DELETE' || operation === undefined) return last.body
  return location === undefined ? status.parse(last.body).properties : (await request('GET', location)).body
}

/** An operation with a status of its own, once it has succeeded. */
const succeeded = (read: () => Promise<Answer>) => async (): Promise<Answer | undefined> => {
  const answer = await read()
  const { status: state } = status.parse(answer.body)
  if (!isTerminal(state)) return undefined
  if (state.toLowerCase() !== 'succeeded') throw operationFailure(state, answer)
  return answer
}

/** An operation whose address answers 202 until it has ended. */
const unlessAccepted = (read: () => Promise<Answer>) => async (): Promise<Answer | undefined> => {
  const answer = await read()
  return answer.status === 202 ? undefined : answer
}

/** A resource that says itself how far it is. */
function provisioned(first: Answer, read: () => Promise<Answer>) {
  let next: Answer | undefined = first
  return async (): Promise<Answer | undefined> => {
    const answer: Answer = next ?? (await read())
    next = undefined
    const state = stateful.parse(answer.body).properties?.provisioningState ?? 'Succeeded'
    if (!isTerminal(state)) return undefined
    if (state.toLowerCase() !== 'succeeded') throw operationFailure(state, answer)
    return answer
  }
}
