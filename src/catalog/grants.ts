import type { RoleName } from './facts/roles.ts'
import type { ProjectPersonaKey } from './personas.ts'
import type { RoleGrant } from './types.ts'

/** People work in dev; what reaches stage and prod is delivered by the project's identities. */
export const peopleInDev = <const On extends string>(
  personas: readonly ProjectPersonaKey[],
  role: RoleName,
  on: On,
): readonly RoleGrant<never, On>[] => personas.map((persona) => ({ to: { persona }, role, on, in: ['dev'] }))

/** A role that managed identities have in every environment. */
export const identities = <const Identity extends string, const On extends string>(
  principals: readonly Identity[],
  role: RoleName,
  on: On,
): readonly RoleGrant<Identity, On>[] => principals.map((identity) => ({ to: { identity }, role, on }))
