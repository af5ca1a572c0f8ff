import type { User } from '../entra/model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, objectBody } from './http.ts'

const resource = 'Invitation'
const checks = {
  invitedUserDisplayName: fits.nullableText(256),
  invitedUserEmailAddress: (value: unknown) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(value)),
  invitedUserMessageInfo: fits.object,
  invitedUserType: (value: unknown) => value === 'Guest' || value === 'Member',
  inviteRedirectUrl: fits.text(2048, 1),
  sendInvitationMessage: fits.flag,
}

/** `POST /invitations`: makes a guest, who is there at once. https://learn.microsoft.com/graph/api/invitation-post */
export function invitations(
  { directory, clock, identifiers }: GraphContext,
  request: GraphRequest,
): GraphResponse {
  if (request.method !== 'POST') throw refusals.noMethod(request.method)
  request.rights.demand('inviteUser')
  const body = readKnown(objectBody(request), checks, resource)
  demandAll(body, ['invitedUserEmailAddress', 'inviteRedirectUrl'], resource)
  const mail = textOf(body['invitedUserEmailAddress'])
  const known = directory.state.users.find((user) => user.mail?.toLowerCase() === mail.toLowerCase())
  if (known !== undefined && known.userType !== 'Guest') {
    throw refusals.badRequest('The invited user already exists in the directory as object of type User.')
  }
  const user: User = known ?? {
    id: identifiers.uuid(),
    displayName: textOf(body['invitedUserDisplayName']) || (mail.split('@')[0] ?? mail),
    userPrincipalName: `${mail.replace('@', '_')}#EXT#@${directory.state.domain}`,
    mail,
    userType: body['invitedUserType'] === 'Member' ? 'Member' : 'Guest',
    accountEnabled: true,
    externalUserState: 'PendingAcceptance',
    createdDateTime: clock.now().toISOString(),
  }
  if (known === undefined) directory.add({ kind: 'User', value: user })
  return {
    status: 201,
    body: {
      '@odata.context': `${request.root}/$metadata#invitations/$entity`,
      id: identifiers.uuid(),
      ...body,
      sendInvitationMessage: body['sendInvitationMessage'] ?? false,
      status: 'PendingAcceptance',
      invitedUser: { id: user.id },
    },
  }
}
