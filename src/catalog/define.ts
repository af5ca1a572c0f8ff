import { z } from 'zod'
import { byKey } from '../by-key.ts'
import type { Environment } from '../vocabulary.ts'
import type {
  OptionsOf,
  PartContext,
  PartDefinition,
  Place,
  PrivateEndpointDefinition,
  ResourceDeclaration,
  ResourceOf,
  RightsChoice,
  RoleGrant,
  ServiceDefinition,
  SubnetDeclaration,
} from './types.ts'

type Resources = Readonly<Record<string, ResourceDeclaration>>
type Subnets = Readonly<Record<string, SubnetDeclaration>>
type KeyOf<Value> = keyof Value & string

/** A part as its file writes it. */
interface PartSource<
  Own extends Resources,
  OwnSubnets extends Subnets,
  Connected extends readonly PartDefinition[],
  Options,
> extends Pick<PartDefinition, 'title' | 'documentation' | 'data'> {
  /** What people make inside its resources. */
  readonly inside?: PartDefinition['inside']
  /** What its ARM types cost. */
  readonly prices?: PartDefinition['prices']
  /** The resources that others refer to, by keys that no other part has. */
  readonly resources: Own
  readonly subnets: OwnSubnets
  /** The parts whose names and ids it uses, or that a role of its own concerns. The other side says nothing of it. */
  readonly connectsTo?: Connected
  readonly privateEndpoints: readonly PrivateEndpointDefinition<NoInfer<KeyOf<Own>>>[]
  readonly roles: readonly RoleGrant<
    NoInfer<KeyOf<Own> | ResourceOf<Connected[number]>>,
    NoInfer<KeyOf<Own> | ResourceOf<Connected[number]> | Place>
  >[]
  /** What a factory may choose for a persona; for a service, by default what it grants to people itself. */
  readonly rights?: readonly RightsChoice<NoInfer<KeyOf<Own> | ResourceOf<Connected[number]> | Place>>[]
  readonly template: (
    context: PartContext<KeyOf<Own> | ResourceOf<Connected[number]>, Options, KeyOf<OwnSubnets>>,
  ) => ReturnType<PartDefinition['template']>
  readonly capabilityHosts?: (
    context: PartContext<KeyOf<Own> | ResourceOf<Connected[number]>, Options, KeyOf<OwnSubnets>>,
  ) => ReturnType<PartDefinition['capabilityHosts']>
}

/** A service as its file writes it: the options as named zod types, each with a description for editors. */
interface ServiceSource<
  Key extends string,
  Own extends Resources,
  OwnSubnets extends Subnets,
  Connected extends readonly PartDefinition[],
  Shape extends z.ZodRawShape,
> extends PartSource<Own, OwnSubnets, Connected, z.output<z.ZodObject<Shape>>>,
    Pick<ServiceDefinition, 'formLabel' | 'defaultFor'> {
  readonly key: Key
  readonly formerLabels?: readonly string[]
  /** Other services it cannot do without. */
  readonly requires?: readonly ServiceDefinition[]
  /** Sentences about what its options cannot be, given those of other services. */
  readonly refuses?: (options: z.output<z.ZodObject<Shape>>, optionsOf: OptionsOf) => readonly string[]
  readonly options: Shape
  readonly defaults: Readonly<Record<Environment, z.output<z.ZodObject<Shape>>>>
}

/** A part that every project has. Inside its file it sees the names and ids of its own and of what it connects to. */
export function definePart<
  const Own extends Resources,
  const OwnSubnets extends Subnets,
  const Connected extends readonly PartDefinition[] = readonly [],
>(source: PartSource<Own, OwnSubnets, Connected, unknown>): PartDefinition<KeyOf<Own>, KeyOf<OwnSubnets>> {
  return partOf(source, (options) => options)
}

/**
 * A service of the catalogue. Inside its file the options have their own types; to the rest of the project all services
 * look alike, and their resources are made from options that are parsed again.
 */
export function defineService<
  const Key extends string,
  const Own extends Resources,
  Shape extends z.ZodRawShape,
  const OwnSubnets extends Subnets,
  const Connected extends readonly PartDefinition[] = readonly [],
>(
  source: ServiceSource<Key, Own, OwnSubnets, Connected, Shape>,
): ServiceDefinition<Key, KeyOf<Own>, KeyOf<OwnSubnets>> {
  const complete = z.strictObject(source.options)
  return {
    ...partOf(source, (options) => complete.parse(options)),
    rights: source.rights ?? [
      { key: source.key, title: source.title, offers: grantedToPeople(source.roles) },
    ],
    key: source.key,
    formLabel: source.formLabel,
    formerLabels: source.formerLabels ?? [],
    defaultFor: source.defaultFor,
    requires: (source.requires ?? []).map(({ key }) => key),
    // Options that are not well formed are refused elsewhere.
    refuses: (options, optionsOf) => {
      const parsed = complete.safeParse(options)
      return parsed.success ? (source.refuses?.(parsed.data, optionsOf) ?? []) : []
    },
    options: complete.partial(),
    defaults: source.defaults,
  }
}

function partOf<
  Own extends Resources,
  OwnSubnets extends Subnets,
  Connected extends readonly PartDefinition[],
  Options,
>(
  source: PartSource<Own, OwnSubnets, Connected, Options>,
  parse: (options: unknown) => Options,
): PartDefinition<KeyOf<Own>, KeyOf<OwnSubnets>> {
  const {
    title,
    documentation,
    resources,
    subnets,
    privateEndpoints,
    roles,
    data,
    inside = {},
    prices = {},
  } = source
  type Used = KeyOf<Own> | ResourceOf<Connected[number]>
  const used: Resources = Object.assign(
    {},
    resources,
    ...(source.connectsTo ?? []).map((part) => part.resources),
  )
  const isUsed = (key: string): key is Used => Object.hasOwn(used, key)
  const keys = Object.keys(used).filter(isUsed)
  const own = (context: PartContext<string, unknown, string>) => ({
    ...context,
    names: byKey(keys, (key) => given(context.names, key)),
    ids: byKey(keys, (key) => given(context.ids, key)),
    options: parse(context.options),
  })
  return {
    title,
    documentation,
    resources,
    subnets,
    privateEndpoints,
    roles,
    rights: source.rights ?? [],
    data,
    inside,
    prices,
    template: (context) => source.template(own(context)),
    capabilityHosts: (context) => source.capabilityHosts?.(own(context)) ?? [],
  }
}

/** The roles that a part grants to people, each once. */
function grantedToPeople(roles: readonly RoleGrant[]): RightsChoice['offers'] {
  const offers = roles.filter(({ to }) => 'persona' in to).map(({ role, on }) => ({ role, on }))
  return [...new Map(offers.map((offer) => [`${offer.role}|${offer.on}`, offer])).values()]
}

function given(values: Readonly<Record<string, string>>, key: string): string {
  const value = values[key]
  if (value === undefined) throw new Error(`Nothing is known of the resource '${key}'.`)
  return value
}
