import type { StoredResource } from '../contracts.ts'
import { at, isRecord, type Json, record, text } from './json.ts'
import type { World } from './rules.ts'

/** The resource with its identities as the directory knows them: made when new, kept when they exist. */
export function withIdentity(
  resource: StoredResource,
  existing: StoredResource | undefined,
  world: World,
): StoredResource {
  const wanted = record(resource['identity'])
  const type = text(wanted['type']) ?? 'None'
  const before = text(at(existing, 'identity.principalId'))
  const system = /SystemAssigned/i.test(type)
  if (!isRecord(resource['identity'])) return resource
  if (type === 'None') return { ...resource, identity: { type: 'None' } }
  const principalId = system
    ? (before ?? world.directory.createManagedIdentity(resource.name, resource.id).principalId)
    : undefined
  const users = Object.keys(record(wanted['userAssignedIdentities'])).map((id) => [
    id,
    userIdentity(id, world),
  ])
  return {
    ...resource,
    identity: {
      ...(principalId === undefined ? {} : { principalId, tenantId: world.tenantId }),
      type,
      ...(users.length > 0 ? { userAssignedIdentities: Object.fromEntries(users) } : {}),
    },
  }
}

/** Takes the identity that a resource has no more out of the directory, when it had one. */
export function dropIdentity(
  before: StoredResource | undefined,
  after: StoredResource | undefined,
  world: World,
): void {
  const dropped = text(at(before, 'identity.principalId'))
  if (dropped !== undefined && dropped !== text(at(after, 'identity.principalId')))
    world.directory.removeManagedIdentity(dropped)
}

/** In a preview: the identity as it is known, when the request asks for the same one. */
export function keepIdentity(resource: StoredResource, existing: StoredResource | undefined): StoredResource {
  const wanted = record(resource['identity'])
  const known = record(existing?.['identity'])
  const users = (identity: unknown) =>
    Object.keys(record(at(identity, 'userAssignedIdentities')))
      .map((id) => id.toLowerCase())
      .sort()
      .join()
  const typeOf = (identity: Json) => text(identity['type'])?.toLowerCase().replaceAll(' ', '')
  const same = typeOf(wanted) === typeOf(known) && users(wanted) === users(known)
  return isRecord(resource['identity']) && same ? { ...resource, identity: known } : resource
}

function userIdentity(id: string, world: World): { principalId: string; clientId: string } {
  const identity = world.store.get(id)
  return {
    principalId: String(at(identity, 'properties.principalId')),
    clientId: String(at(identity, 'properties.clientId')),
  }
}
