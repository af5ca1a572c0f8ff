import { keysOf } from '../by-key.ts'
import type { PersonaKey, ProjectType } from '../vocabulary.ts'
import type { RoleName } from './facts/roles.ts'
import { type Catalogue, catalogue, type ResourceKey, type ServiceKey, type SubnetKey } from './index.ts'
import type { PartDefinition, Place, RightsChoice, RoleGrant } from './types.ts'

/** What a project is made of. */
export interface ProjectContents {
  readonly services: readonly ServiceKey[]
  /** Does the project have a container registry of its own, instead of the factory's? */
  readonly ownContainerRegistry: boolean
}

/** All that a project can be made of. */
export const everything = (from: Catalogue = catalogue): ProjectContents => ({
  services: keysOf(from.services),
  ownContainerRegistry: true,
})

/** The services that a project of this type has unless somebody says otherwise. */
export const defaultServicesOf = (type: ProjectType, from: Catalogue = catalogue): readonly ServiceKey[] =>
  keysOf(from.services).filter((key) => from.services[key].defaultFor.includes(type))

/** The parts of a project in the order of the catalogue, whatever order its services are listed in. */
export const partsOf = (
  { services, ownContainerRegistry }: ProjectContents,
  from: Catalogue = catalogue,
): readonly PartDefinition[] => [
  ...from.baseline.map((part) => (ownContainerRegistry || !isShared(part) ? part : withoutResources(part))),
  ...keysOf(from.services)
    .filter((key) => services.includes(key))
    .map((key) => from.services[key]),
]

const isShared = ({ resources }: PartDefinition): boolean =>
  Object.values(resources).some(({ shared }) => shared !== undefined)

/** A part whose resources are in the common area: the project only has roles on them. */
const withoutResources = (part: PartDefinition): PartDefinition => ({
  ...part,
  privateEndpoints: [],
  template: () => [],
  capabilityHosts: () => [],
})

/** A role on a resource of the catalogue, or on one of the places besides them. */
export type ProjectGrant = RoleGrant<ResourceKey, ResourceKey | Place>

const places: readonly Place[] = ['resourceGroup', 'machineLearningRegistry']

/** The roles that the principals of a project have by the catalogue, on what it has. Personas are those of this release. */
export function grantsOf(contents: ProjectContents, from: Catalogue = catalogue): readonly ProjectGrant[] {
  const parts = partsOf(contents, from)
  return parts.flatMap(({ roles }) => roles).filter(isOn(parts))
}

/** The grants of a persona for which a factory chooses roles, on what a project has. */
export function chosenGrants(
  contents: ProjectContents,
  persona: PersonaKey,
  { choice, roles }: { readonly choice: string; readonly roles: readonly RoleName[] },
  from: Catalogue = catalogue,
): readonly ProjectGrant[] {
  const parts = partsOf(contents, from)
  return parts
    .flatMap(({ rights }) => rights.filter(({ key }) => key === choice))
    .flatMap(({ offers }) => offers.filter(({ role }) => roles.includes(role)))
    .map(({ role, on }): RoleGrant => ({ to: { persona }, role, on }))
    .filter(isOn(parts))
}

/** All that a factory may choose for personas of projects, in the order of the catalogue. */
export const choicesOf = (from: Catalogue = catalogue): readonly RightsChoice[] =>
  partsOf(everything(from), from).flatMap(({ rights }) => rights)

/** The key of the choice that a grant to people belongs to. */
export const choiceOf = (
  grant: Pick<ProjectGrant, 'role' | 'on'>,
  choices: readonly RightsChoice[],
): string | undefined =>
  choices.find(({ offers }) => offers.some(({ role, on }) => role === grant.role && on === grant.on))?.key

/** Are both the principal of a grant and what it is on among these parts? */
function isOn(parts: readonly PartDefinition[]): (grant: RoleGrant) => grant is ProjectGrant {
  const present = new Set([...places, ...parts.flatMap(({ resources }) => Object.keys(resources))])
  return (grant: RoleGrant): grant is ProjectGrant =>
    present.has(grant.on) && ('persona' in grant.to || present.has(grant.to.identity))
}

/** The subnets a project needs with these services, in the order of the catalogue. */
export const subnetsNeeded = (
  services: readonly ServiceKey[],
  from: Catalogue = catalogue,
): readonly SubnetKey[] => {
  const parts = partsOf({ services, ownContainerRegistry: true }, from)
  return keysOf(from.subnets).filter((key) => parts.some(({ subnets }) => Object.hasOwn(subnets, key)))
}
