/** The data lake: storage accounts with a hierarchical namespace, at `{base}/storage/{account}/`. */
import type { Area, Authorization, Clock, Directory, Exchange, LakeAccounts } from '../contracts.ts'
import { accessOf, superuser } from './access.ts'
import { setAccessControl, setAccessControlRecursive } from './acl-calls.ts'
import { authenticate, challenge } from './authentication.ts'
import { type AccountCall, answerForAccount, answerForContainer } from './container-calls.ts'
import { appendData, flushData, readFile, setMetadata } from './data-calls.ts'
import { type Dialect, refusalAnswer, StorageError } from './errors.ts'
import type { Call } from './exchange.ts'
import { listPaths } from './list-paths.ts'
import { createPath, deletePath, headPath, renamePath } from './path-calls.ts'
import { type Account, addContainer, type Container, type LakeState } from './state.ts'

export { addDirectories, emptyLake, type LakeSnapshot, type LakeState, loadLake } from './state.ts'

/** What the lake needs of the rest of the sandbox. */
export interface LakeDependencies {
  /** Asked at each request, so it may be made after the lake is. */
  readonly authorization: Authorization
  readonly directory: Directory
  readonly clock: Clock
  /** Directory (tenant) id, told to callers without a token. */
  readonly tenantId: string
}

/** The data lake's endpoints, and the accounts as Azure Resource Manager makes and removes them. */
export interface Lake {
  readonly area: Area
  readonly accounts: LakeAccounts
}

interface Address {
  readonly account: string
  /** Empty for the account as a whole. */
  readonly container: string
  readonly segments: readonly string[]
}

const addressOf = (pathname: string): Address | undefined => {
  const match = /^\/storage\/([^/]+)(?:\/(.*))?$/s.exec(pathname)
  if (match === null) return undefined
  const [container = '', ...segments] = (match[2] ?? '').split('/')
  return { account: match[1] ?? '', container, segments: segments.filter((segment) => segment !== '') }
}

/** The names of a path, decoded. One that could climb out of its container is refused. */
const decoded = (segments: readonly string[]): readonly string[] => {
  try {
    const names = segments.flatMap((segment) => decodeURIComponent(segment).split('/'))
    if (names.some((name) => name === '.' || name === '..' || name.includes('\0'))) {
      throw new StorageError('InvalidResourceName')
    }
    return names.filter((name) => name !== '')
  } catch (error) {
    if (error instanceof URIError) throw new StorageError('InvalidResourceName')
    throw error
  }
}

const dialectOf = (request: Request, query: URLSearchParams): Dialect =>
  query.has('restype') ||
  query.has('comp') ||
  (request.headers.get('accept')?.includes('application/xml') ?? false)
    ? 'blob'
    : 'dfs'

const patchCalls: Readonly<Record<string, (call: Call) => Response | Promise<Response>>> = {
  append: appendData,
  flush: flushData,
  setAccessControl,
  setAccessControlRecursive,
}

const put = (call: Call): Response => {
  if (call.query.get('comp') === 'metadata') return setMetadata(call)
  const source = call.request.headers.get('x-ms-rename-source')
  if (source !== null) return renamePath(call, source)
  if (!call.query.has('resource')) throw new StorageError('UnsupportedQueryParameter')
  return createPath(call)
}

const patch = (call: Call): Response | Promise<Response> => {
  const action = patchCalls[call.query.get('action') ?? '']
  if (action === undefined) throw new StorageError('InvalidQueryParameterValue')
  return action(call)
}

const answerForPath = (call: Call): Response | Promise<Response> => {
  switch (call.request.method) {
    case 'GET':
      return readFile(call)
    case 'HEAD':
      return headPath(call)
    case 'PUT':
      return put(call)
    case 'PATCH':
      return patch(call)
    case 'DELETE':
      return deletePath(call)
    default:
      throw new StorageError('UnsupportedHttpVerb')
  }
}

/** Whether a request to `/container` means the container, and not its root directory or the list of its paths. */
const isForContainer = (request: Request, query: URLSearchParams): boolean => {
  if (query.get('restype') === 'container') return true
  if (query.get('resource') !== 'filesystem') return false
  return request.method !== 'GET' && request.method !== 'PATCH'
}

const makeAccounts = (state: LakeState, clock: Clock): LakeAccounts => ({
  createAccount(name, resourceId) {
    if (!state.accounts.has(name)) state.accounts.set(name, { name, resourceId, containers: new Map() })
  },
  createContainer(name, container) {
    const account = state.accounts.get(name)
    if (account === undefined) throw new Error(`The lake has no account '${name}'.`)
    if (!account.containers.has(container)) {
      addContainer(state, account, container, superuser, clock.now())
    }
  },
  removeAccount(name) {
    state.accounts.delete(name)
  },
})

/** Joins the lake's state to its endpoints. */
export const createLake = (state: LakeState, deps: LakeDependencies): Lake => {
  const { authorization, clock, directory } = deps

  const accountOf = (name: string): Account => {
    const account = state.accounts.get(name)
    if (account === undefined) throw new StorageError('ResourceNotFound')
    return account
  }
  const containerOf = (account: Account, name: string): Container => {
    const container = account.containers.get(name)
    if (container === undefined) throw new StorageError('FilesystemNotFound')
    return container
  }

  const serve = (
    request: Request,
    exchange: Exchange,
    address: Address,
    dialect: Dialect,
  ): Response | Promise<Response> => {
    const query = exchange.url.searchParams
    const account = accountOf(address.account)
    const caller = authenticate(request, exchange.caller)
    const accountCall: AccountCall = {
      state,
      account,
      caller,
      request,
      query,
      dialect,
      clock,
      authorization,
    }
    if (address.container === '') return answerForAccount(accountCall)
    if (address.segments.length === 0 && isForContainer(request, query)) {
      return answerForContainer(accountCall, address.container)
    }
    const container = containerOf(account, address.container)
    const access = accessOf(caller, account, container, { authorization, directory })
    const segments = decoded(address.segments)
    const call: Call = { state, account, container, segments, access, request, query, dialect, clock }
    const isList = request.method === 'GET' && query.get('resource') === 'filesystem'
    return isList ? listPaths(call) : answerForPath(call)
  }

  const refuse = (
    error: StorageError,
    request: Request,
    { base, requestId }: Exchange,
    dialect: Dialect,
  ): Response => {
    const { status, headers, body } = refusalAnswer(error, dialect, requestId, clock.now())
    const { 'x-ms-error-code': code = '' } = headers
    if (status === 304) return new Response(null, { status, headers: { 'x-ms-error-code': code } })
    return new Response(request.method === 'HEAD' ? null : body, {
      status,
      headers: { ...headers, ...(status === 401 ? challenge(base, deps.tenantId) : {}) },
    })
  }

  const area: Area = async (request, exchange) => {
    const address = addressOf(exchange.url.pathname)
    if (address === undefined) return undefined
    const dialect = dialectOf(request, exchange.url.searchParams)
    const common = {
      'x-ms-request-id': exchange.requestId,
      'x-ms-version': request.headers.get('x-ms-version') ?? '2021-12-02',
      date: clock.now().toUTCString(),
    }
    let response: Response
    try {
      response = await serve(request, exchange, address, dialect)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      response = refuse(error, request, exchange, dialect)
    }
    for (const [name, value] of Object.entries(common)) response.headers.set(name, value)
    return response
  }
  return { area, accounts: makeAccounts(state, clock) }
}
