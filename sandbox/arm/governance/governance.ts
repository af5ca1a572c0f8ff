import type { Address } from '../address.ts'
import type { Write } from '../rules.ts'
import type { Store } from '../store.ts'
import { checkLocks } from './locks.ts'

/** What those who govern a scope put above the rights of its users: locks and policies. */
export interface Governance {
  /** The write as policies let it pass. @throws ArmError `ScopeLocked`, `RequestDisallowedByPolicy` */
  admitWrite(write: Write): Write
  /** @throws ArmError `ScopeLocked` */
  admitRemoval(address: Address): void
  /** A POST to a resource, such as `listKeys`. @throws ArmError `ScopeLocked` */
  admitAction(address: Address): void
}

/** Locks and policies over the resources of a store. */
export function createGovernance(store: Store): Governance {
  return {
    admitWrite: (write) => {
      checkLocks(store, write.address.id, write.address.type, 'write')
      return write
    },
    admitRemoval: ({ id, type }) => checkLocks(store, id, type, 'delete'),
    admitAction: ({ id, type }) => checkLocks(store, id, type, 'write'),
  }
}
