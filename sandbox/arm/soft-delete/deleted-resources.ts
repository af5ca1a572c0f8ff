import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { record } from '../json.ts'
import type { World, Write } from '../rules.ts'
import type { SoftDeleted } from '../state.ts'
import { recovers, softDeleteKindOf } from './kinds.ts'

const day = 86_400_000

/** What is deleted and can still be recovered. What is past its time is gone. */
export function deletedResources(world: World): readonly SoftDeleted[] {
  const { softDeleted } = world.store.state
  const now = world.clock.now().getTime()
  for (let index = softDeleted.length - 1; index >= 0; index--) {
    const entry = softDeleted[index]
    if (entry !== undefined && Date.parse(entry.purgedOn) <= now) softDeleted.splice(index, 1)
  }
  return softDeleted
}

/** Keeps what was just deleted, when its service does. */
export function keepDeleted(resource: StoredResource, world: World): void {
  const kind = softDeleteKindOf(resource.type)
  const days = kind?.days(resource) ?? 0
  if (days <= 0) return
  const now = world.clock.now()
  world.store.state.softDeleted.push({
    id: resource.id,
    type: resource.type,
    name: resource.name,
    location: resource.location ?? '',
    deletedOn: now.toISOString(),
    purgedOn: new Date(now.getTime() + days * day).toISOString(),
    purgeProtected: kind?.isProtected?.(resource) ?? false,
    resource,
  })
}

/** Gives the name of a deleted resource free: it was recovered or purged. */
export function forgetDeleted(id: string, world: World): void {
  const { softDeleted } = world.store.state
  const index = softDeleted.findIndex((entry) => sameId(entry.id, id))
  if (index >= 0) softDeleted.splice(index, 1)
}

/** The deleted resource that a PUT would bring back, because it has the same id. */
function deletedAt(id: string, world: World): SoftDeleted | undefined {
  return deletedResources(world).find((entry) => sameId(entry.id, id))
}

/** The deleted resource that a PUT brings back, because it says so. */
function recoveredBy(write: Write, world: World): StoredResource | undefined {
  const kind = softDeleteKindOf(write.address.type)
  if (kind === undefined || write.existing !== undefined || !recovers(kind, write)) return undefined
  return deletedAt(write.address.id, world)?.resource
}

/** Throws when a deleted resource of the same id is in the way, or one shall come back that is not there. */
export function checkNotDeleted(write: Write, recovered: StoredResource | undefined, world: World): void {
  const kind = softDeleteKindOf(write.address.type)
  if (kind === undefined || write.existing !== undefined || recovered !== undefined) return
  if (deletedAt(write.address.id, world) !== undefined) throw kind.refuse(write)
  if (kind.refuseNothing !== undefined && recovers(kind, write)) throw kind.refuseNothing(write)
}

/**
 * A PUT that brings a deleted resource back sends what shall be other than before, and need not send the rest. That it
 * says so is kept of none.
 */
export function withRecovered(write: Write, world: World): Write {
  const kind = softDeleteKindOf(write.address.type)
  if (kind === undefined) return write
  const recovered = recoveredBy(write, world)
  const { provisioningState: _state, ...before } = record(recovered?.properties)
  const flag = Array.isArray(kind.recovery) ? kind.recovery[0] : undefined
  const sent = Object.entries(write.properties).filter(([key]) => key !== flag)
  const properties = { ...before, ...Object.fromEntries(sent) }
  return recovered === undefined ? { ...write, properties } : { ...write, recovered, properties }
}
