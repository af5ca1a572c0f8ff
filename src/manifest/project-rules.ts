import { keysOf } from '../by-key.ts'
import type { Catalogue } from '../catalog/index.ts'
import { quoted } from '../diagnostics/escape.ts'
import type { DocumentFault, Path } from '../diagnostics/fault.ts'
import { projectOfSubnet } from '../naming/names.ts'
import { lastSegment } from '../resource-id.ts'
import { type Environment, environments } from '../vocabulary.ts'
import { isSharedName, mayBring } from './bring-your-own.ts'
import type { FactoryDocument } from './factory-schema.ts'
import { teamRules } from './persona-rules.ts'
import { brokenRule, keysAt, objectAt, textAt, valueAt } from './reading.ts'
import { serviceRules } from './service-rules.ts'
import { subnetIdKeys } from './subnet-settings.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What ties the keys of a project manifest together, and to its factory. */
export function projectRules(
  document: YamlDocument,
  file: string,
  factory: FactoryDocument,
  catalogue: Catalogue,
): readonly DocumentFault[] {
  const delivered = deliveredEnvironments(document.value, factory)
  return [
    ...fileNameRule(document, file),
    ...environmentsRule(document, factory),
    ...subnetRules(document, catalogue, { delivered, factory }),
    ...serviceRules(document, factory, catalogue, delivered),
    ...teamRules(document, factory),
  ]
}

/** The environments a project is delivered to, in order: those it names, or all that its factory has. */
export function deliveredEnvironments(project: unknown, factory: FactoryDocument): readonly Environment[] {
  const available = environments.filter((key) => factory.environments[key] !== undefined)
  if (valueAt(project, ['environments']) === undefined) return available
  const named = keysAt(project, ['environments'], environments)
  return available.filter((key) => named.includes(key))
}

/** A copied file whose number was forgotten would deliver over the project it was copied from. */
function fileNameRule(document: YamlDocument, file: string): readonly DocumentFault[] {
  const expected = /(?:^|[/\\])prj([0-9]{3})\.ya?ml$/.exec(file)?.[1]
  const number = textAt(document.value, ['project'])
  if (expected === undefined || number === undefined || !/^[0-9]{3}$/.test(number) || number === expected)
    return []
  return [
    document.fault('value', ['project'], {
      found: `'${number}'`,
      allowed: `'${expected}', as the file is called`,
      what: `The file is called prj${expected}, but 'project' is '${number}'. Change one of the two.`,
    }),
  ]
}

function environmentsRule(document: YamlDocument, factory: FactoryDocument): readonly DocumentFault[] {
  const path = ['environments']
  const available = environments.filter((key) => factory.environments[key] !== undefined)
  if (valueAt(document.value, path) === undefined) return []
  if (Object.keys(objectAt(document.value, path)).length === 0) {
    return [
      brokenRule(document, path, {
        found: 'no environment',
        allowed: `at least one of ${available.join(', ')}`,
        what: `'environments' must have at least one of ${available.join(', ')}. Leave it out to deliver to all of them.`,
      }),
    ]
  }
  return keysAt(document.value, path, environments)
    .filter((key) => !available.includes(key))
    .map((key) =>
      brokenRule(document, [...path, key], {
        found: key,
        allowed: `one of ${available.join(', ')}`,
        what: `The factory has no environment ${key}. It has: ${available.join(', ')}.`,
      }),
    )
}

function subnetRules(
  document: YamlDocument,
  { subnets }: Catalogue,
  { delivered, factory }: { readonly delivered: readonly Environment[]; readonly factory: FactoryDocument },
): readonly DocumentFault[] {
  const places: Path[] = [['network'], ...environments.map((key) => ['environments', key, 'network'])]
  const paths = places.flatMap((place) =>
    keysAt(document.value, [...place, 'subnets'], keysOf(subnets)).map((key) => [...place, 'subnets', key]),
  )
  return paths.flatMap((path) => [
    ...sizeOrIdRule(document, path),
    ...oneEnvironmentRule(document, path, delivered),
    ...othersSubnetRule(document, path),
    ...listedSubnetRule(document, path, { delivered, factory }),
  ])
}

