import { enumeration } from '../diagnostics/enumeration.ts'
import type { AuditFinding, AuditSubject } from './audit-finding.ts'
import { ourKind, roleFindings, rolesIn } from './audit-roles.ts'
import type { ActualGroup, DesiredGroup } from './model.ts'

/** Whom the directory has to be asked about: all who are in the groups, and all who have a role and are not ours. */
export const askedAbout = ({
  desired,
  actual,
}: Pick<AuditSubject, 'desired' | 'actual'>): readonly string[] => [
  ...new Set([
    ...desired.groups.flatMap(({ key }) =>
      (actual.groups.get(key)?.members ?? []).map(({ objectId }) => objectId),
    ),
    ...rolesIn(actual)
      .map(({ principalId }) => principalId)
      .filter((id) => ourKind(id, { desired, actual }) === undefined),
  ]),
]

/** All that should not be, in the groups and in the roles. */
export const audited = (subject: AuditSubject): readonly AuditFinding[] => [
  ...subject.desired.groups.flatMap((group) => groupFindings(group, subject)),
  ...roleFindings(subject),
]

function groupFindings(desired: DesiredGroup, subject: AuditSubject): readonly AuditFinding[] {
  const group = subject.actual.groups.get(desired.key)
  if (group === undefined) return []
  return [...ownerFindings(group, subject), ...memberFindings(desired, group, subject)]
}

function ownerFindings(
  { displayName, objectId, ownership }: ActualGroup,
  { title }: AuditSubject,
): readonly AuditFinding[] {
  const about = { of: title, who: displayName, whoId: objectId, where: displayName }
  const fix = "A person who sets the factory up takes it over: 'npm run setup -- aifactory/factory.yml'."
  if (ownership.kind === 'nobody')
    return [{ kind: 'unowned-group', ...about, what: `The group ${displayName} has no owner.`, fix }]
  if (ownership.kind === 'unknown')
    return [
      {
        kind: 'not-audited',
        ...about,
        what: `Who owns the group ${displayName} could not be looked at.`,
        fix: 'Let the identity that audits see the owners of groups: GroupMember.Read.All and Application.Read.All in Microsoft Graph.',
      },
    ]
  if (ownership.kind !== 'others') return []
  const owners = enumeration(ownership.owners, 5)
  return [
    {
      kind: 'foreign-owner',
      ...about,
      what: `The group ${displayName} belongs to ${owners} as well, or alone.`,
      fix,
    },
  ]
}

function memberFindings(
  desired: DesiredGroup,
  group: ActualGroup,
  subject: AuditSubject,
): readonly AuditFinding[] {
  const { displayName } = group
  const wanted = wantedIn(desired, subject)
  return group.members.flatMap(({ objectId, display }): readonly AuditFinding[] => {
    const about = { of: subject.title, who: display, whoId: objectId, where: displayName }
    const isForeign = desired.membership !== 'at-least' && !wanted.has(objectId.toLowerCase())
    const isDisabled = subject.known.get(objectId.toLowerCase())?.state === 'disabled'
    return [
      ...(isForeign
        ? [
            {
              kind: 'foreign-member' as const,
              ...about,
              what: `${display} is in ${displayName}, and no document names them there.`,
              fix: 'Name them in the manifest, or take them out of the group.',
            },
          ]
        : []),
      ...(isDisabled
        ? [
            {
              kind: 'disabled-account' as const,
              ...about,
              what: `The account ${display} in ${displayName} is disabled.`,
              fix: 'Take them out with the mode offboard of add-member, and remove them from the manifests.',
            },
          ]
        : []),
    ]
  })
}

/** Object ids, in lower case, of all who should be in a group. */
function wantedIn(
  { members, memberGroups, memberIdentities }: DesiredGroup,
  { actual }: AuditSubject,
): ReadonlySet<string> {
  const ids = [
    ...members.map((one) => actual.members.get(one)?.objectId),
    ...memberGroups.map((key) => actual.groups.get(key)?.objectId),
    ...memberIdentities.map((key) => actual.identities.get(key)),
  ]
  return new Set(ids.flatMap((id) => id?.toLowerCase() ?? []))
}
