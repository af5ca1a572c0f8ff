import type { Json } from '../json.ts'
import { resolve } from '../resolve.ts'
import type { Scope } from '../scope.ts'

/** The subscription and resource group of the examples. */
export const subscriptionId = '00000000-0000-0000-0000-000000000001'
export const group = `/subscriptions/${subscriptionId}/resourceGroups/examplegroup`

/** Where the expressions of the examples stand: these values are parameters and variables both. */
export const scopeWith = (values: Readonly<Record<string, Json>> = {}): Scope => ({
  place: {
    scopeId: group,
    tenant: { tenantId: '11111111-1111-1111-1111-111111111111' },
    subscription: {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      tenantId: '11111111-1111-1111-1111-111111111111',
      displayName: 'Example',
    },
    resourceGroup: { id: group, name: 'examplegroup', location: 'swedencentral' },
    deployment: { name: 'main' },
    deployer: { objectId: 'o', tenantId: '11111111-1111-1111-1111-111111111111', userPrincipalName: '' },
    environment: { name: 'AzureCloud' },
  },
  loops: [],
  lambdas: new Map(),
  userFunction: () => undefined,
  parameter: (name) => values[name] ?? null,
  variable: (name) => values[name] ?? null,
})

/** The value of an expression there. */
export const evaluate = (expression: string, values: Readonly<Record<string, Json>> = {}): Json =>
  resolve(`[${expression}]`, scopeWith(values))
