import { newestVersion, owner, type ServedArm } from '../../testing/served-arm.ts'

/** What was answered. */
export interface Answer {
  readonly status: number
  /** Code of the error; `undefined` when it is none. */
  readonly code: string | undefined
  readonly message: string | undefined
  readonly body: Record<string, unknown>
}

/** Asks a resource manager over HTTPS, as its owner unless somebody else is named. */
export type Ask = (method: string, path: string, body?: unknown, as?: string) => Promise<Answer>

/** Requests in the newest stable API version of their type. */
export function asking(arm: Pick<ServedArm, 'url'>): Ask {
  return async (method, path, body, as = owner) => {
    const separator = path.includes('?') ? '&' : '?'
    const response = await fetch(`${arm.url}${path}${separator}api-version=${newestVersion(path)}`, {
      method,
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const content: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
    const error = content['error'] as { code: string; message: string } | undefined
    return { status: response.status, code: error?.code, message: error?.message, body: content }
  }
}

/** Roles that a test gives, by name. */
export const roleIds = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  tagContributor: '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
} as const
