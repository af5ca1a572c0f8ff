import { type RoleName, roles } from '../catalog/facts/roles.ts'
import { type ProductPersona, productPersonas } from '../catalog/personas.ts'
import type { Environment, PersonaKey } from '../vocabulary.ts'
import type { FactoryDocument } from './factory-schema.ts'
import type { Member, Persona, ResolvedFactory, ResolvedProject } from './resolved.ts'

/** Until when somebody is eligible unless factory.yml says so. */
const eligibleFor = 'P180D'

type Documents = Pick<FactoryDocument, 'personas'>

type SaidOfPersona = NonNullable<NonNullable<Documents['personas']>[string]>
type ProductPersonaOfPeople = Exclude<ProductPersona, { kind: 'process' }>

/** What a persona is that the product does not have, unless factory.yml says otherwise. */
const newPersona = { kind: 'project', codes: [], projectTypes: [] } as const

const productPersona = (key: string): ProductPersonaOfPeople | undefined => {
  const table: Readonly<Record<string, ProductPersona>> = productPersonas
  const persona = Object.hasOwn(table, key) ? table[key] : undefined
  return persona === undefined || persona.kind === 'process' ? undefined : persona
}

/**
 * The personas of a factory in one environment, those of this release first. What factory.yml says of one replaces what the
 * product, or the persona that it starts from, says.
 */
export function resolvePersonas({ personas = {} }: Documents, environment: Environment): readonly Persona[] {
  const keys = new Set([...Object.keys(productPersonas), ...Object.keys(personas)])
  return [...keys].flatMap((key) => resolvePersona(key, { personas }, environment) ?? [])
}

function resolvePersona(
  key: PersonaKey,
  documents: Documents,
  environment: Environment,
  without: ReadonlySet<PersonaKey> = new Set(),
): Persona | undefined {
  const product = productPersona(key)
  const said = documents.personas?.[key]
  if (said === undefined && product === undefined) return undefined
  // A circle is refused with its place; here it only must not go on forever.
  const from = said?.from
  const start =
    from === undefined || without.has(from)
      ? undefined
      : resolvePersona(from, documents, environment, new Set([...without, key]))
  const rightsOf = from === undefined ? product && key : start?.rightsOf
  return {
    key,
    ...described(key, product, said),
    ...eligibleIn(environment, key, product, said),
    ...(rightsOf !== undefined && { rightsOf }),
    rights: { ...start?.rights, ...chosenRoles(said?.rights?.[environment]) },
  }
}

/** All of a persona that is the same in every environment. */
function described(
  key: PersonaKey,
  product: ProductPersonaOfPeople | undefined,
  said: SaidOfPersona = {},
): Omit<Persona, 'key' | 'rights' | 'rightsOf' | 'eligible'> {
  const title = said.title ?? product?.title ?? key
  return {
    ...newPersona,
    group: groupWordOf(key),
    ...product,
    title,
    description: said.description ?? product?.description ?? `${title}.`,
    ...(product === undefined && said.kind !== undefined && { kind: said.kind }),
    ...(said.group !== undefined && { group: said.group }),
    ...(said.projectTypes !== undefined && { projectTypes: said.projectTypes }),
  }
}

/** Whether its roles are to be activated in an environment: where it is eligible, unless it says so of others only. */
function eligibleIn(
  environment: Environment,
  key: PersonaKey,
  product: ProductPersonaOfPeople | undefined,
  said: SaidOfPersona = {},
): Pick<Persona, 'eligible'> {
  const { eligible } = said
  if (eligible === undefined || eligible.environments?.includes(environment) === false) return {}
  const { description } = described(key, product, said)
  return { eligible: { duration: eligibleFor, justification: description, ...stated(eligible) } }
}

/** What was said of it. */
const stated = (
  eligible: NonNullable<SaidOfPersona['eligible']>,
): Partial<NonNullable<Persona['eligible']>> => ({
  ...(eligible.duration !== undefined && { duration: eligible.duration }),
  ...(eligible.justification !== undefined && { justification: eligible.justification }),
})

/** Who is in a project's team by what its manifest says: the owner leads it unless it names who does. */
export const teamAsSaid = <People>(
  owner: People,
  team: Readonly<Record<PersonaKey, People>>,
): Readonly<Record<PersonaKey, People>> => ({ lead: owner, ...team })

/** A persona's key as the names of its groups have it: `dataScientist` is `data_scientist`. */
export const groupWordOf = (key: PersonaKey): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const chosenRoles = (
  chosen: Readonly<Record<string, readonly string[] | undefined>> = {},
): Persona['rights'] =>
  Object.fromEntries(
    Object.entries(chosen).flatMap(([choice, names]) =>
      names === undefined ? [] : [[choice, names.filter(isRole)]],
    ),
  )

const isRole = (name: string): name is RoleName => Object.hasOwn(roles, name)

/**
 * A persona by its key.
 * @throws Error when the factory has none, which is a defect: what people wrote has been checked
 */
export function personaOf({ personas }: Pick<ResolvedFactory, 'personas'>, key: PersonaKey): Persona {
  const found = personas.find((persona) => persona.key === key)
  if (found === undefined) throw new Error(`The factory has no persona '${key}'.`)
  return found
}

/** Those that people hold in projects. */
export const projectPersonas = ({ personas }: Pick<ResolvedFactory, 'personas'>): readonly Persona[] =>
  personas.filter(({ kind }) => kind === 'project')

/** Those that people hold in the core team. */
export const corePersonas = ({ personas }: Pick<ResolvedFactory, 'personas'>): readonly Persona[] =>
  personas.filter(({ kind }) => kind === 'coreTeam')

/** The people of a project who have a persona. */
export const teamOf = (
  { team }: Pick<ResolvedProject, 'team'>,
  { key }: Pick<Persona, 'key'>,
): readonly Member[] => team[key] ?? []

/** The people of the core team who have a persona. */
export const coreTeamOf = (
  { coreTeam }: Pick<ResolvedFactory, 'coreTeam'>,
  { key }: Pick<Persona, 'key'>,
): readonly Member[] => coreTeam[key] ?? []

/**
 * The personas whose groups a project needs: those that its type has from the start, and those somebody is in. The groups of
 * the others may exist all the same, from a time when they were needed.
 */
export const personasOf = (project: Pick<ResolvedProject, 'factory' | 'type' | 'team'>): readonly Persona[] =>
  projectPersonas(project.factory).filter(
    (persona) => persona.projectTypes.includes(project.type) || teamOf(project, persona).length > 0,
  )

/** The personas whose groups the core team needs: those that are there from the start, and those somebody is in. */
export const coreTeamPersonas = (
  factory: Pick<ResolvedFactory, 'personas' | 'coreTeam'>,
): readonly Persona[] =>
  corePersonas(factory).filter(
    (persona) => persona.projectTypes.length > 0 || coreTeamOf(factory, persona).length > 0,
  )
