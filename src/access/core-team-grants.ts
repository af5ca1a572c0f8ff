import {
  type CommonResourceKey,
  commonCatalogue,
  commonChoices,
  commonPartKeys,
} from '../catalog/common/index.ts'
import type { RoleName } from '../catalog/facts/roles.ts'
import type { RightsChoice } from '../catalog/types.ts'
import { corePersonas } from '../manifest/personas.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'
import type { Environment, PersonaKey } from '../vocabulary.ts'

/** A role that a persona of the core team has in the common area. */
export interface CoreTeamGrantIn {
  readonly persona: PersonaKey
  readonly role: RoleName
  readonly on: CommonResourceKey | 'resourceGroup'
}

const parts = commonPartKeys.map((key) => commonCatalogue.parts[key])

/** What the personas of the core team may do in one environment, whatever its common area is made of. */
export const coreTeamGrants = (
  factory: Pick<ResolvedFactory, 'personas' | 'environment'>,
): readonly CoreTeamGrantIn[] =>
  corePersonas(factory).flatMap((persona) => grantsOf(persona, factory.environment))

function grantsOf({ key, rightsOf, rights }: Persona, environment: Environment): readonly CoreTeamGrantIn[] {
  const isReplaced = ({ offers }: RightsChoice, role: RoleName, on: string): boolean =>
    offers.some((one) => one.role === role && one.on === on)
  const replaced = commonChoices.filter((choice) => Object.hasOwn(rights, choice.key))
  const own = parts
    .flatMap(({ roles }) => roles)
    .filter((grant) => grant.to === rightsOf && grant.in?.includes(environment) !== false)
    .filter(({ role, on }) => !replaced.some((choice) => isReplaced(choice, role, on)))
  const chosen = replaced.flatMap((choice) =>
    choice.offers.filter(({ role }) => rights[choice.key]?.includes(role)),
  )
  return [...own, ...chosen].flatMap(({ role, on }) => (isPlace(on) ? [{ persona: key, role, on }] : []))
}

const isPlace = (on: string): on is CoreTeamGrantIn['on'] =>
  on === 'resourceGroup' || Object.hasOwn(commonCatalogue.resources, on)
