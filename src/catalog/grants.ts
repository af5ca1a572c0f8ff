import type { PersonaKey, ServiceKey } from '../vocabulary.ts'
import type { RoleName } from './facts/roles.ts'
import type { ResourceKey, RoleGrant } from './types.ts'

/** People work in dev; what reaches stage and prod is delivered by the project's identities. */
export const peopleInDev = (
  personas: readonly PersonaKey[],
  role: RoleName,
  on: ResourceKey,
): readonly RoleGrant[] => personas.map((persona) => ({ to: { persona }, role, on, in: ['dev'] }))

/** A role that managed identities hold in every environment, where the named services exist. */
export const identities = (
  holders: readonly ResourceKey[],
  role: RoleName,
  on: ResourceKey,
  when: readonly ServiceKey[] = [],
): readonly RoleGrant[] =>
  holders.map((identity) => ({ to: { identity }, role, on, ...(when.length > 0 && { when }) }))
