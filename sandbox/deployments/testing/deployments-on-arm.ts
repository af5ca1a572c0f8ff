import { callerOf, groupId, makeArm, owner, type TestArm } from '../../arm/testing/served-arm.ts'
import { createFaults } from '../../server/faults.ts'
import { randomIdentifiers, systemClock } from '../../server/runtime.ts'
import { startServer } from '../../server/server.ts'
import { trust } from '../../server/trust.ts'
import { createDeployments, emptyDeploymentsState } from '../index.ts'

/** Azure's error, as far as tests look at it. */
interface ErrorBody {
  readonly code: string
  readonly message: string
  readonly details?: readonly ErrorBody[]
}

/** Deployments and stacks over a real resource manager, behind HTTPS. */
export interface DeploymentsOnArm {
  readonly arm: TestArm
  /** Sends a request as the owner, and waits for the end of the operation that it begins. */
  send(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }>
  /** What validation, what-if, a deployment and a stack of the resource group say of a template, by their name. */
  verdicts(template: object): Promise<Readonly<Record<string, readonly string[]>>>
  close(): Promise<void>
}

/** Serves them, with resource group `rg` in swedencentral. */
export async function serveDeployments(): Promise<DeploymentsOnArm> {
  let url = ''
  const arm = await makeArm({ base: () => url })
  const runtime = { clock: systemClock, identifiers: randomIdentifiers, base: () => url }
  const area = createDeployments(emptyDeploymentsState(), { ...arm, ...runtime })
  const server = await startServer({
    port: 0,
    ...runtime,
    faults: createFaults(),
    assemble: async ({ base }) => ({
      verify: async (token) => callerOf(token, base()),
      areas: [
        { name: 'deployments', answer: area },
        { name: 'arm', answer: arm.area },
      ],
      state: arm.state,
    }),
  })
  url = server.url
  trust(server.ca)
  const send = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${owner}`, 'content-type': 'application/json' }
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const first = await fetch(`${url}${path}`, { method, headers, ...content })
    return settled(first, headers)
  }
  return { arm, send, verdicts: (template) => verdictsOn(template, send), close: () => server.close() }
}

/** The answer of an operation when it is over, or the answer itself. */
async function settled(first: Response, headers: Record<string, string>) {
  const status = first.headers.get('azure-asyncoperation') ?? first.headers.get('location')
  if (!first.ok || status === null) return { status: first.status, body: await jsonOf(first) }
  for (;;) {
    const response = await fetch(status, { headers })
    const body = await jsonOf(response)
    if (response.status !== 202 && !isRunning(body)) return { status: response.status, body }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const isRunning = (body: unknown): boolean =>
  !/^(Succeeded|Failed|Canceled)$/i.test(String(Object(body).status ?? 'Succeeded'))

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}

async function verdictsOn(template: object, send: DeploymentsOnArm['send']) {
  const deployment = `${groupId}/providers/Microsoft.Resources/deployments/main`
  const deploy = { properties: { mode: 'Incremental', template } }
  const stack = {
    properties: {
      template,
      actionOnUnmanage: { resources: 'detach' },
      denySettings: { mode: 'none' },
    },
  }
  const answers = {
    validate: await send('POST', `${deployment}/validate?api-version=2025-04-01`, deploy),
    'what-if': await send('POST', `${deployment}/whatIf?api-version=2025-04-01`, deploy),
    deployment: await send('PUT', `${deployment}?api-version=2025-04-01`, deploy),
    stack: await send(
      'PUT',
      `${groupId}/providers/Microsoft.Resources/deploymentStacks/st?api-version=2024-03-01`,
      stack,
    ),
  }
  return Object.fromEntries(Object.entries(answers).map(([name, { body }]) => [name, codesIn(Object(body))]))
}

/** The codes of an answer's error, from the outermost to the innermost. */
function codesIn(body: { error?: ErrorBody; properties?: { error?: ErrorBody } }): readonly string[] {
  const error = body.error ?? body.properties?.error
  return error === undefined ? [] : flatten(error)
}

const flatten = ({ code, details = [] }: ErrorBody): readonly string[] => [code, ...details.flatMap(flatten)]
