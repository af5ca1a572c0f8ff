import { sameId } from '../address.ts'
import { refusal } from '../errors.ts'
import { normaliseLocation } from '../locations.ts'
import { purgeDeleted } from '../soft-delete/agent-links.ts'
import { deletedResources } from '../soft-delete/deleted-resources.ts'
import { type SoftDeleteKind, softDeleteKinds } from '../soft-delete/kinds.ts'
import type { SoftDeleted } from '../state.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const pattern =
  /^(?<scope>\/subscriptions\/(?<subscription>[^/]+))(?<group>\/resourceGroups\/[^/]+)?\/providers\/(?<namespace>[^/]+)(?:\/locations\/(?<location>[^/]+))?(?<ownGroup>\/resourceGroups\/[^/]+)?\/(?<listed>\w+)(?:\/(?<name>[^/]+))?(?:\/(?<action>purge|recover))?$/i

/** An address of deleted resources: all of a service, one of them, or what is done with it. */
interface DeletedAddress {
  readonly kind: SoftDeleteKind
  readonly scope: string
  readonly subscription: string
  readonly group?: string
  readonly location?: string
  /** The resource group within the address of a single one. */
  readonly ownGroup?: string
  readonly name?: string
  readonly action?: string
}

/** Deleted resources that are kept: listed, shown, purged and recovered. Their addresses look like those of resources. */
export const deletedHandler: Handler = async (request, context) => {
  const address = parse(request.path)
  if (address === undefined) return undefined
  checkSubscription(address.subscription, context)
  if (address.name === undefined) return list(address, request, context)
  const isSingle =
    address.location !== undefined && (address.ownGroup !== undefined) === (address.kind.inGroup === true)
  if (!isSingle || address.kind.listedBy === 'resourceGroup') return undefined
  return request.method === 'GET' ? show(address, request, context) : act(address, request, context)
}

function parse(path: string): DeletedAddress | undefined {
  const groups = pattern.exec(path)?.groups
  if (groups === undefined) return undefined
  const { namespace = '', listed = '', scope = '', subscription = '', ...rest } = groups
  const kind = softDeleteKinds.find(
    (candidate) => sameId(namespaceOf(candidate), namespace) && sameId(candidate.listed, listed),
  )
  return kind === undefined ? undefined : { ...rest, scope, subscription, kind }
}

const namespaceOf = ({ type }: SoftDeleteKind) => type.split('/')[0] ?? ''

function entriesAt(address: DeletedAddress, context: ArmContext): readonly SoftDeleted[] {
  const { kind, scope, group, ownGroup, location, name } = address
  const within = `${scope}${group ?? ownGroup ?? ''}/`.toLowerCase()
  return deletedResources(context.world).filter(
    (entry) =>
      sameId(entry.type, kind.type) &&
      entry.id.toLowerCase().startsWith(within) &&
      (location === undefined || normaliseLocation(entry.location) === normaliseLocation(location)) &&
      (name === undefined || sameId(entry.name, name)),
  )
}

function list(address: DeletedAddress, request: ArmRequest, context: ArmContext): Response | undefined {
  const { kind, scope, group, location, ownGroup } = address
  const isServed =
    ownGroup === undefined &&
    (group === undefined || kind.listedBy === 'resourceGroup') &&
    (location === undefined || kind.listedBy === 'location')
  if (!isServed || request.method !== 'GET') return undefined
  requireRight(context, request.caller, `${scope}${group ?? ''}`, `${namespaceOf(kind)}/${kind.listed}/read`)
  return page(
    entriesAt(address, context).map((entry) => describe(entry, kind)),
    request.exchange,
  )
}

function show(address: DeletedAddress, request: ArmRequest, context: ArmContext): Response | undefined {
  if (address.action !== undefined) return undefined
  requireRight(context, request.caller, address.scope, `${deletedType(address.kind)}/read`)
  const [entry] = entriesAt(address, context)
  if (entry === undefined) throw notFound(address)
  return Response.json(describe(entry, address.kind))
}

/** Purges or recovers, in whichever way the service has it. */
function act(address: DeletedAddress, request: ArmRequest, context: ArmContext): Response | undefined {
  const { kind, scope, subscription, action = '' } = address
  const asked = `${request.method} ${action.toLowerCase()}`.trim()
  const isPurge = asked === (kind.purge === 'DELETE' ? 'DELETE' : `${kind.purge} purge`)
  const isRecovery = asked === `POST ${kind.recoverAction}`
  if (!isPurge && !isRecovery) return undefined
  const verb = action === '' ? 'delete' : `${action.toLowerCase()}/action`
  requireRight(context, request.caller, scope, `${deletedType(kind)}/${verb}`)
  const [entry] = entriesAt(address, context)
  if (entry === undefined && action === '') return new Response(null, { status: 204 })
  if (entry === undefined) throw notFound(address)
  if (isPurge && entry.purgeProtected)
    throw refusal(405, 'MethodNotAllowed', `Operation '${operationOf(kind)}' is not allowed.`)
  const { headers } = context.operations.begin(subscription, request.caller, async () => {
    if (isRecovery) await recover(entry, request, context)
    else purgeDeleted(entry, context.world)
    return { status: 'Succeeded' }
  })
  return new Response(null, { status: 202, headers })
}

async function recover(entry: SoftDeleted, request: ArmRequest, context: ArmContext): Promise<void> {
  const body = { location: entry.location, properties: { createMode: 'Restore' } }
  await context.engine.put(entry.id, request.apiVersion, body, request.caller)
}

const deletedType = (kind: SoftDeleteKind) =>
  `${namespaceOf(kind)}/locations/${kind.inGroup === true ? 'resourceGroups/' : ''}${kind.listed}`

/** `DeletedVaultPurge`, as Key Vault calls it. */
const operationOf = ({ listed = '' }: SoftDeleteKind) =>
  `${listed.charAt(0).toUpperCase()}${listed.slice(1).replace(/s$/, '')}Purge`

const notFound = ({ kind, name = '' }: DeletedAddress) =>
  refusal(
    404,
    namespaceOf(kind) === 'Microsoft.KeyVault' ? 'DeletedVaultNotFound' : 'ResourceNotFound',
    `The specified deleted resource '${name}' does not exist.`,
  )

function describe(entry: SoftDeleted, kind: SoftDeleteKind) {
  const [, subscription = '', group = ''] =
    /^(\/subscriptions\/[^/]+)(\/resourceGroups\/[^/]+)/i.exec(entry.id) ?? []
  const namespace = namespaceOf(kind)
  const place = `${subscription}/providers/${namespace}/locations/${entry.location}`
  const own = kind.listedBy === 'resourceGroup'
  return {
    id: own ? entry.id : `${place}${kind.inGroup === true ? group : ''}/${kind.listed}/${entry.name}`,
    name: entry.name,
    type: own ? entry.type : `${namespace}/${kind.listed}`,
    location: entry.location,
    ...kind.shown?.(entry),
  }
}
