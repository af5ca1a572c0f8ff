import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, type Json, text } from '../json.ts'
import type { World } from '../rules.ts'
import { interfaceType } from './addresses.ts'
import { subnetType } from './subnet-prefixes.ts'

/** What subnets carry, and network interfaces too: a security group, a route table, a NAT gateway. */
export type Association = 'networkSecurityGroup' | 'routeTable' | 'natGateway'

function usersThrough(
  key: Association,
  resource: StoredResource,
  type: string,
  world: World,
): readonly StoredResource[] {
  return world.store
    .ofType(type)
    .filter((user) => sameId(text(at(user, `properties.${key}.id`)), resource.id))
}

/** The properties that show where a resource is in use; absent when it is nowhere. */
export function usesOf(key: Association, resource: StoredResource, world: World): Json {
  const ids = (type: string) => usersThrough(key, resource, type, world).map(({ id }) => ({ id }))
  const [subnets, networkInterfaces] = [ids(subnetType), ids(interfaceType)]
  return {
    ...(subnets.length > 0 ? { subnets } : {}),
    ...(networkInterfaces.length > 0 ? { networkInterfaces } : {}),
  }
}

/** Throws when a resource is in use. */
export function refuseInUse(key: Association, code: string, resource: StoredResource, world: World): void {
  const users = [subnetType, interfaceType].flatMap((type) => usersThrough(key, resource, type, world))
  if (users.length === 0) return
  throw badRequest(
    code,
    `${resource.id} cannot be deleted because it is in use by the following resources: ${users.map((user) => user.id).join(', ')}. In order to delete it, remove the association with the resource(s).`,
  )
}
