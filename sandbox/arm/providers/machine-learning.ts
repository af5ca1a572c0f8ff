import { badRequest } from '../errors.ts'
import { at, guidOf, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { applyOutboundRules } from './managed-endpoints.ts'
import { withConnections } from './storage.ts'

const type = 'Microsoft.MachineLearningServices/workspaces'

/** Microsoft.MachineLearningServices: workspaces and their computes. */
export const machineLearningRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['identity.type'],
    fixed: ['properties.storageAccount', 'properties.keyVault', 'kind'],
    check: checkWorkspace,
    complete: ({ properties, address, existing }, world) => ({
      publicNetworkAccess: 'Disabled',
      ...existing?.properties,
      ...properties,
      workspaceId: guidOf(address.id),
      tenantId: world.tenantId,
      discoveryUrl: `${world.base}/discovery`,
    }),
    applied: (write, _workspace, world) => {
      applyOutboundRules(write, world)
      return undefined
    },
    render: withConnections,
  },
  {
    type: `${type}/computes`,
    location: 'required',
    required: ['properties.computeType'],
  },
]

function checkWorkspace(write: Write, world: World): void {
  const isProject = kindOf(write.body) === 'project'
  const needed = isProject ? [] : ['storageAccount', 'keyVault']
  for (const key of needed) {
    if (write.existing === undefined && text(write.properties[key]) === undefined)
      throw badRequest('ValidationError', `Missing dependent resources in workspace json: ${key}.`)
  }
  if (isProject) checkHub(write, world)
  checkStorage(write, world)
  checkManagedNetwork(write)
}

const kindOf = (workspace: unknown): string => String(at(workspace, 'kind') ?? 'default').toLowerCase()
const refuse = (message: string) => badRequest('ValidationError', message)

/** A project has all that it stands on from its hub. https://learn.microsoft.com/azure/ai-foundry/concepts/ai-resources */
function checkHub({ address, properties, existing }: Write, world: World): void {
  const hub = text(properties['hubResourceId']) ?? text(at(existing, 'properties.hubResourceId'))
  if (hub === undefined) throw refuse(`Project '${address.name}' names no hub: hubResourceId is missing.`)
  const found = world.store.get(hub)
  if (found !== undefined && kindOf(found) !== 'hub')
    throw refuse(`Workspace '${hub}' is no hub: projects belong to workspaces of kind 'Hub'.`)
}

/** https://learn.microsoft.com/azure/machine-learning/concept-workspace#associated-resources */
function checkStorage({ properties }: Write, world: World): void {
  const storage = world.store.get(text(properties['storageAccount']) ?? '')
  if (storage === undefined) return
  if (at(storage, 'properties.isHnsEnabled') === true)
    throw refuse(
      `Storage account '${storage.id}' has a hierarchical namespace, which a workspace cannot stand on.`,
    )
  if (/^premium/i.test(String(at(storage, 'sku.name'))))
    throw refuse(`Storage account '${storage.id}' is a premium one, which a workspace cannot stand on.`)
}

/** A managed network is opened never more once it is closed. https://learn.microsoft.com/azure/machine-learning/how-to-managed-network */
function checkManagedNetwork({ existing, properties }: Write): void {
  const read = (of: unknown, key: string) => text(at(of, `managedNetwork.${key}`))?.toLowerCase()
  const before = read(existing?.properties, 'isolationMode')
  const after = read(properties, 'isolationMode') ?? before
  const isOpened =
    (before !== undefined && before !== 'disabled' && after === 'disabled') ||
    (before === 'allowonlyapprovedoutbound' && after === 'allowinternetoutbound')
  if (isOpened)
    throw refuse(`The isolation mode of a managed network cannot be changed from '${before}' to '${after}'.`)
  const kind = read(properties, 'managedNetworkKind')
  if (read(existing?.properties, 'managedNetworkKind') === 'v2' && kind === 'v1')
    throw refuse("The kind of a managed network cannot be changed from 'V2' to 'V1'.")
}
