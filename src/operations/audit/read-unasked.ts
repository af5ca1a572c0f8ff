import type { AuditFinding } from '../../access/audit-finding.ts'
import { unaskedGroup, unaskedProject, widenedRole } from '../../access/audit-unasked.ts'
import { customRolesOf } from '../../access/custom-roles.ts'
import { type GroupPurpose, groupPurpose } from '../../access/group-purpose.ts'
import type { NamedGroup } from '../../azure/directory.ts'
import { openRoleDefinitions } from '../../azure/role-definitions.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks } from '../../azure/virtual-networks.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { namingScheme } from '../../manifest/resolve.ts'
import { groupPrefix } from '../../naming/names.ts'
import type { AccessServices } from '../access/access-services.ts'
import { nameOf, projectsIn } from '../area/projects-in.ts'
import { beyondMeant } from '../defined-roles.ts'

/** A group of the factory in an environment. */
export interface FactoryGroup extends NamedGroup {
  readonly purpose: GroupPurpose
}

/** All groups of the factory in an environment, by their names: one request, however many there are. */
export async function listFactoryGroups(
  { factory }: CommonArea,
  { directory }: Pick<AccessServices, 'directory'>,
): Promise<readonly FactoryGroup[]> {
  const prefix = groupPrefix(namingScheme(factory))
  const listed = await directory.groupsBeginning(prefix)
  return listed.flatMap((group) => {
    const purpose = groupPurpose(group.mailNickname, prefix)
    return purpose?.environment === factory.environment ? [{ ...group, purpose }] : []
  })
}

/** Of groups that no document asks for, those with somebody in them. */
export async function readUnaskedGroups(
  groups: readonly FactoryGroup[],
  { directory }: Pick<AccessServices, 'directory'>,
): Promise<readonly AuditFinding[]> {
  const found = await Promise.all(
    groups.map(async ({ objectId, displayName, purpose: { of } }) => {
      const members = await directory.membersOf({ objectId, displayName })
      return unaskedGroup({ objectId, displayName, of, members: members.map(({ display }) => display) })
    }),
  )
  return found.flat()
}

/** Projects that are in the environment, and not among those that the manifests ask for. */
export async function readUnaskedProjects(
  area: CommonArea,
  asked: readonly string[],
  session: Session,
  { resources }: Pick<AccessServices, 'resources'>,
): Promise<readonly AuditFinding[]> {
  const networks = await openVirtualNetworks(session)
  const there = await projectsIn(area, { resources, networks })
  return there
    .filter(({ number, isDelivered }) => isDelivered && !asked.includes(number))
    .map((one) => {
      const name = nameOf(one)
      return unaskedProject(one.number, `${name[0]?.toUpperCase()}${name.slice(1)}`, area.factory.environment)
    })
}

/** The factory's own roles that let do more than they are defined for. */
export async function readWidenedRoles(
  { factory, names }: CommonArea,
  session: Session,
): Promise<readonly AuditFinding[]> {
  const { custom } = await openRoleDefinitions(session)
  const defined = await custom(factory.subscriptionId)
  return customRolesOf(factory, names).flatMap((role) => {
    const beyond = beyondMeant(role, defined)
    return beyond === undefined ? [] : [widenedRole(role, beyond)]
  })
}
