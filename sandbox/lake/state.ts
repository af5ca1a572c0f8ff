/** The lake's accounts and containers, and how they are saved and read again. */
import { type Acl, formatAcl, parseEntries, setEntries } from './acl.ts'
import { defaultUmask, inheritedAcl, rootAcl } from './permissions.ts'
import { Children, type PathNode, walk } from './tree.ts'

/** One container ("filesystem") of an account. */
export interface Container {
  readonly name: string
  readonly createdAt: Date
  etag: string
  metadata: ReadonlyMap<string, string>
  readonly root: PathNode
}

/** The lake of one storage account. */
export interface Account {
  readonly name: string
  /** Resource id of the storage account. */
  readonly resourceId: string
  readonly containers: Map<string, Container>
}

/** Everything the lake area keeps. */
export interface LakeState {
  readonly accounts: Map<string, Account>
  /** Counts changes, so that every ETag is another. */
  revision: number
  /** What `JSON.stringify` writes; `loadLake` reads it again. */
  toJSON(): LakeSnapshot
}

interface SavedPath {
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly owner: string
  readonly group: string
  readonly acl: string
  readonly sticky?: true
  readonly etag: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly contentType?: string
  /** base64 */
  readonly content?: string
}

/** The lake as JSON. Data that was appended and never flushed is not in it. */
export interface LakeSnapshot {
  readonly revision: number
  readonly accounts: readonly {
    readonly name: string
    readonly resourceId: string
    readonly containers: readonly {
      readonly name: string
      readonly createdAt: string
      readonly etag: string
      readonly metadata: Readonly<Record<string, string>>
      /** The root first, each directory before what it holds. */
      readonly paths: readonly SavedPath[]
    }[]
  }[]
}

/** A lake without accounts. */
export const emptyLake = (): LakeState => stateOf(new Map(), 0)

const stateOf = (accounts: Map<string, Account>, revision: number): LakeState => {
  const state: LakeState = { accounts, revision, toJSON: () => saveLake(state) }
  return state
}

/** The next ETag: in the form of Azure's, quotes included, never the same twice. */
export const nextEtag = (state: LakeState): string => {
  state.revision += 1
  return `"0x8DD${state.revision.toString(16).toUpperCase().padStart(12, '0')}"`
}

/** A new file or directory that nobody knows yet. */
export const newNode = (
  state: LakeState,
  what: Pick<PathNode, 'kind' | 'name' | 'owner' | 'group' | 'acl'>,
  at: Date,
): PathNode => ({
  ...what,
  etag: nextEtag(state),
  createdAt: at,
  modifiedAt: at,
  metadata: new Map(),
  contentType: 'application/octet-stream',
  content: new Uint8Array(),
  uncommitted: new Map(),
  children: new Children(),
})

/** Adds an empty container whose root belongs to the given owner. */
export const addContainer = (
  state: LakeState,
  account: Account,
  name: string,
  owner: string,
  at: Date,
): Container => {
  const root = newNode(state, { kind: 'directory', name: '', owner, group: owner, acl: rootAcl }, at)
  const container: Container = {
    name,
    createdAt: at,
    etag: nextEtag(state),
    metadata: new Map(),
    root,
  }
  account.containers.set(name, container)
  return container
}

/**
 * Adds directories to the root of a container, in the name of the account itself. Those that exist stay as they are.
 * @throws Error when there is no such container
 */
export const addDirectories = (
  state: LakeState,
  account: string,
  container: string,
  names: readonly string[],
): void => {
  const root = state.accounts.get(account)?.containers.get(container)?.root
  if (root === undefined) throw new Error(`The lake has no container '${container}' in account '${account}'.`)
  for (const name of names) {
    if (root.children.get(name) !== undefined) continue
    const acl = inheritedAcl(root.acl, 'directory', undefined, defaultUmask)
    const { owner, group, createdAt } = root
    root.children.set(name, newNode(state, { kind: 'directory', name, owner, group, acl }, createdAt))
  }
}

const savePath = (path: string, node: PathNode): SavedPath => ({
  path,
  kind: node.kind,
  owner: node.owner,
  group: node.group,
  acl: formatAcl(node.acl),
  ...(node.acl.sticky ? { sticky: true } : {}),
  etag: node.etag,
  createdAt: node.createdAt.toISOString(),
  modifiedAt: node.modifiedAt.toISOString(),
  ...(node.metadata.size === 0 ? {} : { metadata: Object.fromEntries(node.metadata) }),
  ...(node.contentType === 'application/octet-stream' ? {} : { contentType: node.contentType }),
  ...(node.content.length === 0 ? {} : { content: Buffer.from(node.content).toString('base64') }),
})

const saveLake = (state: LakeState): LakeSnapshot => ({
  revision: state.revision,
  accounts: [...state.accounts.values()].map((account) => ({
    name: account.name,
    resourceId: account.resourceId,
    containers: [...account.containers.values()].map((container) => ({
      name: container.name,
      createdAt: container.createdAt.toISOString(),
      etag: container.etag,
      metadata: Object.fromEntries(container.metadata),
      paths: [
        savePath('', container.root),
        ...[...walk(container.root, '')].map(({ path, node }) => savePath(path, node)),
      ],
    })),
  })),
})

/** Reads lists, and makes equal ones the same value, as they were before they were written down. */
const listReader = (): ((saved: SavedPath) => Acl) => {
  const known = new Map<string, Acl>()
  return ({ acl: text, sticky = false }) => {
    const key = `${sticky} ${text}`
    const acl = known.get(key) ?? { ...setEntries(rootAcl, parseEntries(text)), sticky }
    known.set(key, acl)
    return acl
  }
}

const loadNode = (saved: SavedPath, acl: Acl): PathNode => ({
  kind: saved.kind,
  name: saved.path.slice(saved.path.lastIndexOf('/') + 1),
  owner: saved.owner,
  group: saved.group,
  acl,
  etag: saved.etag,
  createdAt: new Date(saved.createdAt),
  modifiedAt: new Date(saved.modifiedAt),
  metadata: new Map(Object.entries(saved.metadata ?? {})),
  contentType: saved.contentType ?? 'application/octet-stream',
  content: saved.content === undefined ? new Uint8Array() : Buffer.from(saved.content, 'base64'),
  uncommitted: new Map(),
  children: new Children(),
})

const loadTree = (paths: readonly SavedPath[]): PathNode => {
  const nodes = new Map<string, PathNode>()
  const aclOf = listReader()
  for (const saved of paths) {
    const node = loadNode(saved, aclOf(saved))
    const slash = saved.path.lastIndexOf('/')
    if (saved.path !== '') {
      nodes.get(slash === -1 ? '' : saved.path.slice(0, slash))?.children.set(node.name, node)
    }
    nodes.set(saved.path, node)
  }
  const root = nodes.get('')
  if (root === undefined) throw new Error('A saved container of the lake has no root directory.')
  return root
}

const loadContainer = (saved: LakeSnapshot['accounts'][number]['containers'][number]): Container => ({
  name: saved.name,
  createdAt: new Date(saved.createdAt),
  etag: saved.etag,
  metadata: new Map(Object.entries(saved.metadata)),
  root: loadTree(saved.paths),
})

/** Reads a lake that was written down. */
export const loadLake = (snapshot: LakeSnapshot): LakeState => {
  const accounts = snapshot.accounts.map(({ name, resourceId, containers }): [string, Account] => [
    name,
    {
      name,
      resourceId,
      containers: new Map(containers.map((container) => [container.name, loadContainer(container)])),
    },
  ])
  return stateOf(new Map(accounts), snapshot.revision)
}
