import { newestVersion, owner, type ServedArm } from './served-arm.ts'

/** What was answered, with its body as JSON when it has one. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
  /** Code of the error, when it is one. */
  readonly code: string | undefined
  readonly message: string | undefined
}

/** Sends a request as a client of the REST API does, in the newest stable API version of its type unless the path has one. */
export async function ask(
  arm: Pick<ServedArm, 'url'>,
  method: string,
  path: string,
  body?: unknown,
  more: { readonly as?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const versioned = path.includes('api-version=')
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}api-version=${newestVersion(path)}`
  const response = await fetch(versioned.startsWith('/') ? `${arm.url}${versioned}` : versioned, {
    method,
    headers: {
      authorization: `Bearer ${more.as ?? owner}`,
      'content-type': 'application/json',
      ...more.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  const { code, message } = (parsed['error'] ?? {}) as { code?: string; message?: string }
  return { status: response.status, headers: response.headers, body: parsed, code, message }
}

/** Asks one resource manager, as its owner unless somebody else is named. */
export type Ask = (method: string, path: string, body?: unknown, as?: string) => Promise<Answer>

/** Requests to one resource manager. */
export const asking =
  (arm: Pick<ServedArm, 'url'>): Ask =>
  (method, path, body, as = owner) =>
    ask(arm, method, path, body, { as })

/**
 * Asks until what was begun has ended, and returns its status: at the address that the answer gives, else at the resource
 * itself, because types such as Key Vault name no operation.
 */
export async function settle(arm: Pick<ServedArm, 'url'>, answered: Answer, as = owner): Promise<string> {
  const { headers, body } = answered
  const address = headers.get('azure-asyncoperation') ?? headers.get('location') ?? String(body['id'])
  for (;;) {
    const asked = await ask(arm, 'GET', address, undefined, { as })
    if (asked.status === 202 || asked.body['status'] === 'InProgress' || isInProgress(asked.body)) continue
    return String(asked.body['status'] ?? asked.code ?? 'Succeeded')
  }
}

/** Whether a resource is still being made or changed. */
const isInProgress = ({ properties }: Record<string, unknown>) =>
  /^(Creating|Updating)$/.test(
    String((properties as { provisioningState?: string } | undefined)?.provisioningState),
  )
