import { newestVersion, owner, type ServedArm } from './served-arm.ts'

/** An answer, with its body as JSON when it has one. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
  /** Code of the error, when it is one. */
  readonly code: string | undefined
}

/** Sends a request as a client of the REST API does, in the newest stable API version of its type unless the path has one. */
export async function ask(
  arm: Pick<ServedArm, 'url'>,
  method: string,
  path: string,
  body?: object,
  more: { readonly as?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answered> {
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
  const error = parsed['error'] as { code?: string } | undefined
  return { status: response.status, headers: response.headers, body: parsed, code: error?.code }
}

/** Asks at the address that an answer gives until the operation has ended, and returns its status. */
export async function settle(arm: Pick<ServedArm, 'url'>, answered: Answered): Promise<string> {
  const address = answered.headers.get('azure-asyncoperation') ?? answered.headers.get('location') ?? ''
  for (;;) {
    const asked = await ask(arm, 'GET', address)
    if (asked.status === 202 || asked.body['status'] === 'InProgress') continue
    return String(asked.body['status'] ?? asked.code ?? 'Succeeded')
  }
}
