import { byKey, keysOf } from '../by-key.ts'
import { commonIds } from '../catalog/common/ids.ts'
import { commonCatalogue } from '../catalog/common/index.ts'
import { wayOut, wayOutPartOf } from '../catalog/common/way-out.ts'
import { type Catalogue, catalogue } from '../catalog/index.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import { commonNames } from '../naming/names.ts'
import type { NamingScheme } from '../naming/types.ts'
import { tagIn } from '../tags.ts'
import { type Environment, environments } from '../vocabulary.ts'
import { decideCommonParts, servicesOff } from './common-parts.ts'
import type { FactoryDocument } from './factory-schema.ts'
import type { FactoryManifest, ProjectManifest } from './load.ts'
import { resolvePersonas, teamAsSaid } from './personas.ts'
import { deliveredEnvironments } from './project-rules.ts'
import type { ProjectDocument } from './project-schema.ts'
import { valueAt } from './reading.ts'
import type {
  DnsSource,
  FactoryIdentities,
  Member,
  ResolvedFactory,
  ResolvedProject,
  SubnetSetting,
  VirtualNetworkSource,
} from './resolved.ts'
import { decideServices } from './services.ts'
import { mergedSettings } from './subnet-settings.ts'

/** The defaults of factory.yml. */
const factoryDefaults = {
  accessMode: 'private-peered',
  lake: { container: 'lake3', traversal: 'group' },
  sharedContainerRegistry: true,
  roles: 'custom',
  members: { foreign: 'keep', invite: false },
  sharedRegistryMode: 'AbacRepositoryPermissions',
  profile: 'standard',
} as const

/**
 * The factory as one of its environments sees it, with every default decided.
 * @throws UserError when the factory does not have this environment
 */
export function resolveFactory({ document, at }: FactoryManifest, environment: Environment): ResolvedFactory {
  const settings = document.environments[environment]
  if (settings === undefined) {
    const known = environments.filter((key) => document.environments[key] !== undefined)
    throw new UserError({
      what: `The factory '${document.name}' has no environment ${environment}.`,
      where: at('environments'),
      why: `It has: ${known.join(', ')}.`,
      fix: `Add ${environment} under 'environments', or choose one it has.`,
    })
  }
  const dns = resolveDns(document)
  const sharedContainerRegistry = document.sharedContainerRegistry ?? factoryDefaults.sharedContainerRegistry
  return {
    name: document.name,
    instance: document.instance,
    ...(document.repository === undefined ? {} : { repository: document.repository }),
    location: document.location,
    locationCode: document.locationCode,
    salt: document.salt,
    tenantId: document.tenantId.toLowerCase(),
    tags: document.tags ?? {},
    accessMode: document.accessMode ?? factoryDefaults.accessMode,
    allowedIps: document.allowedIps ?? [],
    dns,
    lake: {
      container: document.lake?.container ?? factoryDefaults.lake.container,
      traversal: document.lake?.traversal ?? factoryDefaults.lake.traversal,
    },
    sharedContainerRegistry,
    servicesOff: servicesOff(document, environment),
    common: decideCommonParts(document, environment, {
      dns: dns.mode,
      virtualNetworkId: settings.network.vnetId,
      sharedContainerRegistry,
    }),
    commonAt: (path) => {
      const own = ['environments', environment, 'common', ...path.split('.')]
      return at(valueAt(document, own) === undefined ? `common.${path}` : own.join('.'))
    },
    sharedRegistryMode: factoryDefaults.sharedRegistryMode,
    roles: document.roles ?? factoryDefaults.roles,
    personas: resolvePersonas(document, environment),
    coreTeam: namedPeople(document.coreTeam),
    members: resolveMembers(document),
    ...(settings.administrativeUnit === undefined
      ? {}
      : { administrativeUnit: settings.administrativeUnit.toLowerCase() }),
    environment,
    subscriptionId: settings.subscriptionId.toLowerCase(),
    ...(settings.clientId === undefined ? {} : { clientId: settings.clientId.toLowerCase() }),
    identities: resolveIdentities(settings),
    network: {
      source: resolveNetwork(settings.network),
      reserved: settings.network.reserved ?? [],
      onPremises: settings.network.onPremises ?? [],
      profile: settings.network.profile ?? factoryDefaults.profile,
      bringYourOwn: settings.network.bringYourOwn ?? [],
      others: otherNetworks(document, environment),
      at: (path) => at(`environments.${environment}.network.${path}`),
    },
    at,
  }
}

/**
 * One project in one environment, with every default and difference decided.
 * @throws UserError when the project is not delivered to this environment
 */
