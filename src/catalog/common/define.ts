import { z } from 'zod'
import { byKey } from '../../by-key.ts'
import type { Environment } from '../../vocabulary.ts'
import type {
  PrivateEndpointDefinition,
  ResourceDeclaration,
  ResourceOf,
  RightsChoice,
  SubnetDeclaration,
} from '../types.ts'
import type { CommonContext, CommonPartDefinition, CoreTeamGrant } from './types.ts'

type Resources = Readonly<Record<string, ResourceDeclaration>>
type Subnets = Readonly<Record<string, SubnetDeclaration>>
type KeyOf<Value> = keyof Value & string

/** A part of the common area as its file writes it: the options as named zod types, each with a description for editors. */
interface CommonPartSource<
  Key extends string,
  Own extends Resources,
  OwnSubnets extends Subnets,
  Connected extends readonly CommonPartDefinition[],
  Shape extends z.ZodRawShape,
> extends Pick<CommonPartDefinition, 'title' | 'documentation' | 'stack' | 'data'>,
    Partial<
      Pick<
        CommonPartDefinition,
        'inside' | 'prices' | 'decidedBy' | 'ownNetworkOnly' | 'notNeeded' | 'usedByProjects'
      >
    > {
  readonly key: Key
  /** Is it there unless factory.yml says otherwise? `always`: nothing can switch it off. */
  readonly enabled: boolean | 'always'
  /** The resource for which an existing one can stand in, by its id. */
  readonly existing?: NoInfer<KeyOf<Own>>
  readonly existingBy?: string
  /** Which of its resources have logs, with the path of a child below. */
  readonly logs?: readonly { readonly resource: NoInfer<KeyOf<Own>>; readonly child?: string }[]
  /** The resources that others refer to, by keys that no other part has. */
  readonly resources: Own
  readonly subnets: OwnSubnets
  /** The parts whose names, ids and subnets it uses. */
  readonly connectsTo?: Connected
  readonly privateEndpoints?: readonly PrivateEndpointDefinition<NoInfer<KeyOf<Own>>>[]
  /** What the core team may do with it. */
  readonly roles?: readonly CoreTeamGrant<NoInfer<KeyOf<Own>>>[]
  readonly rights?: readonly RightsChoice<NoInfer<KeyOf<Own>> | 'resourceGroup'>[]
  readonly options: Shape
  /** An option without a default is one that factory.yml has to say. */
  readonly defaults: Readonly<Record<Environment, Partial<z.output<z.ZodObject<Shape>>>>>
  readonly template: (
    context: CommonContext<
      KeyOf<Own> | ResourceOf<Connected[number]>,
      z.output<z.ZodObject<Shape>>,
      KeyOf<OwnSubnets>
    >,
  ) => ReturnType<CommonPartDefinition['template']>
}

/**
 * A part of the common area. Inside its file the options have their own types; to the rest of the project all parts look
 * alike, and their resources are made from options that are parsed again.
 */
export function defineCommonPart<
  const Key extends string,
  const Own extends Resources,
  Shape extends z.ZodRawShape,
  const OwnSubnets extends Subnets,
  const Connected extends readonly CommonPartDefinition[] = readonly [],
>(
  source: CommonPartSource<Key, Own, OwnSubnets, Connected, Shape>,
): CommonPartDefinition<Key, KeyOf<Own>, KeyOf<OwnSubnets>> {
  const complete = z.strictObject(source.options)
  type Used = KeyOf<Own> | ResourceOf<Connected[number]>
  const used: Resources = Object.assign(
    {},
    source.resources,
    ...(source.connectsTo ?? []).map(({ resources }) => resources),
  )
  const isUsed = (key: string): key is Used => Object.hasOwn(used, key)
  const keys = Object.keys(used).filter(isUsed)
  const { connectsTo: _, ...stated } = source
  return {
    ...unlessStated,
    ...stated,
    options: complete.partial(),
    required: requiredOptions(source),
    template: (context) =>
      source.template({
        ...context,
        names: byKey(keys, (key) => given(context.names, key)),
        ids: byKey(keys, (key) => given(context.ids, key)),
        options: complete.parse(context.options),
      }),
  }
}

/** What a part is that says nothing of it. */
const unlessStated = {
  existing: undefined,
  existingBy: undefined,
  ownNetworkOnly: false,
  usedByProjects: [],
  decidedBy: () => undefined,
  notNeeded: () => false,
  privateEndpoints: [],
  inside: {},
  logs: [],
  roles: [],
  rights: [],
  prices: {},
}

/** The keys of options that factory.yml has to say: neither the option nor every environment has a default. */
const requiredOptions = ({
  options,
  defaults,
}: {
  readonly options: z.ZodRawShape
  readonly defaults: Readonly<Record<Environment, object>>
}): readonly string[] =>
  Object.entries(options)
    .filter(([key, option]) => !z.safeParse(option, undefined).success && !isGiven(defaults, key))
    .map(([key]) => key)

const isGiven = (defaults: Readonly<Record<Environment, object>>, key: string): boolean =>
  Object.values(defaults).every((values) => Object.hasOwn(values, key))

function given(values: Readonly<Record<string, string>>, key: string): string {
  const value = values[key]
  if (value === undefined) throw new Error(`Nothing is known of the resource '${key}'.`)
  return value
}
