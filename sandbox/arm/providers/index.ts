import { scheduleRequestRules } from '../pim/schedule-requests.ts'
import type { ResourceRules } from '../rules.ts'
import { authorizationRules } from './authorization.ts'
import { budgetRules } from './budgets.ts'
import { capabilityHostRules } from './capability-hosts.ts'
import { cognitiveServicesRules } from './cognitive-services.ts'
import { connectionRules, isConnectionType } from './connection-approval.ts'
import { containerAppRules } from './container-apps.ts'
import { containerRegistryRules } from './container-registry.ts'
import { documentDbRules } from './document-db.ts'
import { githubNetworkRules } from './github-network.ts'
import { keyVaultRules } from './key-vault.ts'
import { machineLearningRules } from './machine-learning.ts'
import { managedEndpointRules } from './managed-endpoints.ts'
import { managedIdentityRules } from './managed-identity.ts'
import { modelDeploymentRules } from './model-deployments.ts'
import { monitorRules } from './monitor.ts'
import { networkInterfaceRules } from './network-interfaces.ts'
import { networkManagerRules } from './network-managers.ts'
import { networkSecurityRules } from './network-security.ts'
import { peeringRules } from './peerings.ts'
import { privateDnsRules } from './private-dns.ts'
import { privateEndpointRules } from './private-endpoints.ts'
import { publicAddressRules } from './public-addresses.ts'
import { resourcesRules } from './resources.ts'
import { routeTableRules } from './route-tables.ts'
import { searchRules } from './search.ts'
import { storageRules } from './storage.ts'
import { subnetRules } from './subnets.ts'
import { virtualNetworkRules } from './virtual-networks.ts'

const rules: readonly ResourceRules[] = [
  ...resourcesRules,
  ...authorizationRules,
  ...scheduleRequestRules,
  ...virtualNetworkRules,
  ...peeringRules,
  ...networkManagerRules,
  ...subnetRules,
  ...networkSecurityRules,
  ...routeTableRules,
  ...publicAddressRules,
  ...networkInterfaceRules,
  ...privateEndpointRules,
  ...privateDnsRules,
  ...managedEndpointRules,
  ...managedIdentityRules,
  ...storageRules,
  ...keyVaultRules,
  ...cognitiveServicesRules,
  ...modelDeploymentRules,
  ...capabilityHostRules,
  ...searchRules,
  ...documentDbRules,
  ...machineLearningRules,
  ...monitorRules,
  ...containerRegistryRules,
  ...containerAppRules,
  ...budgetRules,
  ...githubNetworkRules,
]

const byType = new Map(rules.map((entry) => [entry.type.toLowerCase(), entry]))

/** The rules of a type; a type that is not known is only stored. */
export function rulesOf(type: string): ResourceRules {
  return byType.get(type.toLowerCase()) ?? (isConnectionType(type) ? connectionRules(type) : { type })
}
