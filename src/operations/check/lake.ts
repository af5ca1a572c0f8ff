import { z } from 'zod'
import { openLakeContainer } from '../../azure/data-lake.ts'
import { hasCode, isMissing, readFailure } from '../../azure/failure.ts'
import { type Resolution, resolveHost } from '../../azure/reachability.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject } from '../../json.ts'
import { lastSegment } from '../../resource-id.ts'
import { type Finding, unchecked } from './finding.ts'
import type { Situation } from './situation.ts'

/** Is the lake there, is it one, and can this runner reach it and read it? */
export async function checkLake(situation: Situation): Promise<readonly Finding[]> {
  const { services, target } = situation
  const { ids, project } = target
  const where = project.factory.at('lake')
  const account = await services.resources.read(ids.lake, apiVersions['Microsoft.Storage/storageAccounts'])
  const name = lastSegment(ids.lake)
  if (account === undefined) {
    return [
      {
        severity: 'fault',
        what: `The data lake '${name}' does not exist.`,
        why: 'The common area is not deployed yet, or the factory has other names than factory.yml says.',
        fix: "Deliver the common area (provision-project with 'target: common'), and check name, instance, locationCode and salt in factory.yml.",
      },
    ]
  }
  if (account.properties['isHnsEnabled'] !== true) {
    return [
      {
        severity: 'fault',
        what: `The storage account '${name}' has no hierarchical namespace, so it is no data lake.`,
        why: 'Folders with access control lists exist only with it, and whether an account has it is decided when it is created.',
        fix: 'Upgrade the account, or create the data lake anew.',
        more: 'https://learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to',
      },
    ]
  }
  const endpoints = account.properties['primaryEndpoints']
  const dfs = isJsonObject(endpoints) ? endpoints['dfs'] : undefined
  if (typeof dfs !== 'string')
    return [unchecked(`Whether the data lake '${name}' can be reached.`, 'Azure does not say its address.')]
  const isClosed = account.properties['publicNetworkAccess'] === 'Disabled'
  const [resolution, container] = await Promise.all([
    resolveHost(new URL(dfs).hostname),
    containerFinding(situation),
  ])
  const unreachable = resolutionFinding(new URL(dfs).hostname, resolution, isClosed)
  const found = [
    ...(container === undefined ? [] : [{ where, ...container }]),
    ...(unreachable === undefined ? [] : [unreachable]),
  ]
  if (found.length > 0) return found
  return [await readRoot(situation, dfs)]
}

/** What a name that resolves so means for a delivery from here; undefined when nothing. Pure. */
function resolutionFinding(host: string, resolution: Resolution, isClosed: boolean): Finding | undefined {
  // Zones differ between clouds, and the name says which cloud it is.
  const zone = `privatelink.${host.split('.').slice(1).join('.')}`
  const fix = `Run the job on a runner inside the environment's VNet or one that is peered with it, and link the private DNS zone ${zone} to the VNet (or forward to it from the runner's DNS servers).`
  if (resolution.kind === 'unknown') {
    return {
      severity: 'fault',
      what: `The name ${host} of the data lake does not resolve on this runner (${resolution.code}).`,
      why: 'The DNS servers of the runner do not know the zone of the private endpoint, or the endpoint has no record.',
      fix,
    }
  }
  if (resolution.kind === 'private' || !isClosed) return undefined
  return {
    severity: 'fault',
    what: `The name ${host} of the data lake resolves to a public address on this runner (${resolution.addresses.slice(0, 3).join(', ')}), and the lake's public network is closed.`,
    why: 'The runner is outside of the network, or its DNS servers do not know the private zone.',
    fix,
  }
}

/** The container, asked of Resource Manager, which answers from everywhere. */
async function containerFinding({ arm, target: { ids, project } }: Situation): Promise<Finding | undefined> {
  const { container } = project.factory.lake
  try {
    const path = `${ids.lake}/blobServices/default/containers/${container}`
    await arm.get({ path, apiVersion: '2025-06-01' }, z.looseObject({}))
    return undefined
  } catch (error) {
    if (!isMissing(error))
      return unchecked(
        `Whether the container '${container}' exists in the data lake.`,
        readFailure(error).message,
      )
    return {
      severity: 'fault',
      what: `The data lake has no container '${container}'.`,
      fix: `Create it, or correct lake.container in factory.yml.`,
      commands: [`az storage container-rm create --storage-account '${ids.lake}' --name ${container}`],
    }
  }
}

/** Reads the root's list: over the same way, with the same rights, as the delivery will. */
async function readRoot(
  { session, target: { project, ids }, identity }: Situation,
  endpoint: string,
): Promise<Finding> {
  const { isSelf } = await identity()
  const name = lastSegment(ids.lake)
  try {
    const container = await openLakeContainer(session, endpoint, project.factory.lake.container)
    await container.readAccess('')
    return {
      severity: 'good',
      what: `The data lake '${name}' is reached from this runner, and its root is read.`,
    }
  } catch (error) {
    if (hasCode(error, 'AuthorizationPermissionMismatch')) {
      return isSelf
        ? {
            severity: 'fault',
            what: `The delivering identity may not read the data lake '${name}'.`,
            why: 'It is Storage Blob Data Owner of neither the account nor the container, or was made so minutes ago.',
            fix: 'See the fault about its rights; or wait some minutes.',
          }
        : {
            severity: 'good',
            what: `The data lake '${name}' is reached from this runner. This identity may not read it, the delivering one is judged by its rights.`,
          }
    }
    if (hasCode(error, 'AuthorizationFailure')) {
      return {
        severity: 'fault',
        what: `The firewall of the data lake '${name}' refuses this runner.`,
        why: 'The lake answers only to its private endpoints and the networks in its rules.',
        fix: "Run the job on a runner inside the environment's VNet.",
      }
    }
    if (!(error instanceof UserError)) throw error
    return {
      severity: 'fault',
      what: error.parts.what,
      ...(error.parts.why && { why: error.parts.why }),
      ...(error.parts.fix && { fix: error.parts.fix }),
    }
  }
}
