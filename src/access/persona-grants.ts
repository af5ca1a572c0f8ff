import {
  choiceOf,
  choicesOf,
  chosenGrants,
  everything,
  grantsOf,
  type ProjectContents,
  type ProjectGrant,
} from '../catalog/contents.ts'
import { type Catalogue, catalogue } from '../catalog/index.ts'
import { projectPersonas } from '../manifest/personas.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'

/**
 * What the personas of a factory and the managed identities of a project are granted in one environment: the catalogue's
 * grants, and of personas what factory.yml chooses instead.
 */
export function grantsIn(
  factory: Pick<ResolvedFactory, 'personas' | 'environment'>,
  contents: ProjectContents,
  from: Catalogue = catalogue,
): readonly ProjectGrant[] {
  const { environment } = factory
  const all = grantsOf(contents, from).filter((grant) => grant.in?.includes(environment) !== false)
  return [
    ...projectPersonas(factory).flatMap((persona) => grantsOfPersona(persona, all, contents, from)),
    ...all.filter(({ to }) => 'identity' in to),
  ]
}

function grantsOfPersona(
  { key, rightsOf, rights }: Persona,
  all: readonly ProjectGrant[],
  contents: ProjectContents,
  from: Catalogue,
): readonly ProjectGrant[] {
  const isReplaced = (grant: ProjectGrant): boolean =>
    Object.hasOwn(rights, choiceOf(grant, choicesOf(from)) ?? '')
  const kept = all.filter(
    (grant) => 'persona' in grant.to && grant.to.persona === rightsOf && !isReplaced(grant),
  )
  return [
    ...kept.map((grant) => ({ ...grant, to: { persona: key } })),
    ...Object.entries(rights).flatMap(([choice, roles]) =>
      chosenGrants(contents, key, { choice, roles }, from),
    ),
  ]
}

/** May a persona of the factory's projects become eligible for something in this environment? */
export function hasEligible(
  factory: Pick<ResolvedFactory, 'personas' | 'environment'>,
  from: Catalogue = catalogue,
): boolean {
  const eligible = new Set(projectPersonas(factory).flatMap((one) => (one.eligible ? [one.key] : [])))
  return grantsIn(factory, everything(from), from).some(
    ({ to }) => 'persona' in to && eligible.has(to.persona),
  )
}
