import { UserError } from '../diagnostics/user-error.ts'
import { tagIn } from '../tags.ts'
import { commonOwner } from '../vocabulary.ts'

/** The owner of a subnet: the tags `factory`, `project` and `environment` that everything a factory makes has. */
export interface Owner {
  /** Name and instance, e.g. `mrvel-001`. */
  readonly factory: string
  /** Three digits, or `common`. */
  readonly project: string
  readonly environment: string
}

/** A network security group that exists. */
export interface ExistingSecurityGroup {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/** What exists under the names of one of the project's subnets, as evidence of its owner. */
export interface OwnershipEvidence {
  /** Name of the subnet. */
  readonly name: string
  /** The subnet, when it exists. Is anything in it? */
  readonly subnet: { readonly inUse: boolean } | undefined
  /** The network security group the subnet has, and the one it is to have, when they exist. */
  readonly groups: readonly ExistingSecurityGroup[]
}

type Finding = { readonly kind: 'ours' | 'unknown' } | { readonly kind: 'other'; readonly owner: string }

/** The format of our own tags. Tags of others may have the same names. */
const formats: Readonly<Record<keyof Owner, RegExp>> = {
  factory: /^[a-z0-9]{2,8}-[0-9]{3}$/,
  project: new RegExp(`^(?:[0-9]{3}|${commonOwner})$`),
  environment: /^(?:dev|stage|prod)$/,
}

/** A tag's value when it has our format. */
function tagOf({ tags }: ExistingSecurityGroup, name: keyof Owner): string | undefined {
  const value = tagIn(tags, name)
  return value !== undefined && formats[name].test(value) ? value : undefined
}

function findingOf(group: ExistingSecurityGroup, owner: Owner): Finding {
  const [factory, project, environment] = [
    tagOf(group, 'factory'),
    tagOf(group, 'project'),
    tagOf(group, 'environment'),
  ]
  const differs = (factory ?? owner.factory) !== owner.factory || (project ?? owner.project) !== owner.project
  const known = factory !== undefined && project !== undefined
  if (differs || (known && (environment ?? owner.environment) !== owner.environment)) {
    return { kind: 'other', owner: inWords({ factory, project, environment }) }
  }
  return { kind: known ? 'ours' : 'unknown' }
}

const inWords = ({
  factory = '(unknown)',
  project = '(unknown)',
  environment,
}: {
  readonly [Key in keyof Owner]: string | undefined
}): string =>
  `${whoIs(project)} of factory ${factory}${environment === undefined ? '' : ` in ${environment}`}`

/** The owner where there is no other: `the project`, or `the common area`. @param project three digits, or `common` */
export const theOwner = (project: string): string =>
  project === commonOwner ? 'the common area' : 'the project'

/** The owner among others: `project 001`, or `the common area`. @param project three digits, or `common` */
export const whoIs = (project: string): string =>
  project === commonOwner ? 'the common area' : `project ${project}`

const tagsOf = ({ factory, project, environment }: Owner): string =>
  `factory=${factory}, project=${project}, environment=${environment}`

/** How an owner is spoken of in what is said to it. */
interface OwnerWords {
  readonly short: string
  readonly thisOne: string
  readonly namesWithoutFactory: string
  readonly toKeepBoth: string
}

const wordsFor = ({ project }: Owner): OwnerWords => (project === commonOwner ? commonWords : projectWords)

const projectWords: OwnerWords = {
  short: 'the project',
  thisOne: 'this project',
  namesWithoutFactory:
    'The names of subnets and network security groups contain the project number but not the factory, so two factories in one VNet would share them.',
  toKeepBoth: 'give this project another number, or this factory a VNet of its own',
}

const commonWords: OwnerWords = {
  short: 'the common area',
  thisOne: 'this common area',
  namesWithoutFactory:
    'The names of common subnets and their network security groups do not contain the factory, so two factories in one VNet would share them.',
  toKeepBoth: 'give this factory a VNet of its own',
}

/**
 * Makes sure that what exists under the names of an owner's subnets belongs to it. The evidence is in the
 * tags of the network security groups, which are created before their subnets. An empty subnet without evidence is taken
 * over, because nothing can be lost; one that is in use is not.
 * @returns a warning for each thing without evidence
 * @throws UserError when something belongs to another project, or is in use without evidence
 */
export function checkOwners(found: readonly OwnershipEvidence[], owner: Owner): readonly string[] {
  return found.flatMap((evidence) => checkOwner(evidence, owner))
}

/**
 * Refuses what belongs to another project, and nothing else.
 * @throws UserError that names the owner
 */
export function refuseForeign({ name, groups }: OwnershipEvidence, owner: Owner): void {
  for (const group of groups) {
    const finding = findingOf(group, owner)
    if (finding.kind !== 'other') continue
    throw new UserError({
      what: `Subnet '${name}' belongs to ${finding.owner}, not to ${inWords(owner)}, according to the tags of network security group '${group.name}'.`,
      why: wordsFor(owner).namesWithoutFactory,
      fix: `To keep both, ${wordsFor(owner).toKeepBoth}. If the tags are wrong, set them to ${tagsOf(owner)}.`,
    })
  }
}

/** Do the tags of a network security group show that it belongs to this owner? */
export const isOurs = ({ groups }: Pick<OwnershipEvidence, 'groups'>, owner: Owner): boolean =>
  groups.some((group) => findingOf(group, owner).kind === 'ours')

function checkOwner(evidence: OwnershipEvidence, owner: Owner): readonly string[] {
  refuseForeign(evidence, owner)
  const { name, subnet, groups } = evidence
  const words = wordsFor(owner)
  if (isOurs(evidence, owner)) return []
  const untagged = groups.map((group) => `'${group.name}'`).join(' and ')
  if (subnet === undefined) {
    if (groups.length === 0) return []
    return [
      `Network security group ${untagged} exists without owner tags. It will be used for subnet '${name}'.`,
    ]
  }
  const lack =
    groups.length === 0
      ? 'It has no network security group.'
      : `Network security group ${untagged} has no owner tags.`
  if (!subnet.inUse) {
    return [
      `Subnet '${name}' exists without a known owner. ${lack} It is empty, so ${words.short} takes it over.`,
    ]
  }
  throw new UserError({
    what: `Subnet '${name}' exists and is in use, but nothing shows that it belongs to ${inWords(owner)}.`,
    why: `${lack} ${words.namesWithoutFactory}`,
    fix: `If it belongs to ${words.thisOne}, set the tags ${tagsOf(owner)} on its network security group and run again. If not, ${words.toKeepBoth}.`,
  })
}
