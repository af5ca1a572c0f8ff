// Validating a template of 400 resources over HTTPS, and how much of it the gate takes: whether types, API versions,
// forms and names are right. Goal: with the gate at most twice what it takes without.
import { parseAddress } from '../sandbox/arm/address.ts'
import { checkNameForm } from '../sandbox/arm/gate/names.ts'
import { checkShape } from '../sandbox/arm/gate/shape.ts'
import { checkType } from '../sandbox/arm/gate/types.ts'
import { callerOf, groupId, idOf, owner } from '../sandbox/arm/testing/served-arm.ts'
import { serveDeployments } from '../sandbox/deployments/testing/on-arm.ts'

const rounds = 5
const count = 400

/** Network security groups with three rules each, and storage accounts with all that the catalogue sets. */
const resources = Array.from({ length: count }, (_, index) =>
  index % 2 === 0
    ? {
        type: 'Microsoft.Network/networkSecurityGroups',
        apiVersion: '2025-05-01',
        name: `nsg-${index}`,
        location: 'swedencentral',
        properties: { securityRules: [100, 200, 300].map(rule) },
      }
    : {
        type: 'Microsoft.Storage/storageAccounts',
        apiVersion: '2025-06-01',
        name: `sa${index}bench`,
        location: 'swedencentral',
        kind: 'StorageV2',
        sku: { name: 'Standard_LRS' },
        properties: {
          isHnsEnabled: true,
          minimumTlsVersion: 'TLS1_2',
          allowSharedKeyAccess: false,
          publicNetworkAccess: 'Disabled',
          networkAcls: {
            bypass: 'AzureServices',
            defaultAction: 'Deny',
            ipRules: [],
            virtualNetworkRules: [],
          },
        },
      },
)

function rule(priority: number) {
  const anywhere = { sourceAddressPrefix: '*', destinationAddressPrefix: '*', sourcePortRange: '*' }
  return {
    name: `rule-${priority}`,
    properties: {
      ...anywhere,
      priority,
      access: 'Deny',
      direction: 'Inbound',
      protocol: '*',
      destinationPortRange: String(priority),
    },
  }
}

/** The gate's own work on the same resources, without anything around it. */
function pass(): void {
  const caller = callerOf(owner, '')
  for (const { type, apiVersion, name, ...body } of resources) {
    const address = parseAddress(idOf(type, name))
    if (address === undefined) throw new Error(`'${name}' makes no id.`)
    const properties = body.properties
    const write = { address, apiVersion, body, properties, existing: undefined, caller }
    checkType(write)
    checkNameForm(checkShape(write, () => undefined))
  }
}

async function median(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now()
    await work()
    if (round > 0) times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}

const azure = await serveDeployments()
const template = {
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources,
}
const address = `${groupId}/providers/Microsoft.Resources/deployments/bench/validate?api-version=2025-04-01`
const whole = await median(async () => {
  const { status, body } = await azure.settle('POST', address, {
    properties: { mode: 'Incremental', template },
  })
  if (status !== 200) throw new Error(`The template is not valid: ${JSON.stringify(body).slice(0, 500)}`)
})
const gate = await median(pass)
await azure.close()
console.log(
  `\nValidating a template of ${count} resources: ${whole.toFixed(0)} ms, of which the gate ${gate.toFixed(1)} ms: ${(whole / (whole - gate)).toFixed(2)} x without it.`,
)
