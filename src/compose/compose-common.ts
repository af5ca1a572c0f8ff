import { byKey, keysOf } from '../by-key.ts'
import { networkAccess } from '../catalog/access-modes.ts'
import { type CommonIds, commonIds } from '../catalog/common/ids.ts'
import {
  type CommonResourceKey,
  commonCatalogue,
  commonEndpointSubnet,
  commonPartKeys,
} from '../catalog/common/index.ts'
import type { CommonContext, CommonPartDefinition, CommonStack } from '../catalog/common/types.ts'
import { ofType } from '../catalog/facts/api-versions.ts'
import { type LogTier, logTier } from '../catalog/facts/log-tiers.ts'
import type { AzureCloudName } from '../catalog/facts/private-dns.ts'
import type { ArmResource } from '../catalog/types.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { resourceGroupReference, scopeOf } from './identifiers.ts'
import { literalResource } from './literal.ts'
import { nestedDeployment } from './nested-deployment.ts'
import { privateEndpoint } from './private-endpoints.ts'
import { factoryTags, zonesOf } from './project-context.ts'
import type { SubscriptionTemplate } from './subscription-template.ts'

/** The common area of one environment, with the names and ids of all it has. */
export interface CommonArea {
  readonly factory: ResolvedFactory
  readonly names: CommonNames<CommonResourceKey>
  readonly ids: CommonIds
  /** The day on which its budget began, or begins: the first of a month, e.g. `2026-11-01T00:00:00Z`. */
  readonly budgetStart: string
}

/** The ids of all that the common area has or refers to in this environment. */
export const commonIdsOf = (
  { subscriptionId, common: parts }: ResolvedFactory,
  names: CommonNames<CommonResourceKey>,
): CommonIds => commonIds({ subscriptionId, names, parts })

/** The parts of a common area that are made, neither switched off nor named by an id, in the order of the catalogue. */
export const ownParts = ({ common }: Pick<ResolvedFactory, 'common'>): readonly CommonPartDefinition[] =>
  commonPartKeys.filter((key) => common[key].kind === 'own').map((key) => commonCatalogue.parts[key])

/** The tags of everything in a common area. */
export const commonTags = (factory: ResolvedFactory): Readonly<Record<string, string>> =>
  factoryTags(factory, { project: 'common' })

/**
 * The templates of a common area: its resource group with the network, and all the rest, which needs common subnets. The
 * same input gives the same bytes. Subnets are only referred to.
 * @param cloud decides the names of private DNS zones; clouds of one's own use those of AzureCloud
 */
export function composeCommonArea(
  area: CommonArea,
  cloud: AzureCloudName = 'AzureCloud',
): Readonly<Record<CommonStack, SubscriptionTemplate>> {
  const { factory, names, ids } = area
  const scope = scopeOf(ids.resourceGroup)
  const resourceGroup = literalResource({
    ...ofType('Microsoft.Resources/resourceGroups'),
    name: scope.resourceGroup,
    location: factory.location,
    tags: commonTags(factory),
  })
  const nested = (stack: CommonStack, dependsOn: readonly string[]): readonly ArmResource[] => {
    const resources = stackResources(stack, area, cloud)
    const place = {
      name: names.nestedDeployment(stack),
      scope,
      homeSubscriptionId: factory.subscriptionId,
      dependsOn,
    }
    return resources.length === 0 ? [] : [nestedDeployment(place, resources)]
  }
  return {
    network: {
      ...shell,
      resources: [resourceGroup, ...nested('network', [resourceGroupReference(scope)])],
      outputs: {
        resourceGroup: { type: 'string', value: scope.resourceGroup },
        virtualNetworkId: { type: 'string', value: ids.virtualNetwork },
      },
    },
    common: {
      ...shell,
      resources: nested('common', []),
      outputs: byKey(['logAnalytics', 'lake'], (key) => ({ type: 'string', value: ids[key] })),
    },
  }
}

const shell = {
  $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
  contentVersion: '1.0.0.0',
} as const

function stackResources(
  stack: CommonStack,
  { factory, names, ids, budgetStart }: CommonArea,
  cloud: AzureCloudName,
): readonly ArmResource[] {
  const parts = ownParts(factory).filter((part) => part.stack === stack)
  const context = commonContext({ factory, names, ids, budgetStart }, cloud)
  const resources = parts.flatMap((part) => part.template({ ...context, options: optionsOf(part, factory) }))
  const surroundings = {
    scope: scopeOf(ids.resourceGroup),
    resources,
    zones: zonesOf(factory, names),
    subnetId: context.subnetId(commonEndpointSubnet),
  }
  const endpoints = parts
    .flatMap((part) => part.privateEndpoints)
    .flatMap((definition) => privateEndpoint(definition, { ...context, names }, surroundings))
  return [...resources, ...endpoints]
}

const optionsOf = ({ key }: CommonPartDefinition, { common }: ResolvedFactory): unknown => {
  const known = commonPartKeys.find((candidate) => candidate === key)
  const setting = known === undefined ? undefined : common[known]
  return setting?.kind === 'own' ? setting.options : {}
}

function commonContext(
  { factory, names, ids, budgetStart }: CommonArea,
  cloud: AzureCloudName,
): CommonContext {
  const { source } = factory.network
  const resources = keysOf(commonCatalogue.resources)
  return {
    names: byKey(resources, (key) => names[key]),
    ids: byKey(resources, (key) => ids[key]),
    location: factory.location,
    tags: commonTags(factory),
    tenantId: factory.tenantId,
    environment: factory.environment,
    addressSpace: source.kind === 'factory' ? source.addressSpace : [],
    dnsServers: source.kind === 'factory' ? source.dnsServers : undefined,
    lakeContainer: factory.lake.container,
    budgetStart,
    access: networkAccess(factory.accessMode, factory.allowedIps),
    logTier: logTierOf(factory),
    logged: ownParts(factory).flatMap(({ logs }) =>
      logs.map(({ resource, child }) =>
        [idIn(ids, resource), ...(child === undefined ? [] : [child])].join('/'),
      ),
    ),
    registryMode: factory.sharedRegistryMode,
    cloud,
    options: {},
    subnetId: (key) => `${ids.virtualNetwork}/subnets/${names.subnet(key)}`,
  }
}

/** The tier in factory.yml, or the environment's own where diagnostic settings are switched off. */
function logTierOf({ common, environment }: ResolvedFactory): LogTier {
  const { defaults } = commonCatalogue.parts.diagnostics
  const options = common.diagnostics.kind === 'own' ? common.diagnostics.options : defaults[environment]
  return logTier.parse(options['tier'])
}

function idIn(ids: CommonIds, key: string): string {
  const known: Readonly<Record<string, string | undefined>> = ids
  const id = known[key]
  if (id === undefined) throw new Error(`The common area has no '${key}'.`)
  return id
}
