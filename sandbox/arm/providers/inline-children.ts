import type { StoredResource } from '../../contracts.ts'
import { record, records, text } from '../json.ts'
import type { World, Write } from '../rules.ts'

/** Children that are written in the body of their parent, as they are stored: the rules of a group, the routes of a table. */
export function inlineChildren(write: Write, key: string, type: string): readonly StoredResource[] {
  return records(write.properties[key]).map((child) => {
    const name = text(child['name']) ?? ''
    const properties = { ...record(child['properties']), provisioningState: 'Succeeded' }
    return { id: `${write.address.id}/${key}/${name}`, name, type, properties }
  })
}

/** Stores the children that a parent brings, in place of all that it had. */
export function replaceChildren(
  write: Write,
  parent: StoredResource,
  key: string,
  type: string,
  world: World,
): void {
  for (const old of world.store.children(parent.id, type)) world.store.delete(old.id)
  for (const child of inlineChildren(write, key, type)) world.store.set(child)
}

/** A child among its siblings, as their parent would bring them all. */
export function amongSiblings({ address, properties }: Write, world: World) {
  const others = world.store
    .children(address.parent ?? '', address.type)
    .filter((sibling) => sibling.name.toLowerCase() !== address.name.toLowerCase())
    .map((sibling) => ({ name: sibling.name, properties: sibling.properties }))
  return [...others, { name: address.name, properties }]
}
