import { keysOf } from '../../by-key.ts'
import { collect, type SubnetOf } from '../catalogue.ts'
import type { ResourceDeclaration, ResourceOf, RightsChoice, SubnetDefinition } from '../types.ts'
import { adminVm } from './admin-vm.ts'
import { budget } from './budget.ts'
import { containerRegistry } from './container-registry.ts'
import { dataLake } from './data-lake.ts'
import { diagnostics } from './diagnostics.ts'
import { githubRunners } from './github-runners.ts'
import { hubPeering } from './hub-peering.ts'
import { keyVault } from './key-vault.ts'
import { logAnalytics } from './log-analytics.ts'
import { machineLearningRegistry } from './machine-learning-registry.ts'
import { natGateway } from './nat-gateway.ts'
import { privateDnsZones } from './private-dns-zones.ts'
import { routeTable } from './route-table.ts'
import type { CommonPartDefinition } from './types.ts'
import { virtualNetwork } from './virtual-network.ts'

/** The parts of the common area, in the order in which people see them. */
const parts = {
  virtualNetwork,
  hubPeering,
  routeTable,
  natGateway,
  privateDnsZones,
  budget,
  logAnalytics,
  diagnostics,
  keyVault,
  dataLake,
  containerRegistry,
  machineLearningRegistry,
  githubRunners,
  adminVm,
}

type Part = (typeof parts)[keyof typeof parts]

/** A part of the common area. */
export type CommonPartKey = keyof typeof parts
/** A resource of the common area that names, ids or other resources refer to. */
export type CommonResourceKey = ResourceOf<Part>
/** A subnet of the common area. */
export type CommonSubnetKey = SubnetOf<Part>

/** All that a common area can be made of. */
export interface CommonCatalogue {
  readonly parts: Readonly<Record<CommonPartKey, CommonPartDefinition>>
  readonly subnets: Readonly<Record<CommonSubnetKey, SubnetDefinition>>
  readonly resources: Readonly<Record<CommonResourceKey, ResourceDeclaration>>
}

/** The common area of this release. */
export const commonCatalogue: CommonCatalogue = { parts, ...collect<Part>(Object.values(parts)) }

/** The keys of all parts, in the order of the catalogue. */
export const commonPartKeys: readonly CommonPartKey[] = keysOf(parts)

/** All that a factory may choose for personas of the core team, in the order of the catalogue. */
export const commonChoices: readonly RightsChoice[] = commonPartKeys.flatMap(
  (key) => commonCatalogue.parts[key].rights,
)

/** The subnet that the common area's private endpoints are in. */
export const commonEndpointSubnet: CommonSubnetKey = 'privateEndpoints'
