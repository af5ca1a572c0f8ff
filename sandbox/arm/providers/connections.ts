import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, record, text } from '../json.ts'
import type { World } from '../rules.ts'
import { groupsOf } from './private-link.ts'

/** How it stands between a private endpoint and its target. The target's side decides. */
export interface ConnectionState extends Json {
  readonly status: string
  readonly description: string
  readonly actionsRequired: string
}

/** Whose connection it is: a private endpoint of the customer's, or one that a service manages in its own network. */
export interface Consumer {
  readonly id: string
  readonly name: string
}

/** Nobody needs to do anything: who made the endpoint may approve on the target. */
export const approved: ConnectionState = {
  status: 'Approved',
  description: 'Auto-Approved',
  actionsRequired: 'None',
}

/** Whoever may approve on the target has still to do it. */
export const pending = (message: string): ConnectionState => ({
  status: 'Pending',
  description: message,
  actionsRequired: 'None',
})

const disconnected: ConnectionState = {
  status: 'Disconnected',
  description: 'The connection was removed on the side of the target.',
  actionsRequired: 'None',
}

const connectionIdOf = (targetId: string, { id, name }: Consumer): string =>
  `${targetId}/privateEndpointConnections/${name}.${guidOf(id)}`

/** Tells a target of an endpoint. A connection that is there already stays as its owner left it. */
export function connect(
  target: StoredResource,
  consumer: Consumer,
  groupIds: readonly string[],
  state: ConnectionState,
  world: World,
): void {
  const id = connectionIdOf(target.id, consumer)
  if (world.store.get(id) !== undefined) return
  world.store.set({
    id,
    name: `${consumer.name}.${guidOf(consumer.id)}`,
    type: `${target.type}/privateEndpointConnections`,
    properties: {
      privateEndpoint: { id: consumer.id },
      groupIds,
      privateLinkServiceConnectionState: state,
      provisioningState: 'Succeeded',
    },
  })
}

/** Takes the connection of an endpoint that goes away from its target. */
export function disconnect(targetId: string, consumer: Consumer, world: World): void {
  world.store.delete(connectionIdOf(targetId, consumer))
}

/** How it stands: `Disconnected` when the target, or only the connection there, is gone. */
export function stateOf(targetId: string, consumer: Consumer, world: World): ConnectionState {
  const connection = world.store.get(connectionIdOf(targetId, consumer))
  if (connection === undefined) return disconnected
  const state = record(at(connection, 'properties.privateLinkServiceConnectionState'))
  return {
    ...state,
    status: text(state['status']) ?? '',
    description: text(state['description']) ?? '',
    actionsRequired: text(state['actionsRequired']) ?? 'None',
  }
}

/** Throws when a target does not offer what is asked for. A target of a type that nobody knows offers anything. */
export function checkGroups(targetId: string, asked: readonly string[]): void {
  if (asked.length > 1)
    throw badRequest(
      'OnlyOneGroupIdPermitted',
      `Private link service connection has the following group Ids: ${asked.join(', ')}. Only one group Id is permitted when connecting to a first-party resource (${targetId}).`,
    )
  const known = groupsOf(parseAddress(targetId)?.type ?? '')
  if (known === undefined) return
  const unknown = asked.find((group) => !known.includes(group.toLowerCase()))
  if (unknown !== undefined || asked.length === 0)
    throw badRequest(
      'PrivateEndpointCannotBeCreatedWithGroupId',
      `Call to ${targetId} failed. Error message: The requested group id '${unknown ?? ''}' is invalid. Valid group ids: ${known.join(', ')}.`,
    )
}
