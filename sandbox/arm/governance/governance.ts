import type { DeployTemplate, StoredResource } from '../../contracts.ts'
import type { Address } from '../address.ts'
import type { World, Write } from '../rules.ts'
import { checkLocks } from './locks.ts'
import { enforce } from './policy/enforcement.ts'
import { remediate } from './policy/remediation.ts'
import type { PolicyNames } from './policy/violation.ts'

/** What those who govern a scope put above the rights of its users: locks and policies. */
export interface Governance {
  /** The write as policies let it pass. @throws ArmError `ScopeLocked`, `RequestDisallowedByPolicy` */
  admitWrite(write: Write): Write
  /** @throws ArmError `ScopeLocked` */
  admitRemoval(address: Address): void
  /** A POST to a resource, such as `listKeys`. @throws ArmError `ScopeLocked` */
  admitAction(address: Address): void
  /** What policies deploy by themselves after a resource was written, some time later. */
  follow(written: StoredResource): void
}

/** How policies behave. */
export interface GovernanceOptions {
  readonly policyNames: PolicyNames
  /** Absent where nothing can deploy: then no policy does. */
  readonly deploy: DeployTemplate | undefined
  /** A fraction of Azure's own time. */
  readonly scale: number
}

/** Locks and policies over the resources of a world. */
export function createGovernance(
  world: World,
  { policyNames, deploy, scale }: GovernanceOptions,
): Governance {
  const { store, clock } = world
  return {
    admitWrite: (write) => {
      checkLocks(store, write.address.id, write.address.type, 'write')
      return enforce(write, store, clock.now(), policyNames)
    },
    admitRemoval: ({ id, type }) => checkLocks(store, id, type, 'delete'),
    admitAction: ({ id, type }) => checkLocks(store, id, type, 'write'),
    follow: (written) => {
      // Nobody waits for it: a failure shows as the failed deployment that it is, a defect of the sandbox as one.
      if (deploy !== undefined) void remediate(written, { world, deploy, scale })
    },
  }
}
