/** The words every part of the project shares. Data only; imports nothing. */

/** One Azure subscription, one VNet and one GitHub environment each, in the order of delivery. */
export const environments = ['dev', 'stage', 'prod'] as const
/** One of them. */
export type Environment = (typeof environments)[number]

/** How an environment is written inside Azure names, where stage has always been `test`. */
export const environmentCodes = { dev: 'dev', stage: 'test', prod: 'prod' } as const satisfies Record<
  Environment,
  string
>

/** `esml` is machine learning, `genai-1` is AI Foundry, `all` is both. */
export const projectTypes = ['esml', 'genai-1', 'all'] as const
/** One of them. */
export type ProjectType = (typeof projectTypes)[number]
/** Is this one of them? */
export const isProjectType = (text: string | undefined): text is ProjectType =>
  projectTypes.some((known) => known === text)

/** How people reach the private services of a factory. */
export const accessModes = [
  'private-peered',
  'private-vpn',
  'private-ip-allowlist',
  'private-bastion',
  'public-perimeter',
] as const
/** One of them. */
export type AccessMode = (typeof accessModes)[number]

/** How subnets are sized unless a manifest says a size: as the known accelerator does, or by what their services take. */
export const subnetProfiles = ['standard', 'compact'] as const
/** One of them. */
export type SubnetProfile = (typeof subnetProfiles)[number]

/**
 * The key of a persona, e.g. `dataScientist`: a role that people hold in a project or in the factory's core team, with one
 * Entra security group each. factory.yml may add some to those of this release, so which there are the resolved factory says.
 */
export type PersonaKey = string

/** What becomes of members of the factory's groups that no manifest names. */
export const foreignMembers = ['keep', 'remove'] as const
/** One of them. */
export type ForeignMembers = (typeof foreignMembers)[number]

/** Whose role definitions are assigned: the factory's own, or those that Azure has built in. */
export const roleKinds = ['custom', 'builtin'] as const
/** One of them. */
export type RoleKind = (typeof roleKinds)[number]

/** What the tag `project` says of everything in the common area of an environment, where a project has its number. */
export const commonOwner = 'common'

/**
 * What happens only when the input `allow` says so: stateful resources are deleted, a project is renamed, documents that are
 * older than the default branch's are applied, what Azure keeps of deleted resources is purged, a deployment stack that
 * has lost track of its resources is deployed, what a common area finds under its names is taken over, the last team lead
 * or the last of the core team is removed.
 */
export const allowances = [
  'deletion',
  'rename',
  'older',
  'purge',
  'out-of-sync',
  'take-over',
  'no-lead',
] as const
/** One of them. */
export type Allowance = (typeof allowances)[number]
