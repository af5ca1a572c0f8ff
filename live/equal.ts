/** Which service an address is of. */
export type Service = 'arm' | 'graph' | 'lake'

/** An address without what differs from one Azure to another. */
export interface EqualAddress {
  readonly service: Service
  /** Path, and query with its keys in order. */
  readonly path: string
}

/** Where the services are that one side was asked for. Without an address it is one of Microsoft's clouds. */
export interface Addresses {
  readonly sandbox?: string
}

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const person = /[\w.+#-]+@[\w-]+(?:\.[\w-]+)+/g
/** What Azure makes up: numbers of operations, hashes of deployments. Names of resources have no run of these. */
const madeUp = /(?<![a-z])(?=[0-9a-f]*\d)[0-9a-f]{10,}(?![g-z])|\d{8,}/gi
const internetAddress = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g

/** A text in which ids, people and addresses are the same whoever they are of. */
export const equalText = (text: string): string =>
  text
    .replaceAll(guid, '{id}')
    .replaceAll(person, '{person}')
    .replaceAll(internetAddress, '{address}')
    .replaceAll(madeUp, '{id}')

/** What marks a page of a list, or is a time: another one each time. */
const passing = new Set(['$skiptoken', '$skipToken', 'skiptoken', 'continuation', 't', 'c', 's', 'h'])

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function queryOf(parameters: URLSearchParams): string {
  const shown = [...parameters]
    .filter(([key]) => !passing.has(key))
    .map(([key, value]) => `${key}=${equalText(value)}`)
    .toSorted()
  return shown.length === 0 ? '' : `?${shown.join('&')}`
}

/** Signing in, and where a sandbox shows itself: no part of what is compared. */
const aside = /^\/(?:_|metadata\/endpoints|common\/|organizations\/|[0-9a-f-]{36}\/|api\/v3)/i

function onSandbox(path: string): readonly [Service, string] | undefined {
  if (aside.test(path)) return undefined
  if (path.startsWith('/graph/')) return ['graph', path.slice('/graph'.length)]
  if (path.startsWith('/storage/')) return ['lake', path.replace(/^\/storage\/[^/]+/, '')]
  return ['arm', path]
}

function onAzure(host: string, path: string): readonly [Service, string] | undefined {
  if (/^management\./.test(host)) return ['arm', path]
  if (/^(?:dod-)?graph\.|^microsoftgraph\./.test(host)) return ['graph', path]
  if (/\.(?:dfs|blob)\.core\./.test(host)) return ['lake', path]
  return undefined
}

/** The address as it is on every Azure; undefined for what is not compared, such as signing in. */
export function equalAddress(url: string, { sandbox }: Addresses): EqualAddress | undefined {
  const { host, pathname, searchParams } = new URL(url)
  const isSandbox = sandbox !== undefined && new URL(sandbox).host === host
  const found = isSandbox ? onSandbox(pathname) : onAzure(host, pathname)
  if (found === undefined) return undefined
  const [service, path] = found
  return { service, path: `${equalText(decoded(path))}${queryOf(searchParams)}` }
}
