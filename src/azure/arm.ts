import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import type { JsonObject } from '../json.ts'
import { lastSegment, sameText } from '../resource-id.ts'
import { call, requestLabel } from './call.ts'
import { AzureError, failureOf, readFailure, UnexpectedResponse } from './failure.ts'
import { type SendArm, settle, type Watch } from './long-running.ts'
import { send } from './pipeline.ts'
import type { Session } from './session.ts'

/** What a request is about. */
export interface Address {
  /** E.g. the id of a resource. */
  readonly path: string
  readonly apiVersion: string
  /** Further parameters of the query. */
  readonly query?: Readonly<Record<string, string>>
}

/** A request that changes something. */
export interface Change extends Address {
  readonly body: JsonObject
  /** The ETag that the resource has to have still, so that nobody else's change is overwritten. */
  readonly ifMatch?: string
  /** What is being waited for meanwhile, for the log. */
  readonly waitingFor: string
  /** What the log shows meanwhile instead. */
  readonly watch?: Watch | undefined
}

/**
 * Azure Resource Manager: any path, in any API version. Answers are checked by the schema of what is read of them. A
 * change is done when the long-running operation is that it began.
 * @throws AzureError, with status 404 when there is nothing at the path
 */
export interface Arm {
  readonly get: <T>(address: Address, schema: z.ZodType<T>) => Promise<T>
  /** Is there something at the path? For what can only be asked with HEAD. */
  readonly exists: (address: Address) => Promise<boolean>
  /** All pages of a list. */
  readonly list: <T>(address: Address, item: z.ZodType<T>) => Promise<readonly T[]>
  /** Creates or replaces a resource. @returns the resource as it is after that */
  readonly put: <T>(change: Change, schema: z.ZodType<T>) => Promise<T>
  /** As `put`, for who does not need the resource: what was made in an operation of its own is not read again. */
  readonly write: (change: Change) => Promise<void>
  /** @returns what the action answers in the end */
  readonly post: <T>(change: Change, schema: z.ZodType<T>) => Promise<T>
  readonly delete: (change: Omit<Change, 'body'>) => Promise<void>
}

/** More pages than any list has that is read here; a service that returns ever more of them is in a loop. */
const mostPages = 100

/** What every resource has. */
const resource = z.looseObject({ id: z.string().min(1) })

/** Some actions report a refusal in an answer that is a success over HTTP. */
const refusal = z.object({ error: z.looseObject({ message: z.string() }) })

/** Opens Azure Resource Manager. */
export async function openArm(session: Session): Promise<Arm> {
  const { createResourceManagement } = await import('@azure/arm-resources/api')
  const { resourceManager, resourceManagerScope } = session.cloud
  // The pipeline of Microsoft's client: it signs in, and knows proxies. `call` repeats, and says so.
  const { pipeline } = createResourceManagement(session.credential, '', {
    endpoint: resourceManager,
    credentials: { scopes: [resourceManagerScope] },
    userAgentOptions: { userAgentPrefix: session.userAgent },
    retryOptions: { maxRetries: 0 },
  })
  const service = { name: 'Azure', scope: resourceManagerScope }

  const request: SendArm = (method, url, body, headers = {}) =>
    call(session, service, requestLabel(method, url), (signal) =>
      send(
        { pipeline, endpoint: resourceManager },
        { method, url, signal, headers, ...(body && { body: JSON.stringify(body) }) },
      ),
    )
  const urlOf = ({ path, apiVersion, query }: Address): string =>
    `${resourceManager}/${encoded(path)}?${new URLSearchParams({ 'api-version': apiVersion, ...query })}`

  const put = async (
    { body, ifMatch, waitingFor, watch, ...address }: Change,
    isResourceUnread = false,
  ): Promise<unknown> => {
    const url = urlOf(address)
    const answer = await request('PUT', url, body, ifMatch === undefined ? {} : { 'if-match': ifMatch })
    const sent = { method: 'PUT', url, waitingFor, watch, isResourceUnread } as const
    const settled = await settle(answer, sent, request, session)
    if (settled !== undefined || !isResourceUnread) {
      refuseOtherResource(resource.parse(settled).id, address.path)
    }
    return settled
  }

  return {
    get: async (address, schema) => schema.parse((await request('GET', urlOf(address))).body),
    exists: async (address) => {
      try {
        await request('HEAD', urlOf(address))
        return true
      } catch (error) {
        if (readFailure(error).status === 404) return false
        throw error
      }
    },
    list: async (address, item) => {
      const page = z.object({ value: z.array(item), nextLink: z.string().nullish() })
      const items = []
      let url: string | undefined = urlOf(address)
      for (let count = 1; url !== undefined; count += 1) {
        if (count > mostPages) throw endless()
        const { value, nextLink }: z.infer<typeof page> = page.parse((await request('GET', url)).body)
        items.push(...value)
        url = nextLink ? new URL(nextLink, resourceManager).href : undefined
      }
      return items
    },
    put: async (change, schema) => schema.parse(await put(change)),
    write: async (change) => {
      await put(change, true)
    },
    post: async ({ body, waitingFor, ...address }, schema) => {
      const url = urlOf(address)
      const answer = await request('POST', url, body)
      const result = await settle(answer, { method: 'POST', url, waitingFor }, request, session)
      const { success, data } = refusal.safeParse(result)
      if (success) throw new AzureError(failureOf({ header: answer.header, body: data }))
      return schema.parse(result)
    },
    delete: async ({ waitingFor, ...address }) => {
      const url = urlOf(address)
      const answer = await request('DELETE', url)
      await settle(answer, { method: 'DELETE', url, waitingFor }, request, session)
    },
  }
}

/** Azure responds with the resource that was written. Only names are compared: of what is above, it changes the notation. */
function refuseOtherResource(answered: string, asked: string): void {
  if (sameText(lastSegment(answered), lastSegment(asked))) return
  throw new UnexpectedResponse(`it is about another resource ('${answered.slice(0, 200)}')`)
}

/** Whatever a name holds, it stays within its segment. */
function encoded(path: string): string {
  const segments = path.replace(/^\//, '').split('/')
  if (segments.some((segment) => /^\.*$/.test(segment))) {
    throw new Error(`${JSON.stringify(path)} is no path in Azure Resource Manager.`)
  }
  return segments.map(encodeURIComponent).join('/')
}

const endless = (): UserError =>
  new UserError({
    what: `A list of Azure's did not end after ${mostPages} pages.`,
    why: 'No list that is read here is that long, so the service refers to the same pages again and again.',
    fix: 'Run the job again, and report it to the operator of the service if it fails again.',
  })
