import { UserError } from '../diagnostics/user-error.ts'
import { azureError } from './errors.ts'
import { isForbidden } from './failure.ts'

/** What a call of Microsoft Graph takes at least: an application permission, or owning the group. */
export type LeastRight =
  | 'Group.Create'
  | 'GroupMember.Read.All'
  | 'User.Read.All'
  | 'User.Invite.All'
  | 'ownership'

const setUp =
  "Let a person set the factory up ('npm run setup -- path/to/factory.yml', with --check it only compares)"

/**
 * Does the work as `explaining` does. Where Graph refuses it, the error names the least right that it takes, and how to
 * grant it. https://learn.microsoft.com/graph/permissions-reference
 */
export async function explainingWith<T>(
  least: LeastRight,
  doing: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const explained = azureError(error, doing)
    if (explained === error || !isForbidden(error)) throw explained
    throw new UserError({ ...explained.parts, ...howToGrant(least) })
  }
}

const howToGrant = (least: LeastRight) =>
  least === 'ownership'
    ? {
        why: 'The identity that is signed in does not own the group, and it may change only those that it owns.',
        fix: `${setUp}, which takes the group over.`,
        more: 'https://learn.microsoft.com/graph/api/group-post-owners',
      }
    : {
        why: `The identity that is signed in lacks the application permission ${least} of Microsoft Graph.`,
        fix: `${setUp}, which grants it. Or grant it by hand, as Privileged Role Administrator: Entra > App registrations > the identity > API permissions > Microsoft Graph > Application permissions > ${least}, then Grant admin consent.`,
        more: 'https://learn.microsoft.com/graph/permissions-reference',
      }
