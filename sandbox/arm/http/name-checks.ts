import { ArmError } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { checkNameForm } from '../gate/names.ts'
import { checkGlobalName, isNameTaken } from '../global-names.ts'
import { text } from '../json.ts'
import type { World, Write } from '../rules.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { checkSubscription } from './resources.ts'

/** How a service is asked whether a name can be used. */
interface NameCheck {
  /** The type whose names are checked. */
  readonly type: string
  /** What the request says in `type`, where the service wants it said. */
  readonly asks?: string
  /** What the answer calls a malformed name; services that give no reasons leave it out. */
  readonly invalid?: string
  readonly taken?: string
  /** The key of the answer. */
  readonly key?: string
  /** Whether the answer is the refusal itself, or nothing. https://github.com/microsoft/azure-maven-plugins/pull/1731 */
  readonly refuses?: boolean
}

const checks: readonly NameCheck[] = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    asks: 'Microsoft.Storage/storageAccounts',
    invalid: 'AccountNameInvalid',
  },
  { type: 'Microsoft.KeyVault/vaults', asks: 'Microsoft.KeyVault/vaults', invalid: 'AccountNameInvalid' },
  { type: 'Microsoft.Search/searchServices', asks: 'searchServices', invalid: 'Invalid' },
  {
    type: 'Microsoft.ContainerRegistry/registries',
    asks: 'Microsoft.ContainerRegistry/registries',
    invalid: 'Invalid',
  },
  { type: 'Microsoft.ApiManagement/service', invalid: 'Invalid' },
  {
    type: 'Microsoft.AppConfiguration/configurationStores',
    asks: 'Microsoft.AppConfiguration/configurationStores',
    invalid: 'Invalid',
  },
  { type: 'Microsoft.EventHub/namespaces', invalid: 'InvalidName', taken: 'NameInUse' },
  { type: 'Microsoft.ServiceBus/namespaces', invalid: 'InvalidName', taken: 'NameInUse' },
  {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    asks: 'Microsoft.DBforPostgreSQL/flexibleServers',
    invalid: 'Invalid',
  },
  { type: 'Microsoft.Sql/servers', asks: 'Microsoft.Sql/servers', invalid: 'Invalid', key: 'available' },
  { type: 'Microsoft.Cache/redis', asks: 'Microsoft.Cache/Redis', refuses: true },
  { type: 'Microsoft.Web/sites', asks: 'Microsoft.Web/sites', invalid: 'Invalid' },
]

const address =
  /^\/subscriptions\/([^/]+)\/providers\/([^/]+)(\/locations\/[^/]+)?\/(checkNameAvailability|checkDomainAvailability)$/i
const cosmosName = /^\/providers\/Microsoft\.DocumentDB\/databaseAccountNames\/([^/]+)$/i
const cosmos = 'Microsoft.DocumentDB/databaseAccounts'

/** Whether a name can be used: the answer is what a PUT would say. */
export const nameCheckHandler: Handler = async (request, context) => {
  const name = cosmosName.exec(request.path)?.[1]
  if (name !== undefined && request.method === 'HEAD')
    return new Response(null, { status: isNameTaken(cosmos, name, context.world) ? 200 : 404 })
  const match = address.exec(request.path)
  if (match === null || request.method !== 'POST') return undefined
  const [, subscription = '', namespace = '', , action = ''] = match
  checkSubscription(subscription, context)
  requireRight(context, request.caller, `/subscriptions/${subscription}`, `${namespace}/${action}/read`)
  return action.toLowerCase() === 'checkdomainavailability'
    ? checkSubdomain(namespace, request, context)
    : checkName(namespace, subscription, request, context)
}

async function checkName(
  namespace: string,
  subscription: string,
  request: ArmRequest,
  context: ArmContext,
): Promise<Response | undefined> {
  const check = checks.find(({ type }) => sameId(type.split('/')[0], namespace))
  if (check === undefined) return undefined
  const body = await request.body()
  const name = text(body['name'])
  if (name === undefined || (check.asks !== undefined && text(body['type']) === undefined))
    throw badRequest(
      'InvalidRequestContent',
      `The request content was invalid: '${name === undefined ? 'name' : 'type'}' is missing.`,
    )
  const refused = refusalOf(check.type, name, subscription, request, context.world)
  if (check.refuses === true) {
    if (refused !== undefined) throw refused
    return new Response(null, { status: 200 })
  }
  const key = check.key ?? 'nameAvailable'
  if (refused === undefined) return Response.json({ [key]: true })
  const reason = isNameTaken(check.type, name, context.world)
    ? (check.taken ?? 'AlreadyExists')
    : check.invalid
  return Response.json({ [key]: false, reason, message: refused.body.message })
}

/** What a PUT of a new resource of this name would be refused with. */
function refusalOf(
  type: string,
  name: string,
  subscription: string,
  { apiVersion, caller }: ArmRequest,
  world: World,
): ArmError | undefined {
  const id = `/subscriptions/${subscription}/resourceGroups/-/providers/${type}/${name}`
  const write: Write = {
    address: {
      id,
      key: id.toLowerCase(),
      type,
      name,
      scope: id.slice(0, id.indexOf('/providers/')),
      parent: undefined,
      subscriptionId: subscription,
      resourceGroup: '-',
      extension: false,
    },
    apiVersion,
    body: {},
    properties: {},
    existing: undefined,
    caller,
  }
  try {
    checkNameForm(write)
    checkGlobalName(write, world)
    return undefined
  } catch (error) {
    if (error instanceof ArmError) return error
    throw error
  }
}

/** https://learn.microsoft.com/rest/api/aiservices/accountmanagement/check-domain-availability */
async function checkSubdomain(
  namespace: string,
  request: ArmRequest,
  { world }: ArmContext,
): Promise<Response | undefined> {
  if (!sameId(namespace, 'Microsoft.CognitiveServices')) return undefined
  const body = await request.body()
  const subdomainName = text(body['subdomainName'])
  const type = text(body['type'])
  if (subdomainName === undefined || type === undefined)
    throw badRequest(
      'InvalidRequestContent',
      "The request content was invalid: 'subdomainName' and 'type' are required.",
    )
  const taken = isNameTaken('Microsoft.CognitiveServices/accounts', subdomainName, world)
  return Response.json({
    isSubdomainAvailable: !taken,
    ...(taken
      ? {
          reason: `Sub domain name '${subdomainName.toLowerCase()}' is already used. Please pick a different name.`,
        }
      : {}),
    subdomainName,
    type,
    ...(body['kind'] === undefined ? {} : { kind: body['kind'] }),
  })
}
