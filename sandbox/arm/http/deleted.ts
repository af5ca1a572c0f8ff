import { badRequest, refusal } from '../errors.ts'
import { forget } from '../providers/key-vault.ts'
import type { SoftDeleted } from '../state.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

const deleted =
  /^\/subscriptions\/([^/]+)\/providers\/(Microsoft\.KeyVault|Microsoft\.CognitiveServices)(?:\/locations\/([^/]+))?(?:\/resourceGroups\/([^/]+))?\/deleted(?:Vaults|Accounts)(?:\/([^/]+))?(\/purge)?$/i

/** Soft-deleted resources: listed, shown and purged. Their addresses look like those of lists and resources. */
export const deletedHandler: Handler = async (request, context) => {
  const match = deleted.exec(request.path)
  return match === null ? undefined : recycleBin(match, request, context)
}

function recycleBin(match: RegExpExecArray, request: ArmRequest, context: ArmContext): Response | undefined {
  const [, subscription = '', namespace = '', , , name, purge] = match
  const { softDeleted } = context.world.store.state
  const entries = softDeleted.filter(
    (entry) =>
      entry.type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`) &&
      entry.id.toLowerCase().startsWith(`/subscriptions/${subscription.toLowerCase()}/`) &&
      (name === undefined || entry.name.toLowerCase() === name.toLowerCase()),
  )
  const scope = `/subscriptions/${subscription}`
  const kind = namespace.toLowerCase() === 'microsoft.keyvault' ? 'deletedVaults' : 'deletedAccounts'
  const isPurge = purge !== undefined ? request.method === 'POST' : request.method === 'DELETE'
  const action = `${namespace}/locations/${kind}/${isPurge ? 'purge/action' : 'read'}`
  requireRight(context, request.caller, scope, action)
  if (name === undefined) return Response.json({ value: entries.map(describeDeleted) })
  const [entry] = entries
  if (entry === undefined)
    throw refusal(404, 'DeletedResourceNotFound', `The specified deleted resource '${name}' does not exist.`)
  if (!isPurge) return request.method === 'GET' ? Response.json(describeDeleted(entry)) : undefined
  if (entry.purgeProtected)
    throw badRequest(
      'DeletedVaultPurge',
      `Purge operation is not allowed on the deleted resource '${name}', as purge protection is enabled.`,
    )
  forget(entry.id, context.world)
  return new Response(null, { status: 200 })
}

function describeDeleted(entry: SoftDeleted) {
  return {
    id: entry.id,
    name: entry.name,
    type: entry.type.replace(
      /\/(\w)(\w*)$/,
      (_, first: string, rest: string) => `/deleted${first.toUpperCase()}${rest}`,
    ),
    location: entry.location,
    properties: {
      vaultId: entry.id,
      location: entry.location,
      deletionDate: entry.deletedOn,
      purgeProtectionEnabled: entry.purgeProtected,
    },
  }
}
