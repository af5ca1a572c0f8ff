import type { Rights } from './acl.ts'
import { rightsOf } from './acl.ts'
import { type DesiredPath, type KnownPrincipal, knownPrincipals, type LakePrincipals } from './desired.ts'
import { type GuardedPath, type LakeCaller, reach } from './effective.ts'

/** What one role can do with one folder, once all folders above it have been passed. */
export interface EffectiveAccess {
  readonly path: string
  /** In words, e.g. `team lead`. */
  readonly who: string
  /** Object id. */
  readonly id: string
  readonly rights: Rights
  /** What it should be. */
  readonly wanted: Rights
  /** The first folder on the way that cannot be passed; '' is the root. */
  readonly blockedAt?: string
}

/**
 * What everybody of the project can do with each of its folders, by the lists alone: roles on the storage account come
 * on top. Personas and the project's identity count as members of the group that passes through the root.
 * @param tree Every folder of `desired` as it is
 */
export function effectiveAccessReport(
  desired: readonly DesiredPath[],
  tree: ReadonlyMap<string, GuardedPath>,
  principals: LakePrincipals,
): readonly EffectiveAccess[] {
  const traversal = principals.traversal?.toLowerCase()
  const people = knownPrincipals(principals).filter(({ role }) => role !== 'traversal')
  return desired
    .filter(({ ownership }) => ownership === 'project')
    .flatMap(({ path, access }) =>
      people.map((principal): EffectiveAccess => {
        const { type, id, title } = principal
        const wanted = rightsOf(access, `${type}:${id}`) ?? '---'
        return { path, who: title, id, wanted, ...reach(tree, path, callerOf(principal, traversal)) }
      }),
    )
}

/** Where somebody can do less or more than they should. */
export const deviations = (report: readonly EffectiveAccess[]): readonly EffectiveAccess[] =>
  report.filter(({ rights, wanted }) => rights !== wanted)

/** Anybody whose only rights come from this principal and from passing through the root. */
function callerOf({ type, id }: KnownPrincipal, traversal: string | undefined): LakeCaller {
  const groups = [...(type === 'group' ? [id] : []), ...(traversal === undefined ? [] : [traversal])]
  return { id: type === 'user' ? id : 'a member of the group', groups: new Set(groups) }
}
