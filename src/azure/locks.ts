import { z } from 'zod'
import { isWithin, lastSegment } from '../resource-id.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** A management lock. https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export interface Lock {
  readonly id: string
  readonly name: string
  /** Resource id of what is locked, with all that is in it. */
  readonly scope: string
  /** `CanNotDelete` or `ReadOnly`. */
  readonly level: string
}

const lockSchema = z
  .object({ id: z.string(), name: z.string(), properties: z.object({ level: z.string() }) })
  .transform(
    ({ id, name, properties: { level } }): Lock => ({
      id,
      name,
      level,
      scope: id.split(/\/providers\/Microsoft\.Authorization\/locks\//i)[0] ?? '',
    }),
  )

/**
 * Does a lock keep a resource from being deleted? It stands on the resource itself, on what that is in, or on a part of it.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export const keepsFromGoing = ({ scope }: Lock, id: string): boolean =>
  isWithin(id, scope) || isWithin(scope, id)

/**
 * The locks on a subscription or a resource group, and on all that is in it.
 * https://learn.microsoft.com/rest/api/resources/management-locks/list-at-subscription-level
 */
export async function listLocks(session: Session, scope: string): Promise<readonly Lock[]> {
  const arm = await openArm(session)
  const path = `${scope}/providers/Microsoft.Authorization/locks`
  return explaining(`Listing the locks of '${lastSegment(scope)}'`, () =>
    arm.list({ path, apiVersion: '2020-05-01' }, lockSchema),
  )
}
