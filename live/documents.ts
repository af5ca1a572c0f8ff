import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { FactoryManifest } from '../src/manifest/load.ts'
import { type Environment, environments } from '../src/vocabulary.ts'
import { liveProject } from './steps.ts'

/** The two documents of a live run, as YAML. */
export interface LiveDocuments {
  readonly environment: Environment
  readonly factory: string
  readonly project: string
}

/** Its names begin with this, so that nothing of the factory itself is ever touched. */
const liveName = 'live'

/** Names that are unique in the world have it: the same for the same subscription, so that a run finds what another one left. */
const saltOf = (subscriptionId: string): string => {
  const digits = createHash('sha256').update(subscriptionId.toLowerCase()).digest('hex')
  return digits.replace(/[^a-z0-9]/g, '').slice(0, 5)
}

/** The smallest network that fits the common subnets and one project. */
const addressSpace = ['10.251.0.0/16']

/**
 * The client id of the Azure CLI: whoever has signed in with it delivers, and owns the groups of the live project.
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

/**
 * A factory of its own in one subscription of the given one: the same tenant, place, tags and access mode, the smallest common
 * area, no connection to any network. And one project with no service switched on that costs by the hour.
 * @param person who is signed in
 * @param services keys of services that the project has besides what every project has
 */
export function liveDocuments(
  { document }: FactoryManifest,
  environment: Environment,
  { person, services }: { readonly person: string; readonly services: readonly string[] },
): LiveDocuments {
  const { location, locationCode, tenantId, tags, accessMode, allowedIps } = document
  const subscriptionId = document.environments[environment]?.subscriptionId ?? ''
  const factory = {
    version: 1,
    ...{ name: liveName, instance: '001', location, locationCode, salt: saltOf(subscriptionId), tenantId },
    ...(tags && { tags }),
    ...(accessMode && { accessMode }),
    ...(allowedIps && { allowedIps }),
    dns: { mode: 'standalone' },
    sharedContainerRegistry: true,
    coreTeam: { itAdmin: [person], dataOps: [] },
    common: { budget: false, keyVault: false },
    environments: { [environment]: { subscriptionId, clientId: azureCli, network: { addressSpace } } },
  }
  const project = {
    version: 1,
    ...{ project: liveProject, name: 'live-run', type: 'esml', owner: person },
    services: { machineLearning: false, ...Object.fromEntries(services.map((key) => [key, true])) },
    team: { lead: [person] },
  }
  return { environment, factory: stringify(factory), project: stringify(project) }
}

/** The environment to use unless another is named: the first that the factory has. */
export const firstEnvironment = ({ document }: FactoryManifest): Environment | undefined =>
  environments.find((key) => document.environments[key] !== undefined)
