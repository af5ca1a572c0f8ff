import { isWithin, sameText } from '../resource-id.ts'
import { samePermissions } from '../role-permissions.ts'
import type { ActualGroup, ActualIdentity, ActualSetup, IdentityId } from './actual-setup.ts'
import type { DesiredIdentity, DesiredSetup } from './desired-setup.ts'
import { isSameRole } from './directory-rights.ts'
import { isToMake, takesOnly } from './github-environments.ts'
import { formerPermissions } from './identity-kinds.ts'
import { changeKinds, type SetupChange, type Subject } from './setup-change.ts'

/** What is to be done, in the order in which it is done. Writing factory.yml is not in it: that follows from who is there. */
export function setupDifference(desired: DesiredSetup, actual: ActualSetup): readonly SetupChange[] {
  const changes = [
    ...githubEnvironments(desired, actual),
    ...desired.resourceGroups
      .filter(({ id }) => !actual.resourceGroups.some((other) => sameText(id, other)))
      .map((group): SetupChange => ({ kind: 'resourceGroup', group })),
    ...roleDefinitions(desired, actual),
    ...desired.identities.flatMap((identity) => ofIdentity(identity, actual)),
    ...actual.groups
      .filter((group) => mayTakeOver(group, actual))
      .flatMap((group) => ofGroup(group, desired, actual)),
    ...actual.formerRoles
      .filter(({ assignments }) => assignments === 0)
      .map((role): SetupChange => ({ kind: 'formerRoleDefinition', role })),
  ]
  return changes.toSorted((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind))
}

const githubEnvironments = (
  { repository, identities }: DesiredSetup,
  actual: ActualSetup,
): readonly SetupChange[] =>
  identities.flatMap(({ github }): readonly SetupChange[] => {
    const found = actual.githubEnvironments.get(github.name)
    if (github.branch === undefined || !isToMake(github, found)) return []
    const { branch } = github
    const exists = found?.kind === 'there'
    return [{ kind: 'githubEnvironment', repository, environment: github, branch, exists }]
  })

/** The identity as it is; undefined when it is not there. */
export const identityIn = ({ identities }: ActualSetup, { environment, kind }: IdentityId) =>
  identities.find((one) => one.environment === environment && one.kind === kind)

const roleDefinitions = ({ roleDefinitions }: DesiredSetup, actual: ActualSetup): readonly SetupChange[] =>
  roleDefinitions.flatMap((definition): readonly SetupChange[] => {
    const before = actual.roleDefinitions.get(definition.id)
    const isRight = before !== undefined && samePermissions(before, definition.permissions)
    return isRight ? [] : [{ kind: 'roleDefinition', definition, before }]
  })

/** The identity as it is called, once it is there. */
const subjectOf = (
  { environment, kind, name }: DesiredIdentity,
  actual: ActualIdentity | undefined,
): Subject => ({
  environment,
  kind,
  name: actual?.displayName ?? name,
  clientId: actual?.clientId,
  objectId: actual?.objectId,
  otherOwners: [...new Set(actual?.owners.filter(({ isSelf }) => !isSelf).map(({ display }) => display))],
})

function ofIdentity(desired: DesiredIdentity, setup: ActualSetup): readonly SetupChange[] {
  const actual = identityIn(setup, desired)
  const identity = subjectOf(desired, actual)
  const principal: readonly SetupChange[] = [
    ...(actual === undefined ? [{ kind: 'application', identity } as const] : []),
    ...(actual?.objectId === undefined ? [{ kind: 'servicePrincipal', identity } as const] : []),
  ]
  return [
    ...principal,
    ...credentials(desired, identity, setup),
    ...roles(desired, identity, actual),
    ...permissions(desired, identity, actual),
    ...directoryRoles(desired, identity, actual),
  ]
}

function credentials(
  desired: DesiredIdentity,
  identity: Subject,
  setup: ActualSetup,
): readonly SetupChange[] {
  const { credential, github } = desired
  const actual = identityIn(setup, desired)
  const all = actual?.credentials ?? []
  const isThere = all.some(
    ({ issuer, subject, audiences }) =>
      issuer === credential.issuer &&
      subject === credential.subject &&
      audiences.includes(credential.audience),
  )
  if (isThere) return []
  const instead = all.find(({ name }) => name === credential.name)
  const isOpen = github.isDecisive && !takesOnly(github.branch, setup.githubEnvironments.get(github.name))
  const openEnvironment = isOpen ? github : undefined
  return [
    { kind: 'credential', identity, credential, principal: actual?.principal, instead, openEnvironment },
  ]
}

const roles = (
  { roles: desired }: DesiredIdentity,
  identity: Subject,
  actual: ActualIdentity | undefined,
): readonly SetupChange[] =>
  desired.flatMap((role): readonly SetupChange[] => {
    const held = (actual?.roles ?? []).filter(
      ({ roleId, scope }) => sameText(roleId, role.id) && isWithin(role.scope, scope),
    )
    // A role of an identity's own that is wider than it may be is limited; one that is there under no condition is enough otherwise.
    const own = held.find(
      ({ principalId, scope }) =>
        sameText(principalId, identity.objectId ?? '') && sameText(scope, role.scope),
    )
    const isRight =
      role.condition === undefined
        ? held.some(({ condition }) => condition === 'none')
        : own?.condition === 'right'
    return isRight ? [] : [{ kind: 'role', identity, role, assignment: own?.assignment }]
  })

const directoryRoles = (
  { directoryRoles: desired }: DesiredIdentity,
  identity: Subject,
  actual: ActualIdentity | undefined,
): readonly SetupChange[] =>
  desired
    .filter((role) => !actual?.directoryRoles.some((held) => isSameRole(role, held)))
    .map((role): SetupChange => ({ kind: 'directoryRole', identity, role }))

function permissions(
  { graphPermissions }: DesiredIdentity,
  identity: Subject,
  actual: ActualIdentity | undefined,
): readonly SetupChange[] {
  const granted = actual?.permissions ?? []
  return [
    ...graphPermissions
      .filter((permission) => !granted.some(({ name }) => name === permission))
      .map((permission): SetupChange => ({ kind: 'permission', identity, permission })),
    ...granted
      .filter(({ name }) => formerPermissions.includes(name))
      .map(
        ({ id, name }): SetupChange => ({
          kind: 'formerPermission',
          identity,
          permission: name,
          grant: id,
        }),
      ),
  ]
}

/**
 * A name that two groups have is nobody's, and the last person who owns a group stays its owner for good.
 * https://learn.microsoft.com/graph/api/group-delete-owners
 */
const mayTakeOver = ({ name, owners }: ActualGroup, { groups }: ActualSetup): boolean =>
  groups.filter((other) => other.name === name).length === 1 && !owners.some(({ isPerson }) => isPerson)

/** A group belongs to the identity that delivers and to the one for people, and to nobody besides. */
function ofGroup(group: ActualGroup, desired: DesiredSetup, actual: ActualSetup): readonly SetupChange[] {
  const owners = desired.identities
    .filter(({ environment, kind }) => environment === group.environment && kind !== 'plan')
    .map((one) => subjectOf(one, identityIn(actual, one)))
  const missing = owners.filter(
    ({ objectId }) => !group.owners.some((owner) => sameText(owner.objectId, objectId ?? '')),
  )
  const others = group.owners.filter(
    (owner) => !owners.some(({ objectId }) => sameText(owner.objectId, objectId ?? '')),
  )
  return [
    ...missing.map((identity): SetupChange => ({ kind: 'owner', group, identity })),
    ...others.map((owner): SetupChange => ({ kind: 'formerOwner', group, owner })),
  ]
}
