import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { isForbidden } from './failure.ts'
import type { Graph } from './graph.ts'
import type { Session } from './session.ts'

const invitationSchema = z.object({ invitedUser: z.object({ id: z.string() }) })

/** https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls */
const portals: Readonly<Record<string, string>> = {
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
}

/**
 * Invites somebody as a guest, with an e-mail from Microsoft; they are in the directory at once, and can sign in when they
 * have accepted. Inviting somebody again makes no second account. https://learn.microsoft.com/graph/api/invitation-post
 * @returns the object id of the guest
 */
export async function inviteGuest(
  { post }: Pick<Graph, 'post'>,
  address: string,
  tenantId: string,
  { cloud }: Pick<Session, 'cloud'>,
): Promise<string> {
  const body = {
    invitedUserEmailAddress: address,
    // Where they come to when they have accepted.
    inviteRedirectUrl: `${portals[cloud.name] ?? 'https://portal.azure.com'}/${tenantId}`,
    sendInvitationMessage: true,
  }
  try {
    return (await post('/invitations', body, invitationSchema)).invitedUser.id
  } catch (error) {
    if (!isForbidden(error)) throw error
    throw new UserError({
      what: `This identity may not invite ${address} to the tenant.`,
      why: "'members: { invite: true }' in factory.yml has guests invited, which takes the permission User.Invite.All of Microsoft Graph, and settings for external collaboration that let applications invite into this domain.",
      fix: 'Let a person set the factory up, which grants it; or invite the guest by hand, and run the job again.',
      more: 'https://learn.microsoft.com/entra/external-id/external-collaboration-settings-configure',
      cause: error,
    })
  }
}
