import type { StackRequest } from '../../src/azure/stack-request.ts'
import type { JsonObject } from '../../src/json.ts'
import { dev } from './on-sandbox.ts'

/** The resource group that the templates here make. */
export const group = 'rg-try'
/** Its id. */
export const groupId = `/subscriptions/${dev.subscriptionId}/resourceGroups/${group}`

/** A storage account of the template. */
export const account = (name: string, properties: JsonObject = {}): JsonObject => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2024-01-01',
  name,
  location: 'swedencentral',
  kind: 'StorageV2',
  sku: { name: 'Standard_LRS' },
  properties,
})

/** A request for a stack with a resource group and these resources in it. */
export const request = (name: string, ...resources: readonly JsonObject[]): StackRequest => ({
  name,
  location: 'swedencentral',
  description: 'For a test',
  tags: { purpose: 'test' },
  template: {
    $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.Resources/resourceGroups',
        apiVersion: '2024-11-01',
        name: group,
        location: 'swedencentral',
      },
      {
        type: 'Microsoft.Resources/deployments',
        apiVersion: '2025-04-01',
        name: `${name}-inner`,
        resourceGroup: group,
        dependsOn: [`[subscriptionResourceId('Microsoft.Resources/resourceGroups', '${group}')]`],
        properties: {
          mode: 'Incremental',
          expressionEvaluationOptions: { scope: 'inner' },
          template: {
            $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
            contentVersion: '1.0.0.0',
            resources,
          },
        },
      },
    ],
  },
})
