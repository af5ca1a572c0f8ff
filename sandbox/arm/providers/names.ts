import { sameId } from '../address.ts'
import type { World, Write } from '../rules.ts'

/**
 * The resource of the same type and name elsewhere, when names of the type are unique in all of Azure; `undefined` when
 * the name is free or is the resource's own.
 */
export function takenElsewhere(write: Write, world: World): string | undefined {
  const name = write.address.name.toLowerCase()
  const holder = world.store
    .ofType(write.address.type)
    .find((other) => other.name.toLowerCase() === name && !sameId(other.id, write.address.id))
  return holder?.id
}