export function resolveProject(
  factory: FactoryManifest,
  project: ProjectManifest,
  environment: Environment,
  known: Catalogue = catalogue,
): ResolvedProject {
  const resolvedFactory = resolveFactory(factory, environment)
  const { document, at } = project
  const delivered = deliveredEnvironments(document, factory.document)
  if (!delivered.includes(environment)) {
    throw new UserError({
      what: `Project ${document.project} is not delivered to ${environment}.`,
      where: at('environments'),
      why: `Its manifest names: ${delivered.join(', ')}.`,
      fix: `Add '${environment}: {}' under 'environments' of ${project.file}, or choose one of its environments.`,
    })
  }
  const decisions = decideServices(known, factory.document, document, document.type, environment)
  // What is set for the environment overrides what is set for all.
  const placeOf = (path: string): Location => {
    const own = ['environments', environment, ...path.split('.')]
    return at(valueAt(document, own) === undefined ? path : own.join('.'))
  }
  return {
    factory: resolvedFactory,
    environment,
    number: document.project,
    name: document.name,
    type: document.type,
    description: withPlainBlanks(document.description ?? document.name),
    owner: document.owner,
    costCenter: document.costCenter ?? tagIn(resolvedFactory.tags, 'costCenter') ?? '',
    ...(document.repository === undefined ? {} : { repository: document.repository }),
    services: byKey(keysOf(known.services), (key) => decisions[key].setting),
    subnets: resolveSubnets(document, environment, known),
    subnetSettings: resolveSubnetSettings({ factory: factory.document, resolvedFactory }, document, known),
    subnetProfile:
      document.environments?.[environment]?.network?.profile ??
      document.network?.profile ??
      resolvedFactory.network.profile,
    team: teamAsSaid([document.owner], namedPeople(document.team)),
    at: placeOf,
    subnetSettingAt: (key, setting) => {
      const said = subnetDocuments(document, environment).some(
        (subnets) => subnets?.[key]?.[setting] !== undefined,
      )
      const path = `subnets.${key}.${setting}`
      if (said) return placeOf(`network.${path}`)
      const ofFactory = factory.document.environments[environment]?.network.subnets?.[key]?.[setting]
      const part = ofFactory === undefined ? wayOutPartOf(setting) : undefined
      return part === undefined ? resolvedFactory.network.at(path) : resolvedFactory.commonAt(part)
    },
  }
}

const resolveMembers = ({ members }: FactoryDocument): ResolvedFactory['members'] => ({
  foreign: members?.foreign ?? factoryDefaults.members.foreign,
  invite: members?.invite ?? factoryDefaults.members.invite,
})

/** Those of the personas of which a document says who they are. */
const namedPeople = (
  people: Readonly<Record<string, readonly Member[] | undefined>> = {},
): Readonly<Record<string, readonly Member[]>> =>
  Object.fromEntries(
    Object.entries(people).flatMap(([key, named]) => (named === undefined ? [] : [[key, named]])),
  )

/** Free text with ordinary blanks: some languages write others before a colon, or wide ones between words. */
const withPlainBlanks = (text: string): string => text.replaceAll(/\p{Zs}+/gu, ' ')

/** What the names of a factory's environment are made of. */
export const namingScheme = (factory: ResolvedFactory): NamingScheme => ({
  factory: factory.name,
  instance: factory.instance,
  locationCode: factory.locationCode,
  salt: factory.salt,
  environment: factory.environment,
})

function resolveDns({ dns }: FactoryDocument): DnsSource {
  if (dns?.mode === 'hub') return { ...dns, subscriptionId: dns.subscriptionId.toLowerCase() }
  return dns ?? { mode: 'standalone' }
}

type EnvironmentDocument = NonNullable<FactoryDocument['environments'][Environment]>

function resolveIdentities({ identities: { plan, people } = {} }: EnvironmentDocument): FactoryIdentities {
  return {
    ...(plan && { plan: { clientId: plan.clientId.toLowerCase() } }),
    ...(people && {
      people: { clientId: people.clientId.toLowerCase(), objectId: people.objectId.toLowerCase() },
    }),
  }
}

function resolveNetwork({
  vnetId,
  addressSpace = [],
  dnsServers,
}: EnvironmentDocument['network']): VirtualNetworkSource {
  return vnetId === undefined
    ? { kind: 'factory', addressSpace, ...(dnsServers && { dnsServers }) }
    : { kind: 'existing', id: vnetId }
}

const otherNetworks = (
  { environments: settings }: FactoryDocument,
  environment: Environment,
): ResolvedFactory['network']['others'] =>
  environments.flatMap((other) => {
    const addressSpace = settings[other]?.network.addressSpace
    return other === environment || addressSpace === undefined ? [] : [{ environment: other, addressSpace }]
  })

/** What a manifest says of subnets: for all environments, then for this one. */
const subnetDocuments = (document: ProjectDocument, environment: Environment) =>
  [document.network, document.environments?.[environment]?.network].map((network) => network?.subnets)

function resolveSubnets(
  document: ProjectDocument,
  environment: Environment,
  known: Catalogue,
): ResolvedProject['subnets'] {
  const settings = subnetDocuments(document, environment)
  const resolved = keysOf(known.subnets).flatMap((key): [string, SubnetSetting][] => {
    const { id, prefixLength } =
      settings
        .map((subnets) => subnets?.[key])
        .findLast((setting) => setting?.id !== undefined || setting?.prefixLength !== undefined) ?? {}
    if (id !== undefined) return [[key, { id }]]
    return prefixLength === undefined ? [] : [[key, { prefixLength }]]
  })
  return Object.fromEntries(resolved)
}

/** What the common area leads out by, and what the documents say, which counts more. */
function resolveSubnetSettings(
  {
    factory,
    resolvedFactory,
  }: { readonly factory: FactoryDocument; readonly resolvedFactory: ResolvedFactory },
  project: ProjectDocument,
  known: Catalogue,
): ResolvedProject['subnetSettings'] {
  const { environment, subscriptionId, common: parts } = resolvedFactory
  const names = commonNames(commonCatalogue, namingScheme(resolvedFactory))
  const way = { parts, ids: commonIds({ subscriptionId, names, parts }) }
  const documents = [
    factory.environments[environment]?.network.subnets,
    ...subnetDocuments(project, environment),
  ]
  return Object.fromEntries(
    keysOf(known.subnets).map((key) => [
      key,
      mergedSettings([wayOut(way, known.subnets[key]), ...documents.map((subnets) => subnets?.[key])]),
    ]),
  )
}
