import { byKey, keysOf } from '../by-key.ts'
import { commonOwner, environmentCodes } from '../vocabulary.ts'
import { type PlaceholderValues, renderName } from './render.ts'
import { commonRules, groupPrefixRule, projectRules } from './rules.ts'
import type { CommonNames, NameRule, NamingScheme, ProjectNames } from './types.ts'

/** What names are made for: the resources and subnets of a catalogue. */
export interface Named<Resource extends string> {
  readonly resources: Readonly<Record<Resource, { readonly name: NameRule }>>
  /** A slug is how a subnet is written in its name, when not as its key; a fixed name is the only one that Azure accepts. */
  readonly subnets: Readonly<
    Record<string, { readonly slug?: string; readonly rule: { readonly fixedName?: string } }>
  >
}

/** Names of the common area of one environment of a factory. Pure: the same scheme always has the same names. */
export function commonNames<Resource extends string>(
  { resources, subnets }: Named<Resource>,
  scheme: NamingScheme,
): CommonNames<Resource> {
  const values = schemeValues(scheme)
  const name = (rule: keyof typeof commonRules, more?: PlaceholderValues): string =>
    renderName(commonRules[rule], { ...values, ...more })
  const subnet = (key: string): string => {
    if (isCommonSubnet(key)) return key
    const { rule, slug = key } = (Object.hasOwn(subnets, key) ? subnets[key] : undefined) ?? { rule: {} }
    return rule.fixedName ?? name('subnet', { value: slug })
  }
  return {
    ...byKey(keysOf(resources), (key) => renderName(resources[key].name, values)),
    resourceGroup: name('resourceGroup'),
    networkStack: name('deploymentStack', { value: 'common-network' }),
    deploymentStack: name('deploymentStack', { value: 'common' }),
    nestedDeployment: (part) => name('nestedDeployment', { value: part }),
    subnet,
    networkSecurityGroup: (key) => name('networkSecurityGroup', { value: subnet(key) }),
    privateEndpoint: (resource, group) => name('privateEndpoint', { value: resource, detail: group }),
    coreTeamGroup: ({ group }) => name('coreTeamGroup', { value: group }),
    coreTeamGroupPrefix: name('coreTeamGroup', { value: 'x' }).slice(0, -1),
    identity: (kind) => name('identity', { value: kind }),
    customRole: (title) => name('customRole', { value: title }),
    lakeTraversalGroup: name('lakeTraversalGroup'),
  }
}

/** How the names of a factory's groups begin, and those of no other factory's. */
export const groupPrefix = (scheme: NamingScheme): string =>
  `${renderName(groupPrefixRule, schemeValues(scheme))}_`

/**
 * Names of one project in one environment of a factory. Pure: the same scheme and number always have the same names.
 * @param project the number, `001` to `999`
 */
export function projectNames<Resource extends string>(
  { resources, subnets }: Named<Resource>,
  scheme: NamingScheme,
  project: string,
): ProjectNames<Resource> {
  const values: PlaceholderValues = { ...schemeValues(scheme), project }
  const name = (rule: keyof typeof projectRules, more?: PlaceholderValues): string =>
    renderName(projectRules[rule], { ...values, ...more })
  return {
    ...byKey(keysOf(resources), (key) => renderName(resources[key].name, values)),
    resourceGroup: name('resourceGroup'),
    deploymentStack: name('deploymentStack'),
    nestedDeployment: (part) => name('nestedDeployment', { value: part }),
    subnet: (key) => {
      if (projectOfSubnet(key) === project) return key
      const slug = Object.hasOwn(subnets, key) ? subnets[key]?.slug : undefined
      return name('subnet', { value: slug ?? key })
    },
    networkSecurityGroup: (key) => {
      const [, whose, rest = key] = subnetOfProject.exec(key) ?? []
      return name('networkSecurityGroup', { value: whose === project ? rest : key })
    },
    privateEndpoint: (resource, group) => name('privateEndpoint', { value: resource, detail: group }),
    personaGroup: ({ group }) => name('personaGroup', { value: group }),
    personaGroupPrefix: name('personaGroup', { value: 'x' }).slice(0, -1),
    lakeFolder: `project${project}`,
  }
}

const subnetOfProject = new RegExp(
  `^${projectRules.subnet.pattern.replace('{project}', '([0-9]{3})').replace('{value}', '(.+)')}$`,
  'i',
)

/** The number of the project that a subnet is called after; undefined when it is not called like a project's. */
export const projectOfSubnet = (name: string): string | undefined => subnetOfProject.exec(name)?.[1]

const commonSubnet = new RegExp(`^${commonRules.subnet.pattern.replace('{value}', '.+')}$`, 'i')

const isCommonSubnet = (name: string): boolean => commonSubnet.test(name)

/** Who a subnet is called after: the number of a project, or `common`; undefined when it has no name of ours. */
export const ownerInName = (name: string): string | undefined =>
  projectOfSubnet(name) ?? (isCommonSubnet(name) ? commonOwner : undefined)

function schemeValues(scheme: NamingScheme): PlaceholderValues {
  const { instance } = scheme
  return {
    factory: scheme.factory,
    location: scheme.locationCode,
    env: environmentCodes[scheme.environment],
    instance,
    shortInstance: instance.startsWith('0') ? instance.slice(1) : instance,
    salt: scheme.salt,
  }
}
