/** The paths of one container: a tree whose children are walked in the order of their names. */
import type { Acl } from './acl.ts'

/** A file or directory. */
export interface PathNode {
  readonly kind: 'file' | 'directory'
  name: string
  /** Object id, or `$superuser`. */
  owner: string
  /** Object id of the owning group, or `$superuser`. */
  group: string
  acl: Acl
  etag: string
  readonly createdAt: Date
  modifiedAt: Date
  metadata: ReadonlyMap<string, string>
  contentType: string
  /** What a file holds; empty for a directory. */
  content: Uint8Array
  /** Appended and not yet flushed, by position. */
  uncommitted: Map<number, Uint8Array>
  readonly children: Children
}

/** Names to nodes, with the names kept in order. Sorting waits until somebody asks for the order. */
export class Children {
  private readonly nodes = new Map<string, PathNode>()
  private order: string[] | undefined = []

  get size(): number {
    return this.nodes.size
  }

  get(name: string): PathNode | undefined {
    return this.nodes.get(name)
  }

  set(name: string, node: PathNode): void {
    if (!this.nodes.has(name)) {
      const last = this.order?.at(-1)
      if (this.order !== undefined && (last === undefined || last < name)) this.order.push(name)
      else this.order = undefined
    }
    this.nodes.set(name, node)
  }

  delete(name: string): void {
    if (this.nodes.delete(name)) this.order = undefined
  }

  private sorted(): readonly string[] {
    this.order ??= [...this.nodes.keys()].sort()
    return this.order
  }

  /** The children whose name is not before this one, in order. */
  *from(first: string): Generator<PathNode> {
    const names = this.sorted()
    let low = 0
    let high = names.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((names[middle] ?? '') < first) low = middle + 1
      else high = middle
    }
    for (let index = low; index < names.length; index += 1) {
      const node = this.nodes.get(names[index] ?? '')
      if (node !== undefined) yield node
    }
  }
}

/** A node together with its path below the container's root; the root's own path is empty. */
export interface Visit {
  readonly path: string
  readonly node: PathNode
}

/** The parts of a path; none for the root. */
export const segmentsOf = (path: string): readonly string[] =>
  path.split('/').filter((segment) => segment !== '')

/** Follows a path down from a node. */
export const descend = (root: PathNode, segments: readonly string[]): PathNode | undefined => {
  let node: PathNode | undefined = root
  for (const segment of segments) node = node?.children.get(segment)
  return node
}

const join = (parent: string, name: string): string => (parent === '' ? name : `${parent}/${name}`)

/**
 * The nodes below a directory, each directory before what it holds, names in order.
 * @param after where an earlier walk ended, relative to the directory: only what comes later is visited
 * @param enter whether to walk into a directory; its refusal by exception ends the walk
 */
export function* walk(
  directory: PathNode,
  path: string,
  after: readonly string[] = [],
  enter: (visit: Visit) => boolean = () => true,
): Generator<Visit> {
  const [first = '', ...rest] = after
  for (const node of directory.children.from(first)) {
    const visit = { path: join(path, node.name), node }
    const resumed = node.name === first && after.length > 0
    if (!resumed) yield visit
    if (node.kind === 'directory' && enter(visit)) yield* walk(node, visit.path, resumed ? rest : [], enter)
  }
}
