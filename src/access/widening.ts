import { commonChoices } from '../catalog/common/index.ts'
import { choicesOf, everything } from '../catalog/contents.ts'
import type { RightsChoice } from '../catalog/types.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'
import { coreTeamGrants } from './core-team-grants.ts'
import { grantsIn } from './persona-grants.ts'

type FactoryPersonas = Pick<ResolvedFactory, 'personas' | 'environment'>

/**
 * Where factory.yml lets people do more in stage or prod than the product does, one sentence for each persona: people work in
 * dev, and elsewhere only identities do.
 */
export function wideningNotes(factory: FactoryPersonas): readonly string[] {
  const { environment, personas } = factory
  if (environment === 'dev') return []
  return personas.flatMap((persona) => {
    const more = widened(persona, factory)
    if (more.length === 0) return []
    return [
      `In ${environment} factory.yml gives people more than the product does: ${persona.title} has ${more.join(', and ')} ('personas.${persona.key}.rights.${environment}'). Without it, only identities work in ${environment}.`,
    ]
  })
}

/** The roles by what they are about, in words. */
function widened(persona: Persona, { environment }: FactoryPersonas): readonly string[] {
  const all = rolesOf({ personas: [persona], environment })
  const without = new Set(rolesOf({ personas: [{ ...persona, rights: {} }], environment }))
  return all.filter((one) => !without.has(one))
}

function rolesOf(factory: FactoryPersonas): readonly string[] {
  const inProjects = grantsIn(factory, everything()).filter(({ to }) => 'persona' in to)
  return [
    ...inProjects.map((grant) => inWords(grant, choicesOf())),
    ...coreTeamGrants(factory).map((grant) => inWords(grant, commonChoices)),
  ]
}

const inWords = (
  { role, on }: Pick<RightsChoice['offers'][number], 'role' | 'on'>,
  choices: readonly RightsChoice[],
): string => {
  const choice = choices.find(({ offers }) => offers.some((one) => one.role === role && one.on === on))
  return `${role} (${choice?.title ?? on})`
}
