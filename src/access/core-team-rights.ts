import type { CommonIds } from '../catalog/common/ids.ts'
import { roles } from '../catalog/facts/roles.ts'
import { coreTeamPersonas } from '../manifest/personas.ts'
import type { Persona, ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { isWithin } from '../resource-id.ts'
import type { CoreTeamRights } from './core-team.ts'
import { type CoreTeamGrantIn, coreTeamGrants } from './core-team-grants.ts'
import { type CustomRole, customRolesOf, isLacking, ownRoleNames } from './custom-roles.ts'
import type { DesiredAssignment } from './model.ts'
import { eligibilityOf } from './persona-grants.ts'

/** What the rights of a core team depend on. */
export interface CoreTeamRightsSource {
  readonly factory: ResolvedFactory
  readonly names: Pick<CommonNames, 'coreTeamGroup' | 'customRole'>
  readonly ids: CommonIds
  /** Does Azure have it? Roles are assigned only on what is there. */
  readonly exists: (id: string) => boolean
}

/** What each group of the core team may do in the common area of an environment: one role of the factory's own, or those of Azure. */
export function coreTeamRights(source: CoreTeamRightsSource): CoreTeamRights {
  const { factory, names, ids, exists } = source
  const customRoles = customRolesOf(factory, names)
  const present = coreTeamPersonas(factory)
  // Of what somebody else runs, they say who may do what.
  const grants = coreTeamGrants(factory).filter(
    ({ on }) => isWithin(ids[on], ids.resourceGroup) && exists(ids[on]),
  )
  const all = present.map((persona): Pick<CoreTeamRights, 'assignments' | 'kept'> => {
    const own = grants.filter((grant) => grant.persona === persona.key)
    const role = customRoles.find(
      ({ principal, id }) => principal === `coreTeam:${persona.key}` && isDefined(id, factory),
    )
    const ofAzure = (some: readonly CoreTeamGrantIn[]) =>
      some.map((grant) => azureRole(grant, persona, source))
    const asGranted = (active: readonly DesiredAssignment[]) =>
      active.map((one) => ({ ...one, ...eligibilityOf(persona) }))
    if (role === undefined || own.length === 0) return { assignments: asGranted(ofAzure(own)), kept: [] }
    const lacked = own.filter((grant) => isLacking(role, grant.role, factory.definedRoles ?? new Map()))
    return { assignments: asGranted([ownRole(role, persona, source)]), kept: ofAzure(lacked) }
  })
  return {
    assignments: all.flatMap(({ assignments }) => assignments),
    kept: all.flatMap(({ kept }) => kept),
    managedScopes: exists(ids.resourceGroup) ? [ids.resourceGroup] : [],
    customRoles: ownRoleNames(factory, names),
  }
}

const isDefined = (id: string, { roles: kind, definedRoles }: ResolvedFactory): boolean =>
  kind === 'custom' && definedRoles?.has(id) !== false

const principalOf = (
  persona: Persona,
  { names }: CoreTeamRightsSource,
): Pick<DesiredAssignment, 'principal' | 'principalName'> => ({
  principal: { group: `coreTeam:${persona.key}` },
  principalName: names.coreTeamGroup(persona),
})

const ownRole = (
  { id, name }: CustomRole,
  persona: Persona,
  source: CoreTeamRightsSource,
): DesiredAssignment => ({
  plane: 'azure',
  scope: source.ids.resourceGroup,
  role: name,
  roleDefinitionId: id,
  ...principalOf(persona, source),
})

const azureRole = (
  { role, on }: CoreTeamGrantIn,
  persona: Persona,
  source: CoreTeamRightsSource,
): DesiredAssignment => ({
  plane: roles[role].plane,
  scope: source.ids[on],
  role,
  roleDefinitionId: roles[role].id,
  ...principalOf(persona, source),
})
