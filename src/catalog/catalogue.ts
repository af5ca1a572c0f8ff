import { byKey } from '../by-key.ts'
import type {
  PartDeclaration,
  PartDefinition,
  ResourceDeclaration,
  ResourceOf,
  ServiceDefinition,
  SubnetDefinition,
} from './types.ts'

/**
 * All that a project can be made of. Everything that goes through services, subnets or resources goes through the keys of
 * these objects, so that one more service is found everywhere.
 */
export interface CatalogueOf<Service extends string, Subnet extends string, Resource extends string> {
  /** What every project has, whatever its type. */
  readonly baseline: readonly PartDefinition[]
  /** What can be switched on. */
  readonly services: Readonly<Record<Service, ServiceDefinition>>
  /** The subnets that a project may have. */
  readonly subnets: Readonly<Record<Subnet, SubnetDefinition>>
  /** The resources that names, ids, roles and other resources refer to. */
  readonly resources: Readonly<Record<Resource, ResourceDeclaration>>
}

/** The keys of the subnets of one or several parts. */
export type SubnetOf<Part> = Part extends { readonly subnets: infer Own } ? keyof Own & string : never

/**
 * Puts a catalogue together from its parts.
 * @throws Error when two parts have a key in common, a service stands under another key than its own, a resource is the
 * child of none, or a part does not say what a type of its resources holds, or offers no choice of what it grants to people:
 * defects of the catalogue
 */
export function buildCatalogue<
  const Baseline extends readonly PartDefinition[],
  const Services extends Readonly<Record<string, ServiceDefinition>>,
>(
  baseline: Baseline,
  services: Services,
): CatalogueOf<
  keyof Services & string,
  SubnetOf<Baseline[number] | Services[keyof Services]>,
  ResourceOf<Baseline[number] | Services[keyof Services]>
> {
  type Part = Baseline[number] | Services[keyof Services]
  const all: readonly PartDefinition[] = [...baseline, ...Object.values<ServiceDefinition>(services)]
  for (const [key, service] of Object.entries(services)) {
    if (service.key !== key) throw new Error(`The service '${service.key}' stands under the key '${key}'.`)
  }
  for (const part of all) checkRights(part)
  return { baseline, services, ...collect<Part>(all) }
}

/** The subnets and resources of several parts, by keys that are the same nowhere else. */
interface Collected<Subnet extends string, Resource extends string> {
  readonly subnets: Readonly<Record<Subnet, SubnetDefinition>>
  readonly resources: Readonly<Record<Resource, ResourceDeclaration>>
}

/**
 * Collects what parts declare.
 * @throws Error when two parts have a key in common, a resource is the child of none, or a part does not say what a type of
 * its resources holds: defects of the catalogue
 */
export function collect<Part extends PartDeclaration>(
  all: readonly PartDeclaration[],
): Collected<SubnetOf<Part>, ResourceOf<Part>> {
  for (const part of all) checkPart(part)
  const subnets = distinct(
    all.flatMap((part) =>
      Object.entries(part.subnets).map(([key, subnet]): [string, SubnetDefinition] => [
        key,
        { key, ...subnet },
      ]),
    ),
  )
  const resources = distinct(all.flatMap((part) => Object.entries(part.resources)))
  const isSubnet = (key: string): key is SubnetOf<Part> => subnets.has(key)
  const isResource = (key: string): key is ResourceOf<Part> => resources.has(key)
  return {
    subnets: byKey([...subnets.keys()].filter(isSubnet), (key) => found(subnets, key)),
    resources: byKey([...resources.keys()].filter(isResource), (key) => found(resources, key)),
  }
}

/** Is this part one that can be switched on? */
export const isService = (part: PartDefinition): part is ServiceDefinition => 'key' in part

/** Can a factory take from a persona, and give it, whatever a part grants to people? */
function checkRights({ title, roles, rights }: PartDefinition): void {
  for (const { to, role, on } of roles) {
    if (!('persona' in to)) continue
    const isOffered = rights.some(({ offers }) => offers.some((one) => one.role === role && one.on === on))
    if (!isOffered) throw new Error(`${title} grants '${role}' to people, and no choice of rights has it.`)
  }
}

function checkPart({ title, resources, data }: PartDeclaration): void {
  for (const [key, { type, parent }] of Object.entries(resources)) {
    if (parent !== undefined && !Object.hasOwn(resources, parent)) {
      throw new Error(`${title}: '${key}' is a child of '${parent}', which is no resource of this part.`)
    }
    if (!Object.hasOwn(data, type)) throw new Error(`${title} does not say what a ${type} holds.`)
  }
}

function distinct<Value>(entries: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const [key, value] of entries) {
    if (values.has(key)) throw new Error(`Two parts of the catalogue declare '${key}'.`)
    values.set(key, value)
  }
  return values
}

function found<Value>(values: ReadonlyMap<string, Value>, key: string): Value {
  const value = values.get(key)
  if (value === undefined) throw new Error(`The catalogue has no '${key}'.`)
  return value
}
