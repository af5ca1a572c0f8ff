import { quoted } from '../diagnostics/escape.ts'
import { sameText } from '../resource-id.ts'
import type {
  ActualIdentity,
  ActualSetup,
  IdentityId,
  IdentityOwner,
  IdentitySecret,
} from './actual-setup.ts'
import type { Danger } from './danger.ts'
import type { DesiredIdentity, DesiredSetup } from './desired-setup.ts'
import { isSameRole } from './directory-rights.ts'
import { githubDangers } from './github-dangers.ts'
import { eligibilityRequests, formerPermissions } from './identity-kinds.ts'
import { hubDangers, roleDangers } from './role-dangers.ts'
import { identityIn } from './setup-difference.ts'
import { quotedWhole } from './setup-texts.ts'

/** What gives an identity more than it needs. */
export function setupDangers(desired: DesiredSetup, actual: ActualSetup): readonly Danger[] {
  const ofIdentities = desired.identities.flatMap((one) => {
    const found = identityIn(actual, one)
    if (found === undefined) return []
    return [
      ...roleDangers(one, found, desired),
      ...otherPermissions(one, found),
      ...directoryRoles(one, found),
      ...otherCredentials(one, found),
      ...secrets(one, found),
      ...otherOwners(one, found),
    ]
  })
  return [
    ...unseen(actual),
    ...githubDangers(desired, actual),
    ...ofIdentities,
    ...formerRoles(actual),
    ...hubDangers(desired),
    ...eligibleDangers(desired),
    ...renamed(desired, actual),
    ...sharedIdentities(actual),
    ...twins(actual),
    ...groupsOfPeople(actual),
  ]
}

/** The price of a persona that is eligible. */
const eligibleDangers = ({ roleDefinitions }: DesiredSetup): readonly Danger[] =>
  roleDefinitions
    .filter(({ permissions }) => permissions.actions.includes(eligibilityRequests))
    .map(({ environment }) => ({
      severity: 'warning',
      what: `The identity that delivers to ${environment} may make any group or person eligible for any role in the subscription of ${environment}, because a persona in factory.yml has 'eligible'.`,
      fix: "Azure limits such requests by no condition. Where that is too much, take 'eligible' out of factory.yml and run set-up again.",
    }))

/** What nobody has looked at is not as it should be. */
const unseen = ({ identities }: ActualSetup): readonly Danger[] =>
  [
    ...Map.groupBy(
      identities.flatMap((identity) => identity.hidden.map((what) => ({ what, identity }))),
      ({ what }) => what,
    ),
  ].map(([what, all]) => ({
    severity: 'warning',
    what: `Not looked at, because you may not see them: ${what}, of ${all.map(({ identity }) => nameOf(identity)).join(', ')}.`,
    fix: 'Let somebody who may compare too (--check): who may read role assignments there, and the roles in Entra ID (Global Reader).',
  }))

const nameOf = ({ displayName, clientId }: ActualIdentity): string => `${quoted(displayName)} (${clientId})`

/**
 * Who there is in the directory, which most members may see. Group.Read.All is not one of them: it reads the conversations
 * of groups. https://learn.microsoft.com/graph/permissions-reference
 */
const isHarmless = (permission: string): boolean =>
  /^(?:AdministrativeUnit|Application|Device|Directory|GroupMember|Organization|RoleManagement|User)\.Read(?:Basic)?\.(?:All|Directory)$/.test(
    permission,
  )

/** Permissions besides those that set-up gives, and those that are known to be taken. */
const otherPermissions = (
  { graphPermissions }: DesiredIdentity,
  identity: ActualIdentity,
): readonly Danger[] =>
  identity.permissions
    .filter(({ name }) => !graphPermissions.includes(name) && !formerPermissions.includes(name))
    .map(({ name, service }) => ({
      severity: service === undefined && isHarmless(name) ? 'warning' : 'fault',
      what: `${nameOf(identity)} has ${service === undefined ? `${name} in Microsoft Graph` : `the permission ${name} of ${quoted(service)}`}, which reaches the whole tenant.`,
      fix: 'It needs no more than set-up gives it: remove the permission (Entra > Enterprise applications > Permissions).',
    }))

/** An identity needs none, but at its administrative unit: what it may change in the directory are the groups that it owns. */
const directoryRoles = (
  { environment, directoryRoles: desired }: DesiredIdentity,
  identity: ActualIdentity,
): readonly Danger[] =>
  identity.directoryRoles
    .filter((held) => !desired.some((role) => isSameRole(role, held)))
    .map(({ name, scope }) => ({
      severity: scope === '/' && !/\bReaders?$/.test(name) ? 'fault' : 'warning',
      what: `${nameOf(identity)} of ${environment} holds the role ${quoted(name)} in the directory${scope === '/' ? ', for the whole tenant' : `, at ${scope}`}.`,
      fix: 'It needs none: remove it, or the identity from the group that has it (Entra > Roles and administrators).',
    }))

/** A credential for another environment of the repository, or for another repository, lets in jobs that nobody has approved. */
const otherCredentials = (
  { credential, formerSubjects }: DesiredIdentity,
  identity: ActualIdentity,
): readonly Danger[] =>
  identity.credentials
    .filter(({ issuer, subject }) => issuer !== credential.issuer || subject !== credential.subject)
    .map(({ name, issuer, subject }) => {
      const isOwn = issuer === credential.issuer && formerSubjects.some((one) => sameText(one, subject))
      return {
        severity: isOwn ? 'warning' : 'fault',
        what: `${nameOf(identity)} also signs in as ${quotedWhole(subject)} (federated credential ${quoted(name)}).`,
        fix: isOwn
          ? 'GitHub issues another subject now. Whoever gets the name of the repository one day could sign in: remove the credential.'
          : 'Jobs of another environment, or of a repository that is not this one, could sign in: remove the credential.',
      }
    })

