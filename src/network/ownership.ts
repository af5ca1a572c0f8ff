import { UserError } from '../diagnostics/user-error.ts'

/** Whose a subnet is: what the tags `factory`, `project` and `environment` of everything a project has say. */
export interface Owner {
  /** Name and instance, e.g. `mrvel-001`. */
  readonly factory: string
  /** Three digits. */
  readonly project: string
  readonly environment: string
}

/** A network security group that exists. */
export interface ExistingSecurityGroup {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
}

/** What exists under the names of one of the project's subnets. */
export interface OwnershipEvidence {
  /** Name of the subnet. */
  readonly name: string
  /** The subnet, when it exists. Is anything in it? */
  readonly subnet: { readonly inUse: boolean } | undefined
  /** The network security group the subnet has, and the one it is to have, when they exist. */
  readonly groups: readonly ExistingSecurityGroup[]
}

type Finding = { readonly kind: 'ours' | 'unknown' } | { readonly kind: 'other'; readonly whose: string }

/** What our own tags look like. Tags of others may have the same names. */
const forms: Readonly<Record<keyof Owner, RegExp>> = {
  factory: /^[a-z0-9]{2,8}-[0-9]{3}$/,
  project: /^[0-9]{3}$/,
  environment: /^(?:dev|stage|prod)$/,
}

/** A tag's value when it has our form. Tag names are compared without regard to case, as Azure does. */
function tagOf({ tags }: ExistingSecurityGroup, name: keyof Owner): string | undefined {
  const value = Object.entries(tags).find(([tag]) => tag.toLowerCase() === name)?.[1]
  return value !== undefined && forms[name].test(value) ? value : undefined
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
    return { kind: 'other', whose: inWords({ factory, project, environment }) }
  }
  return { kind: known ? 'ours' : 'unknown' }
}

const inWords = ({
  factory = '(not said)',
  project = '(not said)',
  environment,
}: {
  readonly [Key in keyof Owner]: string | undefined
}): string =>
  `project ${project} of factory ${factory}${environment === undefined ? '' : ` in ${environment}`}`

const tagsOf = ({ factory, project, environment }: Owner): string =>
  `factory=${factory}, project=${project}, environment=${environment}`

const namesHoldNoFactory =
  'Names of subnets and of their network security groups hold a project number, but no factory, so that two factories in one VNet would share them.'
const anotherNumberOrNetwork = 'give this project another number, or this factory a VNet of its own'

/**
 * Makes sure that what exists under the names of a project's own subnets is the project's own. The evidence is in the
 * tags of the network security groups, which are written before their subnets. An empty subnet without evidence is taken
 * over, because nothing can be lost; one that is in use is not.
 * @returns a warning for each thing without evidence
 * @throws UserError when something is another project's, or in use without evidence
 */
export function checkOwners(found: readonly OwnershipEvidence[], owner: Owner): readonly string[] {
  return found.flatMap((evidence) => checkOwner(evidence, owner))
}

/**
 * Refuses what belongs to another project, and nothing else.
 * @throws UserError that says whose it is
 */
export function refuseForeign({ name, groups }: OwnershipEvidence, owner: Owner): void {
  for (const group of groups) {
    const finding = findingOf(group, owner)
    if (finding.kind !== 'other') continue
    throw new UserError({
      what: `Subnet '${name}' belongs to ${finding.whose}, not to ${inWords(owner)}: the tags of network security group '${group.name}' say so.`,
      why: namesHoldNoFactory,
      fix: `To keep both, ${anotherNumberOrNetwork}. If the tags are wrong, set them to ${tagsOf(owner)}.`,
    })
  }
}

/** Do the tags of a network security group say that it is this project's? */
export const isOurs = ({ groups }: Pick<OwnershipEvidence, 'groups'>, owner: Owner): boolean =>
  groups.some((group) => findingOf(group, owner).kind === 'ours')

function checkOwner(evidence: OwnershipEvidence, owner: Owner): readonly string[] {
  refuseForeign(evidence, owner)
  const { name, subnet, groups } = evidence
  if (isOurs(evidence, owner)) return []
  const untagged = groups.map((group) => `'${group.name}'`).join(' and ')
  if (subnet === undefined) {
    if (groups.length === 0) return []
    return [
      `Network security group ${untagged} exists without the tags that say whose it is. It becomes that of subnet '${name}'.`,
    ]
  }
  const lack =
    groups.length === 0
      ? 'It has no network security group.'
      : `Network security group ${untagged} has no tags that say so.`
  if (!subnet.inUse) {
    return [
      `Subnet '${name}' exists, and nothing says whose it is. ${lack} It is empty and becomes the project's.`,
    ]
  }
  throw new UserError({
    what: `Subnet '${name}' exists and is in use, but nothing says that it is the one of ${inWords(owner)}.`,
    why: `${lack} ${namesHoldNoFactory}`,
    fix: `If it is this project's, give its network security group the tags ${tagsOf(owner)} and run again. If not, ${anotherNumberOrNetwork}.`,
  })
}
