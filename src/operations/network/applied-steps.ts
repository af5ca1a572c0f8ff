import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import type { Change } from '../../plan/model.ts'
import type { NetworkStep } from './existing-changes.ts'
import type { Snapshot } from './snapshot.ts'

/** A step that was applied, and its change in the snapshot before. */
export interface AppliedStep {
  readonly step: NetworkStep
  readonly change: Change | undefined
  /** Of a step that created a subnet: its key, and the subnet. */
  readonly subnet: (AssignedSubnet & { readonly key: string }) | undefined
  /** Azure canceled the operation, but the resource exists, perhaps created by another run of this project. */
  readonly isUncertain: boolean
}

/** What a run has created, and what it is creating. */
export interface Progress {
  readonly done: AppliedStep[]
  /** Sent to Azure, and not known to be created. */
  begun: NetworkStep | undefined
}

/** The subnet that a step creates; undefined when it creates something else. */
export function subnetOf(step: NetworkStep, { allocation: { subnets } }: Snapshot): AppliedStep['subnet'] {
  const { kind, name } = step
  if (kind !== 'subnet' || !('body' in step)) return undefined
  const [found] = Object.entries(subnets).filter(([, subnet]) => subnet?.name === name)
  return found?.[1] && { ...found[1], key: found[0] }
}

/** Is it the change that a step makes? */
export const isOf = ({ kind, name }: Change, step: NetworkStep): boolean =>
  kind === step.kind && name === step.name

/** The last snapshot, in which what this run created is shown as created, not as existing. */
export function withApplied(last: Snapshot, done: readonly AppliedStep[], first: Snapshot): Snapshot {
  const { subnets, plan } = last.allocation
  const created = done.filter((one) => isCreated(one, last))
  const others = plan.changes.filter((change) => !created.some(({ step }) => isOf(change, step)))
  const reserved = created.flatMap(({ subnet }): readonly (readonly [string, AssignedSubnet])[] => {
    if (subnet === undefined) return []
    const { key, ...assigned } = subnet
    // What a pool allocated is known only now.
    const addressPrefix = assigned.addressPrefix || (subnets[key]?.addressPrefix ?? '')
    return [[key, { ...assigned, addressPrefix, state: 'reserved' }]]
  })
  const reasons = reserved.flatMap(([key]) => {
    const reason = first.allocation.sizeReasons[key]
    return reason === undefined ? [] : [[key, reason] as const]
  })
  const names = new Set(reserved.map(([, { name }]) => name.toLowerCase()))
  return {
    ...last,
    network: {
      ...last.network,
      subnets: last.network.subnets.filter(({ name }) => !names.has(name.toLowerCase())),
    },
    allocation: {
      ...last.allocation,
      subnets: { ...subnets, ...Object.fromEntries(reserved) },
      sizeReasons: Object.fromEntries(reasons),
      plan: { ...plan, changes: [...created.flatMap(({ change }) => change ?? []), ...others] },
    },
  }
}

const isCreated = ({ isUncertain, subnet }: AppliedStep, { allocation }: Snapshot): boolean =>
  !isUncertain ||
  (subnet !== undefined && allocation.subnets[subnet.key]?.addressPrefix === subnet.addressPrefix)
