import type { Json } from '../json.ts'
import type { Environment } from '../vocabulary.ts'
import type { CostEstimate } from './cost.ts'
import type { Usage } from './usage.ts'

/**
 * What happens to one thing. `delete`: it is destroyed. `detach`: it stays in Azure, and is no longer managed here. `keep`:
 * it is already as wanted.
 */
export type ChangeKind = 'delete' | 'detach' | 'create' | 'modify' | 'keep'

/** The kinds in the order in which people have to see them: what is lost first. */
export const changeKinds: readonly ChangeKind[] = ['delete', 'detach', 'create', 'modify', 'keep']

/** One property that differs. */
export interface PropertyChange {
  /** Dotted path inside the thing, e.g. `properties.sku.name`. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
  /** What is lost by it, e.g. `logs older than 30 days`; absent when nothing is. */
  readonly loses?: string
}

/**
 * What cannot be known of a change beforehand. `potential`: it may turn out that nothing changes. `unknown`: that it
 * happens is certain, but not all of what happens, nor whether Azure accepts it.
 */
export interface Uncertainty {
  readonly is: 'potential' | 'unknown'
  /** One sentence. */
  readonly reason: string
}

/** One thing in Azure, and what happens to it. */
export interface Change {
  readonly change: ChangeKind
  /** What it is, in words a reader knows: `subnet`, `group`, `member`, `role assignment`, `folder`, an ARM type. */
  readonly kind: string
  /** Its name, unique together with kind and scope. */
  readonly name: string
  /** Where it is: a resource id, a group, a path. */
  readonly scope?: string
  readonly properties?: readonly PropertyChange[]
  /** One sentence of explanation, where the change does not explain itself. */
  readonly reason?: string
  /** What is lost for good when it is deleted or changed, e.g. `secrets`; absent when it can be made again from the manifests. */
  readonly holds?: string
  /** Absent when the change is certain. */
  readonly uncertainty?: Uncertainty
}

/** The comparison of what the manifests ask for with what Azure has: the one model of change of all actions. */
export interface Plan {
  readonly version: 1
  /** The action that made the plan, e.g. `ip-calc`. */
  readonly action: string
  /** Project number, absent for things that belong to no project. */
  readonly project?: string
  readonly environment?: Environment
  readonly changes: readonly Change[]
  /** Things a reader should know that block nothing. */
  readonly warnings: readonly string[]
  /** What the resources cost per month, before and after. */
  readonly cost?: CostEstimate
  /** How much is used of what there is a limited number of. */
  readonly usage?: readonly Usage[]
}

/** The plan of an action for one project in one environment. */
export const projectPlan = (
  action: string,
  { number, environment }: { readonly number: string; readonly environment: Environment },
  rest: Pick<Plan, 'changes' | 'warnings' | 'cost' | 'usage'>,
): Plan => ({ version: 1, action, project: number, environment, ...rest })

/** The outcomes of a plan, see {@link Outcome}. */
export const outcomes = ['planned', 'applied', 'refused', 'failed'] as const

/**
 * The outcome of a plan. `planned`: it was only shown. `applied`: all of it. `refused`: nothing, because something in it
 * needs permission. `failed`: some of its steps may have been applied.
 */
export type Outcome = (typeof outcomes)[number]

/** Does the plan change anything? */
export const hasChanges = (plan: Plan): boolean => plan.changes.some(({ change }) => change !== 'keep')

/** How many things of each kind of change the plan holds. */
export function countChanges(plan: Plan): Readonly<Record<ChangeKind, number>> {
  const counts: Record<ChangeKind, number> = { delete: 0, detach: 0, create: 0, modify: 0, keep: 0 }
  for (const { change } of plan.changes) counts[change] += 1
  return counts
}