function sizeOrIdRule(document: YamlDocument, path: Path): readonly DocumentFault[] {
  const subnet = valueAt(document.value, path)
  if (typeof subnet !== 'object' || subnet === null) return []
  const keys = Object.keys(subnet)
  const others = keys.filter((key) => key !== 'id')
  if (keys.length === 0) {
    return [
      brokenRule(document, path, {
        found: 'no key',
        allowed: 'at least one key',
        what: `'${path.join('.')}' says nothing. Give it a 'prefixLength' or what is to be attached, or the 'id' of an existing subnet.`,
      }),
    ]
  }
  if (others.length === 0 || others.length === keys.length) return []
  return [
    brokenRule(document, path, {
      found: `id together with ${others.join(', ')}`,
      allowed: 'id alone, or no id',
      what: `'${path.join('.')}' has 'id' and '${others[0]}'. An existing subnet is used as it is: it has a size and attachments already.`,
    }),
  ]
}

/** A subnet lies in the VNet of one environment, and what is attached to it in the same subscription. */
function oneEnvironmentRule(
  document: YamlDocument,
  path: Path,
  delivered: readonly Environment[],
): readonly DocumentFault[] {
  if (path[0] !== 'network' || delivered.length < 2) return []
  return ['id', ...subnetIdKeys]
    .filter((key) => textAt(document.value, [...path, key]) !== undefined)
    .map((key) =>
      brokenRule(document, [...path, key], {
        found: `one resource for ${delivered.join(', ')}`,
        allowed: 'one for each environment',
        what: `${key === 'id' ? 'An existing subnet' : 'What is attached to a subnet'} belongs to one environment, but this project is delivered to ${delivered.join(', ')}. Move '${key}' to 'environments.${delivered[0]}.${path.join('.')}', and name one for each environment.`,
      }),
    )
}

/** What looks like the subnet of another project is another project's: two projects must not share one. */
function othersSubnetRule(document: YamlDocument, path: Path): readonly DocumentFault[] {
  const id = textAt(document.value, [...path, 'id'])
  const number = textAt(document.value, ['project'])
  const name = lastSegment(id ?? '')
  const whose = projectOfSubnet(name)
  if (whose === undefined || whose === number) return []
  return [
    document.fault('value', [...path, 'id'], {
      found: quoted(name),
      allowed: "a subnet that is no other project's",
      what: `'${path.join('.')}.id' is the subnet ${quoted(name)} of project ${whose}. A project cannot use another project's subnet: name one that the network team provides, or set 'prefixLength' to have one created.`,
    }),
  ]
}

/** A subnet that nobody lets projects use may be that of the common area, or of another team. */
function listedSubnetRule(
  document: YamlDocument,
  path: Path,
  { delivered, factory }: { readonly delivered: readonly Environment[]; readonly factory: FactoryDocument },
): readonly DocumentFault[] {
  const id = textAt(document.value, [...path, 'id'])
  if (id === undefined || !id.includes('/subnets/')) return []
  const environment = path[0] === 'environments' ? environments.find((key) => key === path[1]) : delivered[0]
  const network = environment && factory.environments[environment]?.network
  if (network === undefined || mayBring(id, network.bringYourOwn ?? [])) return []
  return [
    document.fault('value', [...path, 'id'], {
      found: quoted(lastSegment(id)),
      allowed: 'a subnet that factory.yml lets projects use',
      what: `'${path.join('.')}.id' is the subnet ${quoted(lastSegment(id))}, which factory.yml does not let projects use. If the network team provides it, list it in factory.yml under 'environments.${environment}.network.bringYourOwn'${isSharedName(lastSegment(id)) ? ' by its own id, since it serves the whole VNet' : ', or its VNet'}; otherwise leave the id out so that the project gets a subnet of its own.`,
    }),
  ]
}
