/** Deployments and stacks over the sandbox's own Azure Resource Manager, over HTTPS. */
import { DeploymentsClient } from '@azure/arm-resourcesdeployments'
import { DeploymentStacksClient } from '@azure/arm-resourcesdeploymentstacks'
import { type ArmState, addRoleAssignment, gated } from '../../arm/index.ts'
import { type Answer, ask as askArm } from '../../arm/testing/asking.ts'
import { callerOf, makeArm, owner, subscription, type TestArm } from '../../arm/testing/served-arm.ts'
import { createFaults } from '../../server/faults.ts'
import { randomIdentifiers, systemClock } from '../../server/runtime.ts'
import { startServer } from '../../server/server.ts'
import { trust } from '../../server/trust.ts'
import {
  createDeployments,
  createTemplateDeployer,
  type DeploymentsState,
  emptyDeploymentsState,
} from '../index.ts'

/** Microsoft's clients, as one principal. */
interface Clients {
  readonly deployments: DeploymentsClient
  readonly stacks: DeploymentStacksClient
}

/** A resource manager with its deployments. */
export interface DeploymentsOnArm {
  readonly arm: TestArm
  readonly state: DeploymentsState
  readonly url: string
  as(objectId: string): Clients
  /** Asks as a principal (default: the owner), in the newest stable API version of what it names unless the path has one. */
  ask(method: string, path: string, body?: unknown, as?: string): Promise<Answer>
  /** Asks, and waits for the operation that was begun: what its address answers at last. */
  settle(method: string, path: string, body?: unknown, as?: string): Promise<Answer>
  readonly close: () => Promise<void>
}

/** Principals besides the owner, by object id: the rights that each has on the subscription, or its built-in role. */
type Rights = Readonly<Record<string, readonly string[] | string>>

/** Starts one. */
export async function serveDeployments(rights: Rights = {}): Promise<DeploymentsOnArm> {
  let url = ''
  const state = emptyDeploymentsState()
  const arm = await makeArm({
    base: () => url,
    durationScale: 1 / 50_000,
    deployTemplate: (deployment) => createTemplateDeployer(state, deps)(deployment),
    seed: (seeded) => assignRoles(seeded, rights),
  })
  await defineRoles(arm, rights)
  const deps = { ...arm, clock: systemClock, identifiers: randomIdentifiers, base: () => url }
  const server = await startServer({
    port: 0,
    clock: systemClock,
    identifiers: randomIdentifiers,
    faults: createFaults(),
    assemble: async ({ base }) => ({
      verify: async (token) => callerOf(token, base()),
      areas: [
        { name: 'deployments', answer: gated(createDeployments(state, deps)) },
        { name: 'arm', answer: arm.area },
      ],
      state: arm.state,
    }),
  })
  url = server.url
  trust(server.ca)
  const ask: DeploymentsOnArm['ask'] = (method, path, body, as = owner) =>
    askArm({ url }, method, path, body, { as })
  return {
    arm,
    state,
    url,
    as: (objectId) => clientsOf(url, objectId),
    ask,
    settle: settled(ask),
    close: server.close,
  }
}

/** A status address ends with a state; a location ends with another status than 202. */
const settled =
  (ask: DeploymentsOnArm['ask']): DeploymentsOnArm['settle'] =>
  async (method, path, body, as) => {
    const begun = await ask(method, path, body, as)
    const status = begun.headers.get('azure-asyncoperation')
    const address = status ?? begun.headers.get('location')
    if (address === null) return begun
    for (;;) {
      const answer = await ask('GET', address, undefined, as)
      const { status: state = 'Succeeded' } = answer.body
      const isOver = status === null || /^(Succeeded|Failed|Canceled)$/i.test(String(state))
      if (answer.status !== 202 && isOver) return answer
      await systemClock.sleep(10)
    }
  }

function clientsOf(url: string, objectId: string): Clients {
  const credential = {
    getToken: async () => ({ token: objectId, expiresOnTimestamp: Date.now() + 3_600_000 }),
  }
  const settings = { endpoint: url, retryOptions: { maxRetries: 0 } }
  return {
    deployments: new DeploymentsClient(credential, subscription, settings),
    stacks: new DeploymentStacksClient(credential, subscription, settings),
  }
}

const scope = `/subscriptions/${subscription}`
/** Each principal has a role of its own, whose id is that of the principal. */
function assignRoles(state: ArmState, rights: Rights): void {
  for (const [principalId, given] of Object.entries(rights))
    addRoleAssignment(state, {
      name: principalId,
      scope,
      roleId: typeof given === 'string' ? given : principalId,
      principalId,
      principalType: 'User',
    })
}

async function defineRoles(arm: TestArm, rights: Rights): Promise<void> {
  for (const [principalId, actions] of Object.entries(rights)) {
    if (typeof actions === 'string') continue
    await arm.put(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${principalId}`, {
      properties: {
        roleName: `Role of ${principalId}`,
        type: 'CustomRole',
        assignableScopes: [scope],
        permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
      },
    })
  }
}
