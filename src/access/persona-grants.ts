import {
  choiceOf,
  choicesOf,
  chosenGrants,
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
