import type { StoredResource } from '../../contracts.ts'
import { at, type Json, records, text } from '../json.ts'
import type { World } from '../rules.ts'
import { type SubnetUser, usersBySubnet, usersOf } from './subnet-users.ts'

/** A subnet as it is read, with what lies in it. */
export function renderSubnet(subnet: StoredResource, world: World): StoredResource {
  return withUsers(subnet, usersOf(subnet.id, world), world)
}

/** Subnets of one network as they are read. */
export function renderSubnets(subnets: readonly StoredResource[], world: World): readonly StoredResource[] {
  const users = usersBySubnet(world)
  return subnets.map((subnet) => withUsers(subnet, users.get(subnet.id.toLowerCase()) ?? [], world))
}

/** What Azure names as the user of a subnet: the address that is taken, or the link of the service. */
export function nameOfUse(subnet: Pick<StoredResource, 'id'>, user: SubnetUser, world: World): string {
  if (user.link !== undefined) return linkId(subnet, user.link.name)
  return configurationsOf(user, world)[0] ?? user.resource.id
}

/** The etag is that of the network, which changes with every part of it. */
function withUsers(subnet: StoredResource, users: readonly SubnetUser[], world: World): StoredResource {
  const network = world.store.get(subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/')))
  const endpoints = users.filter(isEndpoint)
  const configurations = users.flatMap((user) => configurationsOf(user, world))
  const links = linksOf(subnet, users)
  return {
    ...subnet,
    ...(network?.['etag'] === undefined ? {} : { etag: network['etag'] }),
    properties: {
      ...subnet.properties,
      ...(endpoints.length > 0
        ? { privateEndpoints: endpoints.map(({ resource }) => ({ id: resource.id })) }
        : {}),
      ...(configurations.length > 0 ? { ipConfigurations: configurations.map((id) => ({ id })) } : {}),
      ...(links.length > 0 ? { serviceAssociationLinks: links } : {}),
    },
  }
}

/**
 * A link names no resource of the user's: what holds the subnet is the service's own, so that only the type is shown.
 * An account and its capability host share one.
 */
function linksOf(subnet: StoredResource, users: readonly SubnetUser[]): readonly Json[] {
  const links = new Map(users.flatMap(({ link }) => (link === undefined ? [] : [[link.name, link]])))
  return [...links.values()].map(({ name, linkedResourceType }) => ({
    id: linkId(subnet, name),
    name,
    type: 'Microsoft.Network/virtualNetworks/subnets/serviceAssociationLinks',
    properties: {
      linkedResourceType,
      link: subnet.id.replace(/\/providers\/Microsoft\.Network/i, ''),
      provisioningState: 'Succeeded',
      allowDelete: false,
      locations: [],
    },
  }))
}

function linkId(subnet: Pick<StoredResource, 'id'>, name: string): string {
  return `${subnet.id}/serviceAssociationLinks/${name}`
}

function isEndpoint({ resource }: SubnetUser): boolean {
  return /\/privateEndpoints$/i.test(resource.type)
}

/** Ids of the addresses that a user has taken; those of a private endpoint are on its network interface. */
function configurationsOf(user: SubnetUser, world: World): readonly string[] {
  if (user.link !== undefined) return []
  const holders = isEndpoint(user)
    ? records(at(user.resource, 'properties.networkInterfaces')).flatMap(
        ({ id }) => world.store.get(text(id) ?? '') ?? [],
      )
    : [user.resource]
  return holders.flatMap((holder) =>
    records(at(holder, 'properties.ipConfigurations')).map(
      ({ name }) => `${holder.id}/ipConfigurations/${text(name) ?? ''}`,
    ),
  )
}
