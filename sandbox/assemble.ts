import {
  type Conflict,
  createArm,
  gated,
  type KeepsAgentLinks,
  type Limits,
  type Model,
  type PolicyNames,
} from './arm/index.ts'
import type { Authorization, Clock, Identifiers } from './contracts.ts'
import { createDeployments, createTemplateDeployer } from './deployments/index.ts'
import { createEntra } from './entra/index.ts'
import type { FederatedCredential } from './entra/model.ts'
import { createGithub, type Github } from './github/index.ts'
import { createGraph } from './graph/index.ts'
import { createLake } from './lake/index.ts'
import { struckByFaults } from './server/deployment-faults.ts'
import { strikeInside } from './server/faults.ts'
import type { Served, ServerContext } from './server/server.ts'
import type { SandboxState } from './state.ts'

/** How the parts of the sandbox behave. */
export interface AreaOptions {
  readonly clock: Clock
  readonly identifiers: Identifiers
  /** Milliseconds for which a new group or identity cannot be found yet. Default 0. */
  readonly replicationLag?: number
  /** How long provisioning takes, as a fraction of Azure's own time; see the ARM area. */
  readonly durationScale?: number
  /** Limits lower than Azure's own, so that they are met soon. */
  readonly limits?: Partial<Limits>
  /** What becomes of operations that meet another one under way, in turn; see the ARM area. */
  readonly conflicts?: readonly Conflict[]
  /** Keeps a deleted account's link in the subnet of its agents until it is purged, or longer; see the ARM area. Default: no. */
  readonly keepsAgentLinks?: KeepsAgentLinks
  /** Models that can be deployed besides those the sandbox knows; see the ARM area. */
  readonly models?: readonly Model[]
  /** Resource providers that cannot be registered; see the ARM area. */
  readonly failingRegistrations?: readonly string[]
  /** Where a refusal names the policies; see the ARM area. */
  readonly policyNames?: PolicyNames
}

/** The parts, joined. */
export interface Assembly extends Served {
  readonly state: SandboxState
  readonly github: Github
}

/** Makes every part of the sandbox over one state, and lets each know of the others what it needs. */
export async function assemble(
  state: SandboxState,
  context: ServerContext,
  options: AreaOptions,
): Promise<Assembly> {
  const { clock, identifiers, replicationLag = 0 } = options
  const { tenantId } = state.directory

  const entra = await createEntra(state.directory, {
    clock,
    identifiers,
    replicationLag,
    fetch: (url) => fetchFromSandbox(url, context),
    federatedCredentialsOf: (resourceId) => federatedCredentials(arm.engine.within(resourceId)),
  })
  const { directory } = entra
  // The lake asks who may, and Azure Resource Manager makes the lake's accounts: each knows the other, the lake first.
  const authorization: Authorization = {
    allows: (...question) => arm.authorization.allows(...question),
    allowsData: (...question) => arm.authorization.allowsData(...question),
  }
  const lake = createLake(state.lake, { authorization, directory, clock, tenantId })
  const arm = createArm(state.arm, {
    directory,
    lake: lake.accounts,
    clock,
    identifiers,
    base: context.base,
    tenantId,
    principalReplicationDelay: replicationLag,
    ...(options.durationScale !== undefined && { durationScale: options.durationScale }),
    ...(options.limits !== undefined && { limits: options.limits }),
    ...(options.conflicts !== undefined && { conflicts: options.conflicts }),
    ...(options.failingRegistrations !== undefined && {
      failingRegistrations: options.failingRegistrations,
    }),
    ...(options.models !== undefined && { models: options.models }),
    ...(options.keepsAgentLinks !== undefined && { keepsAgentLinks: options.keepsAgentLinks }),
    ...(options.policyNames !== undefined && { policyNames: options.policyNames }),
    deployTemplate: (deployment) => deployTemplate(deployment),
  })
  const {
    authorization: rbac,
    engine,
    operations,
    actions,
    denyAssignments,
    managementLocks,
    subscriptionName,
  } = arm
  const deploying = {
    engine: struckByFaults(engine, context.faults),
    operations,
    actions,
    denyAssignments,
    managementLocks,
    subscriptionName,
    authorization: rbac,
    clock,
    identifiers,
    base: context.base,
  }
  const deployments = createDeployments(state.deployments, deploying)
  const deployTemplate = createTemplateDeployer(state.deployments, deploying)
  const github = createGithub(state.github, { clock, identifiers, base: context.base })
  const strike = (method: string, address: string): Response | undefined =>
    strikeInside(context.faults, method, address)
  return {
    state,
    verify: entra.verify,
    github,
    areas: [
      { name: 'github', answer: github.area },
      { name: 'entra', answer: entra.area },
      { name: 'graph', answer: createGraph({ directory, clock, identifiers, strike }) },
      { name: 'lake', answer: lake.area },
      { name: 'deployments', answer: gated(deployments) },
      { name: 'arm', answer: arm.area },
    ],
  }
}

/** A sandbox asks nobody but itself: an issuer elsewhere cannot be reached. */
async function fetchFromSandbox(url: string, { ask, base }: ServerContext): Promise<Response> {
  if (!url.startsWith(`${base()}/`)) return new Response(null, { status: 502 })
  return ask(new Request(url))
}

/** The federated credentials among the children of a user-assigned managed identity. */
function federatedCredentials(
  resources: readonly { readonly name: string; readonly type: string; readonly properties?: object }[],
): readonly FederatedCredential[] {
  return resources
    .filter(({ type }) => type.toLowerCase().endsWith('/federatedidentitycredentials'))
    .map(({ name, properties }) => {
      const { issuer, subject, audiences } = { issuer: '', subject: '', audiences: [], ...properties }
      return { name, issuer, subject, audiences }
    })
}
