import type { DirectoryStore } from '../entra/directory.ts'
import type { Group } from '../entra/model.ts'
import type { Relationship } from '../entra/objects.ts'
import { type Check, fits, readKnown, textOf } from './body.ts'
import { GraphError, refusals } from './errors.ts'

/** A group's own properties as a client may send them, checked. */
export interface GroupProperties {
  readonly displayName?: string
  readonly description?: string | null
  readonly mailNickname?: string
  readonly mailEnabled?: boolean
  readonly securityEnabled?: boolean
  readonly groupTypes?: readonly string[]
  readonly uniqueName?: string
  readonly isAssignableToRole?: boolean
  readonly visibility?: string
}

/** At most so many references in one request, members and owners of a new group taken together. */
const maximumReferences = 20

/** https://learn.microsoft.com/graph/api/group-post-groups */
const checks: Readonly<Record<keyof GroupProperties, Check>> = {
  displayName: fits.text(256, 1),
  description: fits.nullableText(1024),
  mailNickname: (value) =>
    fits.text(64, 1)(value) && /^[!-~]+$/.test(textOf(value)) && !/[@()\\[\]";:<>,]/.test(textOf(value)),
  mailEnabled: fits.flag,
  securityEnabled: fits.flag,
  groupTypes: fits.texts,
  uniqueName: fits.text(128, 1),
  isAssignableToRole: fits.flag,
  visibility: (value) => ['Public', 'Private', 'HiddenMembership'].includes(String(value)),
}

/** Reads a group's own properties. @throws GraphError 400 that names the property */
export function readProperties(body: Readonly<Record<string, unknown>>): GroupProperties {
  return readKnown(body, checks, 'Group') as GroupProperties
}

/** @throws GraphError 400 when a property is missing that a new group must have, or when it would have a mailbox */
export function demandCreatable(properties: GroupProperties): void {
  for (const name of ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'] as const) {
    if (properties[name] === undefined) throw refusals.missing(name, 'Group')
  }
  const types = (properties.groupTypes ?? []).map((type) => type.toLowerCase())
  if (types.some((type) => type !== 'unified')) throw refusals.invalid('groupTypes', 'Group')
  demandAssignable(properties)
  const isMicrosoft365 = types.includes('unified')
  if (isMicrosoft365 !== properties.mailEnabled || (!isMicrosoft365 && !properties.securityEnabled)) {
    throw new GraphError(
      400,
      'Request_BadRequest',
      'The service does not currently support writes of mail-enabled groups. Please ensure that the ' +
        'mail-enablement property is unset and the security-enablement property is set.',
    )
  }
}

/**
 * A group that directory roles can be given to is a security group.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept
 */
function demandAssignable({ isAssignableToRole, securityEnabled }: GroupProperties): void {
  if (isAssignableToRole === true && securityEnabled !== true) {
    throw refusals.badRequest("The 'isAssignableToRole' property can only be set on security-enabled groups.")
  }
}

/** Object ids to add, by relationship. */
export type References = Readonly<Record<Relationship, readonly string[]>>

/**
 * Reads `members@odata.bind` and `owners@odata.bind`. Nothing of them is applied unless all of it can be.
 * @throws GraphError 400 for too many or malformed references, 404 for unknown objects
 */
export function readReferences(
  body: Readonly<Record<string, unknown>>,
  directory: DirectoryStore,
  graphRoot: string,
): References {
  const members = referencesIn(body, 'members', directory, graphRoot)
  const owners = referencesIn(body, 'owners', directory, graphRoot)
  if (members.length + owners.length > maximumReferences) {
    throw refusals.tooManyReferences(members.length > 0 ? 'members' : 'owners', maximumReferences)
  }
  return { members, owners }
}

function referencesIn(
  body: Readonly<Record<string, unknown>>,
  relationship: Relationship,
  directory: DirectoryStore,
  graphRoot: string,
): readonly string[] {
  const value = body[`${relationship}@odata.bind`]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw refusals.invalid(`${relationship}@odata.bind`, 'Group')
  if (value.length > maximumReferences) throw refusals.tooManyReferences(relationship, maximumReferences)
  return value.map((address) => resolveReference(address, relationship, directory, graphRoot))
}

const referencePath =
  /^\/(?:directoryObjects|users|groups|servicePrincipals)(?:\/([0-9a-f-]{36})|\('([0-9a-f-]{36})'\))$/i

/**
 * The object id that a reference like `https://graph…/v1.0/directoryObjects/{id}` names.
 * @throws GraphError 400 for a malformed reference or a group as owner, 404 for an unknown object
 */
export function resolveReference(
  address: unknown,
  relationship: Relationship,
  directory: DirectoryStore,
  graphRoot: string,
): string {
  const roots = [graphRoot, 'https://graph.microsoft.com/v1.0']
  const root = roots.find((candidate) => typeof address === 'string' && address.startsWith(candidate))
  const match = root === undefined ? null : referencePath.exec(String(address).slice(root.length))
  const id = match?.[1] ?? match?.[2]
  if (id === undefined)
    throw refusals.badRequest(`Invalid object reference '${String(address)}' for '${relationship}'.`)
  const object = directory.lookup(id)
  if (!object) throw refusals.notFound(id)
  if (relationship === 'owners' && object.kind === 'Group') {
    throw refusals.badRequest('A group cannot be an owner of a group.')
  }
  return object.value.id
}

/** Group nesting ends at a group that directory roles can be given to, and has no place for groups with a mailbox. @throws GraphError 400 */
export function demandFlat(group: Group, references: References, directory: DirectoryStore): void {
  const isUnified = (id: string): boolean => {
    const member = directory.lookup(id)
    return (
      member?.kind === 'Group' && member.value.groupTypes.some((type) => type.toLowerCase() === 'unified')
    )
  }
  // https://learn.microsoft.com/graph/api/group-post-members
  if (references.members.some(isUnified)) {
    throw refusals.badRequest('A Microsoft 365 group cannot be added as a member of a group.')
  }
  if (group.isAssignableToRole !== true) return
  if (references.members.some((id) => directory.lookup(id)?.kind === 'Group')) {
    throw refusals.badRequest('A group cannot be added as a member of a role-assignable group.')
  }
}

/** @throws GraphError 400 when something to be added is there already, or would be added twice, or is the group itself */
export function demandNew(group: Group, references: References): void {
  for (const relationship of ['members', 'owners'] as const) {
    const wanted = references[relationship]
    const isDuplicate = new Set(wanted).size < wanted.length
    if (isDuplicate || wanted.some((id) => group[relationship].includes(id))) {
      throw refusals.alreadyLinked(relationship)
    }
    if (wanted.includes(group.id)) throw refusals.badRequest('A group cannot be a member of itself.')
  }
}
