import { z } from 'zod'
import { type Sandbox, trust } from '../../../sandbox/start.ts'

/** A call of Microsoft Graph by an administrator of the directory. @returns the id of what was made or read */
export type GraphByHand = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<string>

const tokenSchema = z.object({ access_token: z.string() })
const objectSchema = z.object({ id: z.string().default('') })

/** Signs in with the application that the seed has for people. */
export async function graphByHand({ url, state, ca }: Sandbox): Promise<GraphByHand> {
  trust(ca)
  const operator = state.directory.applications.find(({ secrets }) => secrets !== undefined)
  const answer = await fetch(`${url}/${state.directory.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: operator?.appId ?? '',
      client_secret: operator?.secrets?.[0] ?? '',
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
  const { access_token: token } = tokenSchema.parse(await answer.json())
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/graph/v1.0${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? '' : objectSchema.parse(JSON.parse(text)).id
  }
}

/** A security group, as a request describes it. */
export const securityGroup = (name: string, more: object = {}): object => ({
  ...{ displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true },
  ...more,
})

/** An object, as a request refers to it. */
export const reference = ({ url }: Pick<Sandbox, 'url'>, id: string): string =>
  `${url}/graph/v1.0/directoryObjects/${id}`
