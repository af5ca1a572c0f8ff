import { setTimeout } from 'node:timers/promises'
import { type Sandbox, trust } from '../../../sandbox/start.ts'

/** Somebody of the platform team, Owner of every subscription, at work with the Azure CLI. */
export interface ByHand {
  /** Writes a resource, and waits until it is there. */
  readonly put: (id: string, apiVersion: string, body: object) => Promise<void>
  /** Removes one, and waits until it is gone. */
  readonly remove: (id: string, apiVersion: string) => Promise<void>
}

async function signIn({ url, state }: Sandbox): Promise<string> {
  const operator = state.directory.applications.find(({ secrets }) => secrets !== undefined)
  const answer = await fetch(`${url}/${state.directory.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: operator?.appId ?? '',
      client_secret: operator?.secrets?.[0] ?? '',
      scope: 'https://management.azure.com/.default',
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Signs in with the application that the seed has for people. */
export async function byHand(sandbox: Sandbox): Promise<ByHand> {
  trust(sandbox.ca)
  const headers = { Authorization: `Bearer ${await signIn(sandbox)}`, 'Content-Type': 'application/json' }
  const send = async (method: string, id: string, apiVersion: string, body?: object): Promise<void> => {
    const answer = await fetch(`${sandbox.url}${id}?api-version=${apiVersion}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${id}: ${answer.status} ${await answer.text()}`)
    const operation = answer.headers.get('Azure-AsyncOperation') ?? answer.headers.get('Location')
    if (operation === null || answer.status === 200) return
    for (;;) {
      const poll = await fetch(operation, { headers })
      const text = await poll.text()
      if (poll.status !== 202 && !text.includes('InProgress')) return
      await setTimeout(20)
    }
  }
  return {
    put: (id, apiVersion, body) => send('PUT', id, apiVersion, body),
    remove: (id, apiVersion) => send('DELETE', id, apiVersion),
  }
}
