import { isSubnetRuleKey, subnetRuleKeys, subnetRules } from '../catalog/facts/subnet-rules.ts'
import {
  catalogue,
  endpointSubnet,
  isSubnetKey,
  type ServiceKey,
  type SubnetKey,
  serviceKeys,
} from '../catalog/index.ts'
import type { SubnetDefinition, SubnetRule } from '../catalog/types.ts'
import { quoted } from '../diagnostics/escape.ts'
import { nearest } from '../diagnostics/nearest.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { isSharedName } from '../manifest/bring-your-own.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import { ownerInName } from '../naming/names.ts'
import type { ProjectNames, SubnetNames } from '../naming/types.ts'
import { sameText } from '../resource-id.ts'
import { commonOwner } from '../vocabulary.ts'
import type { SubnetSpec } from './inputs.ts'
import { whoIs } from './ownership.ts'
import {
  type OwnSubnetRequest,
  type SubnetRequest,
  securityGroupOf,
  subnetRequests,
} from './requested-subnets.ts'
import { sizeFault } from './subnet-sizes.ts'

/** A project in an environment, with its names. */
interface Target {
  readonly project: ResolvedProject
  readonly names: { readonly project: ProjectNames }
  readonly ids: { readonly virtualNetwork: string }
}

/**
 * The subnets that an input requests, or else those that the project's manifest needs.
 * @throws UserError when one cannot be what is requested
 */
export function requestedSubnets(
  specs: readonly SubnetSpec[] | undefined,
  target: Target | undefined,
): readonly SubnetRequest<string>[] {
  if (specs !== undefined) {
    const requests = requestsFromSpecs(specs, target?.names.project)
    if (target !== undefined) refuseShared(requests, target)
    return requests.map((request) => {
      const settings = isSubnetKey(request.key) ? target?.project.subnetSettings[request.key] : undefined
      return settings === undefined ? request : { ...request, settings }
    })
  }
  if (target === undefined) throw new Error('Without requested subnets there is a project.')
  return subnetRequests(target.project, target.names.project)
}

/** A subnet that serves a whole VNet is nobody's to claim for a project. */
function refuseShared(
  requests: readonly OwnSubnetRequest<string>[],
  { project, ids: { virtualNetwork } }: Target,
): void {
  const { factory, number } = project
  const { bringYourOwn } = factory.network
  // A subnet of that name in another VNet, such as the hub's, is another subnet.
  const shared = requests.find(
    ({ name }) =>
      isSharedName(name) && !bringYourOwn.some((id) => sameText(id, `${virtualNetwork}/subnets/${name}`)),
  )
  if (shared === undefined) return
  throw new UserError({
    what: `Subnet '${shared.name}' cannot be claimed for project ${number}.`,
    where: factory.network.at('bringYourOwn'),
    why: 'Azure prescribes its name, so there is one for all who use the VNet: it belongs to the common area.',
    fix: `If this project is to create it, list its resource id under 'environments.${factory.environment}.network.bringYourOwn' in factory.yml.`,
  })
}

type Declared = Readonly<Record<string, SubnetDefinition>>

/** What a requested subnet is for. */
interface Purpose {
  /** The declared subnet that it is. */
  readonly definition: SubnetDefinition | undefined
  readonly rule: SubnetRule | undefined
  /** The name that the subnet gets. */
  readonly name: string
}

/**
 * The subnets that the input `subnets` requests. The rules of a subnet follow from its service or kind, or from a name
 * that is the key of a declared one or that Azure reserves for one service. With an owner every subnet gets a name of the
 * owner's, by which it is found again.
 * @param declared the subnets that such an owner may have, by their keys
 * @throws UserError for an unknown service, a size that its service refuses, or a name of another owner
 */
export function requestsFromSpecs(
  specs: readonly SubnetSpec[],
  names?: SubnetNames,
  declared: Declared = catalogue.subnets,
): readonly OwnSubnetRequest<string>[] {
  const requests = specs.map((spec) => requestOf(spec, purposeOf(spec, names, declared), names))
  for (const [index, { name }] of requests.entries()) {
    const twin = requests.slice(0, index).findIndex((before) => sameText(before.name, name))
    const [spec, other] = [specs[index], specs[twin]]
    if (spec === undefined || other === undefined) continue
    throw new UserError({
      what: `${subjectOf(spec)} is the same subnet as ${quoted(other.name)} in line ${other.line}: ${quoted(name)}.`,
      fix: 'Remove one of the two, or rename it.',
    })
  }
  return requests
}

