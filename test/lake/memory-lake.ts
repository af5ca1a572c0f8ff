import { type Acl, type AclEntry, idOf, inOrder, keyOf, rightsOf, union } from '../../src/lake/acl.ts'
import { type LakeStep, sameAcl, withoutMark } from '../../src/lake/steps.ts'

/** The power goes out. */
export class Interruption extends Error {}

/** Somebody else has changed the folder since it was read. */
export class Conflict extends Error {}

/** Folders and their lists, changed as a data lake changes them: path by path, so that it can be interrupted. */
export class MemoryLake {
  readonly folders = new Map<string, Acl>()
  /** How many more single changes succeed. */
  #budget = Number.POSITIVE_INFINITY

  constructor(folders: Iterable<readonly [string, Acl]> = []) {
    for (const [path, acl] of folders) this.folders.set(path, sorted(acl))
  }

  /** Makes a path with the lists that its parent hands down. */
  create(path: string): void {
    const parent = this.folders.get(path.split('/').slice(0, -1).join('/'))
    if (parent === undefined) throw new Error(`${path} has no parent.`)
    const { defaults } = parent
    const plain: AclEntry[] = [
      { type: 'user', rights: 'rwx' },
      { type: 'group', rights: 'r-x' },
      { type: 'other', rights: '---' },
    ]
    this.#write(path, { access: defaults.length > 0 ? defaults : plain, defaults })
  }

  /** Does the steps; throws an Interruption after so many single changes. */
  run(steps: readonly LakeStep[], budget = Number.POSITIVE_INFINITY): void {
    this.#budget = budget
    for (const step of steps) this.#do(step)
  }

  #do(step: LakeStep): void {
    const { path } = step
    switch (step.step) {
      case 'create':
        this.create(path)
        break
      case 'set':
        if (step.expected !== undefined && !sameAcl(this.#read(path), step.expected)) {
          throw new Conflict(path)
        }
        this.#write(path, step.acl)
        break
      case 'unmark':
        this.#write(path, withoutMark(this.#read(path), step.mark))
        break
      case 'modify-recursively':
        this.#below(path, (acl) => ({
          access: modify(acl.access, step.entries.access, acl.access),
          defaults: modify(acl.defaults, step.entries.defaults, acl.access),
        }))
        break
      case 'remove-recursively':
        this.#below(path, (acl) => ({
          access: remove(acl.access, step.entries.access),
          defaults: remove(acl.defaults, step.entries.defaults),
        }))
        break
    }
  }

  #below(top: string, change: (acl: Acl) => Acl): void {
    for (const [path, acl] of [...this.folders]) {
      if (path === top || path.startsWith(`${top}/`)) this.#write(path, change(acl))
    }
  }

  #read(path: string): Acl {
    const acl = this.folders.get(path)
    if (acl === undefined) throw new Error(`${path} does not exist.`)
    return acl
  }

  #write(path: string, acl: Acl): void {
    if (this.#budget === 0) throw new Interruption(path)
    this.#budget -= 1
    for (const list of [acl.access, ...(acl.defaults.length > 0 ? [acl.defaults] : [])])
      assertValid(path, list)
    this.folders.set(path, sorted(acl))
  }
}

const sorted = ({ access, defaults }: Acl): Acl => ({ access: inOrder(access), defaults: inOrder(defaults) })

function assertValid(path: string, entries: readonly AclEntry[]): void {
  const keys = entries.map(keyOf)
  if (new Set(keys).size !== keys.length) throw new Error(`${path} has an entry twice: ${keys.join(' ')}`)
  const needed = ['user:', 'group:', 'other:', ...(entries.some(idOf) ? ['mask:'] : [])]
  if (!needed.every((key) => keys.includes(key))) throw new Error(`${path} lacks entries: ${keys.join(' ')}`)
  if (entries.length > 32) throw new Error(`${path} has ${entries.length} entries.`)
}

function modify(entries: readonly AclEntry[], changed: readonly AclEntry[], access: readonly AclEntry[]) {
  if (changed.length === 0) return entries
  const base =
    entries.length > 0
      ? entries
      : access.filter((entry) => idOf(entry) === undefined && entry.type !== 'mask')
  const replaced = new Set(changed.map(keyOf))
  const merged = [...base.filter((entry) => !replaced.has(keyOf(entry))), ...changed]
  return rightsOf(changed, 'mask:') === undefined ? withCalculatedMask(merged) : merged
}

function remove(entries: readonly AclEntry[], taken: readonly AclEntry[]) {
  if (taken.length === 0) return entries
  const keys = new Set(taken.map(keyOf))
  return withCalculatedMask(entries.filter((entry) => !keys.has(keyOf(entry))))
}

function withCalculatedMask(entries: readonly AclEntry[]): readonly AclEntry[] {
  const others = entries.filter(({ type }) => type !== 'mask')
  if (!others.some(idOf)) return others
  const limited = others.filter((entry) => idOf(entry) !== undefined || entry.type === 'group')
  return [...others, { type: 'mask', rights: limited.map(({ rights }) => rights).reduce(union) }]
}
