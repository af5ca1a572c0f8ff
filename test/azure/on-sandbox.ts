import { type Sandbox, type SandboxOptions, startSandbox, trust } from '../../sandbox/start.ts'
import { connect, type SessionOptions } from '../../src/azure/connect.ts'
import type { Session } from '../../src/azure/session.ts'

/** Facts of the sandbox's first start, environment dev. */
export const dev = {
  tenantId: '11111111-1111-1111-1111-111111111111',
  clientId: '33333333-3333-3333-3333-333333333301',
  objectId: '33333333-3333-3333-3333-3333333333b1',
  subscriptionId: '22222222-2222-2222-2222-222222222201',
  group: 'mrvel-esml-common-sdc-dev-001',
  network: 'vnt-esmlcmn-sdc-dev-001',
  lake: 'mrvela1b2cesml001dev',
} as const

const common = `/subscriptions/${dev.subscriptionId}/resourceGroups/${dev.group}`

/** Ids of what is in it. */
export const ids = {
  common,
  network: `${common}/providers/Microsoft.Network/virtualNetworks/${dev.network}`,
  lake: `${common}/providers/Microsoft.Storage/storageAccounts/${dev.lake}`,
} as const

/** People of its tenant, by their object ids. */
export const people = {
  anna: '44444444-4444-4444-4444-444444444401',
  bo: '44444444-4444-4444-4444-444444444402',
  cleo: '44444444-4444-4444-4444-444444444403',
  eve: '44444444-4444-4444-4444-444444444406',
} as const

/** A running sandbox, and a session signed in to it as a job in environment dev. */
export interface OnSandbox {
  readonly sandbox: Sandbox
  readonly session: Session
  /** What the session logged, oldest first. */
  readonly logged: string[]
  /** How long the session was asked to wait, in milliseconds. It waits a hundredth of it. */
  readonly pauses: number[]
}

/** Asks GitHub for a token, as the runner does for an action. */
export const idToken =
  (job: Readonly<Record<string, string>>) =>
  async (audience: string): Promise<string> => {
    const answer = await fetch(`${job['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${audience}`, {
      headers: { Authorization: `Bearer ${job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
    })
    const { value } = (await answer.json()) as { value: string }
    return value
  }

/** Starts a sandbox and signs in. */
export async function onSandbox(
  options: SandboxOptions = {},
  time: SessionOptions['time'] = {},
): Promise<OnSandbox> {
  const sandbox = await startSandbox(options)
  trust(sandbox.ca)
  const logged: string[] = []
  const pauses: number[] = []
  const sleep = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds)
    return new Promise((resolve) => setTimeout(resolve, milliseconds / 100))
  }
  const session = await connect({
    cloud: sandbox.url,
    tenantId: dev.tenantId,
    clientId: () => dev.clientId,
    idToken: idToken(sandbox.env),
    environment: sandbox.env,
    userAgent: 'test',
    progress: (line) => logged.push(line),
    time: { sleep, random: () => 0.5, ...time },
  })
  return { sandbox, session, logged, pauses }
}