/** The beginning of a sentence about a requested subnet. */
const subjectOf = ({ name, line }: SubnetSpec): string => `Input 'subnets', line ${line}: ${quoted(name)}`

function requestOf(
  spec: SubnetSpec,
  { definition, rule, name }: Purpose,
  names: SubnetNames | undefined,
): OwnSubnetRequest<string> {
  const { prefixLength } = spec
  const { key = spec.name } = definition ?? {}
  const request = {
    kind: 'own' as const,
    key,
    name,
    prefixLength,
    ...(names && securityGroupOf(key, rule, names)),
  }
  if (rule === undefined) return { ...request, delegation: '' }
  const { smallest, delegation = '' } = rule
  const fault = sizeFault(prefixLength, rule, smallest)
  if (fault !== undefined) throw new UserError({ ...fault, what: `${subjectOf(spec)} ${fault.what}` })
  return {
    ...request,
    smallestPrefixLength: smallest.prefixLength,
    delegation,
    rule,
    ...(definition && { definition }),
  }
}

function purposeOf(spec: SubnetSpec, names: SubnetNames | undefined, declared: Declared): Purpose {
  const fixed = fixedRuleOf(spec.name)
  const definition = declaredAs(spec.name, names, declared)
  const known = fixed ?? definition?.rule
  const rule = spec.service === undefined ? known : ruleFor(spec.service, spec)
  if (known !== undefined && rule !== undefined && rule !== known) {
    throw new UserError({
      what: `${subjectOf(spec)} is the name of a subnet for: ${known.title}. It cannot be for: ${rule.title}.`,
      fix: 'Rename it, or leave the service out.',
    })
  }
  return { definition, rule, name: nameOf(spec, rule, names) }
}

/** The rule of the service that alone may have a subnet of this name. */
const fixedRuleOf = (name: string): SubnetRule | undefined =>
  subnetRuleKeys
    .map((key): SubnetRule => subnetRules[key])
    .find(({ fixedName }) => fixedName !== undefined && sameText(fixedName, name))

/** The declared subnet that is meant, by its key or by the name that its owner gives it. */
const declaredAs = (
  name: string,
  names: SubnetNames | undefined,
  declared: Declared,
): SubnetDefinition | undefined =>
  Object.values(declared).find(
    ({ key }) => key === name || (names !== undefined && sameText(names.subnet(key), names.subnet(name))),
  )

/** The rules of a service of the catalogue, or of a kind of subnet. */
function ruleFor(service: string, spec: SubnetSpec): SubnetRule {
  const known = serviceKeys.find((key) => key === service)
  if (known !== undefined) return catalogue.subnets[subnetOf(known)].rule
  if (isSubnetRuleKey(service)) return subnetRules[service]
  const all = [...serviceKeys, ...subnetRuleKeys]
  const meant = nearest(service, all)
  throw new UserError({
    what: `${subjectOf(spec)} is for a service ${quoted(service)}, which does not exist.`,
    ...(meant === undefined ? {} : { why: `Did you mean ${meant}?` }),
    fix: `Use ${all.join(', ')}, or leave the service out.`,
  })
}

/** The subnet that a service is in; private endpoints share one. */
const subnetOf = (service: ServiceKey): SubnetKey =>
  Object.keys(catalogue.services[service].subnets).find(isSubnetKey) ?? endpointSubnet

/** The name a subnet gets: the only one its service takes, or one of the project. */
function nameOf(spec: SubnetSpec, rule: SubnetRule | undefined, names: SubnetNames | undefined): string {
  const { name } = spec
  if (rule?.fixedName !== undefined) {
    if (name === rule.fixedName) return name
    throw new UserError({
      what: `${subjectOf(spec)} must be called '${rule.fixedName}'.`,
      why: `${rule.title} requires that name.`,
      fix: `Write name: ${rule.fixedName}.`,
      more: rule.documentation,
    })
  }
  if (names === undefined) return name
  const own = names.subnet(name)
  const [owner, other] = [ownerInName(own), ownerInName(name)]
  if (owner === undefined || other === undefined || other === owner) return own
  throw new UserError({
    what: `${subjectOf(spec)} is a name of ${whoIs(other)}, but this is ${whoIs(owner)}.`,
    fix: `Write the name without ${owner === commonOwner ? 'its prefix, which is added' : 'the project, which is added as a prefix'}.`,
  })
}
