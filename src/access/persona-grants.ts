import {
  choiceOf,
  choicesOf,
  chosenGrants,
  everything,
  grantsOf,
  type ProjectContents,
  type ProjectGrant,
} from '../catalog/contents.ts'
import { roles } from '../catalog/facts/roles.ts'
import { type Catalogue, catalogue } from '../catalog/index.ts'
import { corePersonas, projectPersonas } from '../manifest/personas.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'
import { coreTeamGrants } from './core-team-grants.ts'
import { daysOf } from './days.ts'
import type { DesiredAssignment } from './model.ts'

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

/** That a role of a persona waits for its activation, where the persona asks for that. */
export const eligibilityOf = ({
  eligible,
}: Pick<Persona, 'eligible'>): Pick<DesiredAssignment, 'eligible'> =>
  eligible === undefined
    ? {}
    : { eligible: { days: daysOf(eligible.duration), justification: eligible.justification } }

/**
 * May a persona become eligible for something in this environment? Of projects, in their resource groups: what is outside of
 * them does not wait for its activation. Of the core team, in the common area.
 */
export function hasEligible(
  factory: Pick<ResolvedFactory, 'personas' | 'environment' | 'sharedContainerRegistry'>,
  from: Catalogue = catalogue,
): boolean {
  const ofProjects = eligibleKeys(projectPersonas(factory))
  const ofCoreTeam = eligibleKeys(corePersonas(factory))
  return (
    grantsIn(factory, everything(from), from).some(
      ({ to, on, role }) =>
        'persona' in to &&
        ofProjects.has(to.persona) &&
        roles[role].plane === 'azure' &&
        on !== 'machineLearningRegistry' &&
        (on !== 'containerRegistry' || !factory.sharedContainerRegistry),
    ) || coreTeamGrants(factory).some(({ persona }) => ofCoreTeam.has(persona))
  )
}

const eligibleKeys = (personas: readonly Persona[]): ReadonlySet<string> =>
  new Set(personas.flatMap(({ key, eligible }) => (eligible ? [key] : [])))
