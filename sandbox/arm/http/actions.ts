import { lastSegment, parseAddress, sameId } from '../address.ts'
import { badRequest, refusal, resourceNotFound } from '../errors.ts'
import { at, guidOf, text } from '../json.ts'
import { forget } from '../providers/key-vault.ts'
import type { SoftDeleted } from '../state.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

const nameCheck =
  /^\/subscriptions\/([^/]+)\/providers\/([^/]+)(?:\/locations\/[^/]+)?\/checkNameAvailability$/i
const deleted =
  /^\/subscriptions\/([^/]+)\/providers\/(Microsoft\.KeyVault|Microsoft\.CognitiveServices)(?:\/locations\/([^/]+))?(?:\/resourceGroups\/([^/]+))?\/deleted(?:Vaults|Accounts)(?:\/([^/]+))?(\/purge)?$/i

/** Name checks, soft-deleted resources, and the POST actions of resources. */
export const actionHandler: Handler = async (request, context) => {
  const bin = deleted.exec(request.path)
  if (bin !== null) return recycleBin(bin, request, context)
  if (request.method !== 'POST') return undefined
  const check = nameCheck.exec(request.path)
  if (check !== null) return checkName(check[2] ?? '', request, context)
  const address = parseAddress(request.path.slice(0, request.path.lastIndexOf('/')))
  if (address === undefined) return undefined
  const action = lastSegment(request.path)
  requireRight(context, request.caller, address.id, `${address.type}/${action}/action`)
  const resource = context.engine.get(address.id)
  if (resource === undefined) throw resourceNotFound(address)
  return listedKeys(action, resource.id)
}

/** Keys are made up from the id: nothing in the sandbox accepts them. */
function listedKeys(action: string, id: string): Response | undefined {
  const key = (number: number) => Buffer.from(guidOf(`${id}#key${number}`)).toString('base64')
  switch (action.toLowerCase()) {
    case 'listkeys':
      return Response.json({
        keys: [1, 2].map((number) => ({ keyName: `key${number}`, value: key(number), permissions: 'FULL' })),
        key1: key(1),
        key2: key(2),
        primaryMasterKey: key(1),
        secondaryMasterKey: key(2),
        primarySharedKey: key(1),
      })
    case 'listadminkeys':
      return Response.json({ primaryKey: key(1), secondaryKey: key(2) })
    default:
      return undefined
  }
}

async function checkName(namespace: string, request: ArmRequest, context: ArmContext): Promise<Response> {
  const body = await request.body()
  const name = text(body['name']) ?? text(body['subdomainName']) ?? ''
  const taken = Object.values(context.world.store.state.resources).some(
    (resource) =>
      resource.type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`) &&
      resource.type.split('/').length === 2 &&
      [resource.name, text(at(resource, 'properties.customSubDomainName'))].some((used) =>
        sameId(used, name),
      ),
  )
  return Response.json(
    taken
      ? { nameAvailable: false, reason: 'AlreadyExists', message: `The name '${name}' is already in use.` }
      : { nameAvailable: true },
  )
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