/** Whoever has one signs in from anywhere, without a job and whoever approves it. */
const secrets = (
  { github: { isDecisive } }: DesiredIdentity,
  identity: ActualIdentity,
): readonly Danger[] => {
  const { length } = identity.secrets
  if (length === 0) return []
  return [
    {
      severity: isDecisive ? 'fault' : 'warning',
      what: `${nameOf(identity)} has ${length === 1 ? 'a secret or certificate' : `${length} secrets or certificates`}, with which somebody signs in as it from anywhere, without GitHub.`,
      fix: `A federated credential needs none: ${identity.secrets.map((one) => secretRemoval(one, identity)).join(' && ')}`,
    },
  ]
}

const secretRemoval = ({ of, keyId, kind }: IdentitySecret, { clientId, objectId }: ActualIdentity): string =>
  `az ad ${of === 'application' ? `app credential delete --id ${clientId}` : `sp credential delete --id ${objectId}`} --key-id ${keyId}${kind === 'certificate' ? ' --cert' : ''}`

/** Whoever owns an application, or its service principal, can add a secret or a credential to it. */
const otherOwners = ({ environment }: IdentityId, identity: ActualIdentity): readonly Danger[] => {
  const others = identity.owners.filter(({ isSelf }) => !isSelf)
  if (others.length === 0) return []
  const names = [...new Set(others.map(({ display }) => quoted(display)))].join(', ')
  return [
    {
      severity: 'fault',
      what: `${names} owns ${nameOf(identity)} of ${environment}, and could sign in as it with a secret of their own.`,
      fix: `Set-up gives it no more rights before they are removed: ${others.map((one) => removal(one, identity)).join(' && ')}`,
    },
  ]
}

const removal = ({ of, objectId }: IdentityOwner, identity: ActualIdentity): string =>
  of === 'application'
    ? `az ad app owner remove --id ${identity.clientId} --owner-object-id ${objectId}`
    : `az rest --method DELETE --url "$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)v1.0/servicePrincipals/${identity.objectId}/owners/${objectId}/\\$ref"`

/** What is in names at the beginning: the keys `name`, `instance`, `locationCode` and `salt` of factory.yml. */
const withoutKeys = (name: string): string => name.replace(/^aif[a-z0-9]+_[a-z0-9]+/, '')

/** Everything of the factory is found by its name, so that with other keys nothing of it is. */
function renamed({ identities }: DesiredSetup, actual: ActualSetup): readonly Danger[] {
  const other = identities.flatMap((one) => {
    const displayName = identityIn(actual, one)?.displayName
    const isOther =
      displayName !== undefined && displayName !== one.name && displayName !== withoutKeys(displayName)
    return isOther && withoutKeys(displayName) === withoutKeys(one.name)
      ? [{ displayName, name: one.name }]
      : []
  })
  const [first] = other
  if (first === undefined) return []
  return [
    {
      severity: 'fault',
      what: `The factory was set up under other names: the application ${quoted(first.displayName)} would be ${quoted(first.name)} now${other.length > 1 ? `, and ${other.length - 1} more likewise` : ''}.`,
      fix: "Somebody has changed 'name', 'instance', 'locationCode' or 'salt' in factory.yml. Groups, roles, the common area and the projects of the old names are not found any more, and stay as they are. Put the keys back; or, for a new factory, remove the client ids from its factory.yml.",
    },
  ]
}

/** One identity in two places reaches both. */
const sharedIdentities = ({ identities }: ActualSetup): readonly Danger[] =>
  [...Map.groupBy(identities, ({ clientId }) => clientId.toLowerCase())]
    .filter(([, all]) => all.length > 1)
    .map(([clientId, all]) => ({
      severity: 'fault',
      what: `One application (${clientId}) is the identity of ${all.map(({ environment, kind }) => `${environment} (${kind})`).join(' and ')}.`,
      fix: 'Each needs one of its own: remove the client id in all places but one, and run set-up again.',
    }))

/** Names of groups are not unique. */
const twins = ({ groups }: ActualSetup): readonly Danger[] =>
  [...Map.groupBy(groups, ({ name }) => name)]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({
      severity: 'fault',
      what: `There are ${all.length} groups of the name ${quoted(name)}: ${all.map(({ objectId }) => objectId).join(', ')}.`,
      fix: "Keep the factory's, and rename or delete the others. Set-up takes none of them over before that.",
    }))

/** Whoever owns a group decides who is in it. */
const groupsOfPeople = ({ groups }: ActualSetup): readonly Danger[] =>
  groups
    .filter(({ owners }) => owners.some(({ isPerson }) => isPerson))
    .map(({ name, objectId, owners }) => ({
      severity: 'fault',
      what: `The group ${quoted(name)} (${objectId}) belongs to ${owners.map(({ display }) => quoted(display)).join(', ')}, and has a name of the factory's.`,
      fix: "Entra ID does not let go of the last person who owns a group, so set-up cannot take it over. Delete it if it is the factory's own: the next delivery creates it again, with its members and roles. Have it renamed if it is not.",
    }))

/** Set-up deletes a role only once nobody holds it. */
const formerRoles = ({ formerRoles }: ActualSetup): readonly Danger[] =>
  formerRoles
    .filter(({ assignments }) => assignments > 0)
    .map(({ name, environment, assignments }) => ({
      severity: 'warning',
      what: `The role ${quoted(name)} is of nobody in factory.yml any more, and is still assigned ${assignments === 1 ? 'once' : `${assignments} times`}.`,
      fix: `Deliver the projects and the common area to ${environment} again, which takes it away; then run set-up again, which deletes it.`,
    }))
