import { ArmError, type ArmErrorBody, type Caller } from '../contracts.ts'
import { canBeDeleted } from './deletable.ts'
import type { DeploymentsDependencies } from './dependencies.ts'
import { toErrorBody } from './errors.ts'
import { depth, describeId, isResourceGroupId } from './ids.ts'

/** What became of resources that should be deleted. */
interface Removal {
  readonly deleted: readonly string[]
  readonly failed: readonly { readonly id: string; readonly error: ArmErrorBody }[]
}

/**
 * Types (lower case) that others wait for, first to last: what extends or enters a network goes before the network, a
 * service's parts before the service.
 */
const early = [
  'microsoft.authorization/roleassignments',
  'microsoft.authorization/locks',
  'microsoft.insights/diagnosticsettings',
  'microsoft.network/privateendpoints/privatednszonegroups',
  'microsoft.network/privateendpoints',
  'microsoft.network/privatednszones/virtualnetworklinks',
]
const late = [
  'microsoft.network/virtualnetworks/subnets',
  'microsoft.network/virtualnetworks',
  'microsoft.network/networksecuritygroups',
  'microsoft.network/routetables',
  'microsoft.network/privatednszones',
  'microsoft.managedidentity/userassignedidentities',
]

function rank(id: string): number {
  if (isResourceGroupId(id)) return 1_000
  const type = describeId(id).type.toLowerCase()
  const first = early.indexOf(type)
  if (first >= 0) return first
  const last = late.indexOf(type)
  return last >= 0 ? 500 + last : 100
}

/** The order in which deleting disturbs nothing: dependents first, children before parents, resource groups last. */
const removalOrder = (ids: readonly string[]): readonly string[] =>
  [...ids].sort((left, right) => rank(left) - rank(right) || depth(right) - depth(left))

/**
 * Deletes resources one after the other. What cannot be deleted is tried again as long as others could be: it may have
 * waited for them.
 */
export async function removeResources(
  ids: readonly string[],
  caller: Caller,
  deps: DeploymentsDependencies,
): Promise<Removal> {
  const deleted: string[] = []
  let open: readonly string[] = removalOrder(ids)
  for (;;) {
    const failed: { id: string; error: ArmErrorBody }[] = []
    for (const id of open) {
      try {
        await removeOne(id, caller, deps)
        deleted.push(id)
      } catch (error) {
        failed.push({ id, error: toErrorBody(error) })
      }
    }
    if (failed.length === 0 || failed.length === open.length) return { deleted, failed }
    open = failed.map(({ id }) => id)
  }
}

/** What cannot be deleted by itself may have gone with what it belonged to. */
async function removeOne(id: string, caller: Caller, { engine }: DeploymentsDependencies): Promise<void> {
  if (canBeDeleted(id)) return engine.remove(id, caller)
  if (engine.get(id) === undefined) return
  throw new ArmError(405, {
    code: 'ResourceDeletionNotSupported',
    message: `The resource '${id}' cannot be deleted: resources of type '${describeId(id).type}' do not support deletion.`,
  })
}
