import { badRequest, conflict } from '../errors.ts'
import type { ResourceRules } from '../rules.ts'
import { checkForm, takenElsewhere } from './names.ts'
import { withConnections } from './storage.ts'

/** Microsoft.Search: search services. */
export const searchRules: readonly ResourceRules[] = [
  {
    type: 'Microsoft.Search/searchServices',
    location: 'required',
    required: ['sku.name'],
    fixed: ['properties.hostingMode'],
    checkName: (write, world) => {
      checkForm(write, /^[a-z0-9](?!-)(?!.*--)[a-z0-9-]{0,58}[a-z0-9]$/, (name) =>
        badRequest(
          'InvalidResourceName',
          `The service name '${name}' is invalid. Service names must be 2 to 60 lowercase letters, digits or dashes, cannot use dash as the first two or last one characters, and cannot contain consecutive dashes.`,
        ),
      )
      if (takenElsewhere(write, world) !== undefined)
        throw conflict('ServiceNameUnavailable', `Service name '${write.address.name}' is already used.`)
    },
    complete: ({ properties }) => ({
      replicaCount: 1,
      partitionCount: 1,
      hostingMode: 'default',
      publicNetworkAccess: 'Enabled',
      ...properties,
      status: 'running',
      statusDetails: '',
    }),
    render: withConnections,
  },
]
