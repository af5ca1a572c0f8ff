import { badRequest } from '../errors.ts'
import { guidOf, text } from '../json.ts'
import type { ResourceRules, Write } from '../rules.ts'
import { applyOutboundRules } from './managed-endpoints.ts'
import { checkForm } from './names.ts'
import { withConnections } from './storage.ts'

const type = 'Microsoft.MachineLearningServices/workspaces'

/** Microsoft.MachineLearningServices: workspaces and their computes. */
export const machineLearningRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['identity.type'],
    fixed: ['properties.storageAccount'],
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
    check: (write) => {
      checkForm(write, /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,30}[A-Za-z0-9]$/, (name) =>
        badRequest(
          'BadArgument',
          `The compute name '${name}' is invalid. It must be 3 to 32 letters, digits or '-', begin with a letter, and not end with '-'.`,
        ),
      )
    },
  },
]

function checkWorkspace(write: Write): void {
  checkForm(write, /^[A-Za-z0-9][\w-]{2,32}$/, (name) =>
    badRequest(
      'ValidationError',
      `Workspace name '${name}' is invalid. It must be 3 to 33 letters, digits, '-' or '_', and begin with a letter or digit.`,
    ),
  )
  const isProject = String(write.body['kind'] ?? '').toLowerCase() === 'project'
  const needed = isProject ? [] : ['storageAccount', 'keyVault']
  for (const key of needed) {
    if (write.existing === undefined && text(write.properties[key]) === undefined)
      throw badRequest('ValidationError', `Missing dependent resources in workspace json: ${key}.`)
  }
}
