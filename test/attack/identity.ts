import { z } from 'zod'
import type { Sandbox } from '../../sandbox/start.ts'
import { idToken } from '../azure/on-sandbox.ts'

/** A service of Azure that a request goes to. */
export type Service = 'graph' | 'arm' | 'lake'

/** A request as an attacker sends it, without any client in between. */
export interface Attempt {
  readonly service: Service
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'HEAD'
  /** From the version of Graph, the root of Azure Resource Manager, or the account of the lake on. */
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** What came of it. */
export interface Answer {
  readonly status: number
  readonly text: string
}

const audiences: Readonly<Record<Service, string>> = {
  graph: 'https://graph.microsoft.com/.default',
  arm: 'https://management.azure.com/.default',
  lake: 'https://storage.azure.com/.default',
}
const roots: Readonly<Record<Service, string>> = { graph: '/graph/v1.0', arm: '', lake: '/storage' }

const tokenSchema = z.object({ access_token: z.string() })

/** Signs in to Entra with the token that GitHub gives a job of one of its environments. */
export async function signIn(
  { url, state, jobEnvironment }: Sandbox,
  environment: string,
  clientId: string,
  service: Service,
): Promise<Answer> {
  const assertion = await idToken(jobEnvironment({ environment }))('api://AzureADTokenExchange')
  const answer = await fetch(`${url}/${state.directory.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: audiences[service],
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** What an identity sends, signed in as a job of its environment. */
export async function signedIn(
  sandbox: Sandbox,
  environment: string,
  clientId: string,
): Promise<(attempt: Attempt) => Promise<Answer>> {
  const tokenFor = async (service: Service): Promise<string> =>
    tokenSchema.parse(JSON.parse((await signIn(sandbox, environment, clientId, service)).text)).access_token
  const tokens = {
    graph: await tokenFor('graph'),
    arm: await tokenFor('arm'),
    lake: await tokenFor('lake'),
  }
  return async ({ service, method, path, body, headers = {} }) => {
    const answer = await fetch(`${sandbox.url}${roots[service]}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${tokens[service]}`,
        ...(service === 'lake' ? { 'x-ms-version': '2025-01-05' } : {}),
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text() }
  }
}
