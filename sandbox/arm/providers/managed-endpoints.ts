import type { StoredResource } from '../../contracts.ts'
import { parseAddress, sameId } from '../address.ts'
import { at, guidOf, isRecord, type Json, record, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { approved, type Consumer, checkGroups, connect, disconnect, pending, stateOf } from './connections.ts'

const outboundRule: Form = {
  type: 'Microsoft.MachineLearningServices/workspaces/outboundRules',
  target: 'destination.serviceResourceId',
  group: 'destination.subresourceTarget',
  nameOf: ({ id, name }) => `${id.split('/').at(-3) ?? ''}.${name}`,
  shown: ({ status }) => ({ status: status === 'Approved' ? 'Active' : 'Inactive' }),
  approves: mayApprove,
}

/**
 * Private endpoints that services make in networks of their own. They are born pending, whoever asks for them, and work
 * once they are approved on their target. https://learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint,
 * https://learn.microsoft.com/azure/search/search-indexer-howto-access-private,
 * https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 */
export const managedEndpointRules: readonly ResourceRules[] = [
  managed({
    type: 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints',
    target: 'privateLinkResourceId',
    group: 'groupId',
    nameOf: ({ id, name }) => `${id.split('/').at(-5) ?? ''}.${name}`,
    shown: (state) => ({ connectionState: state }),
  }),
  managed({
    type: 'Microsoft.Search/searchServices/sharedPrivateLinkResources',
    target: 'privateLinkResourceId',
    group: 'groupId',
    nameOf: ({ id, name }) => `${id.split('/').at(-3) ?? ''}.${name}`,
    shown: ({ status }) => ({ status }),
  }),
  managed(outboundRule),
]

/** Where a type keeps what an endpoint leads to, and how it shows how it stands. */
interface Form {
  readonly type: string
  /** Paths in the properties. */
  readonly target: string
  readonly group: string
  /** The name of the endpoint in the service's network. */
  readonly nameOf: (resource: Pick<StoredResource, 'id' | 'name'>) => string
  readonly shown: (state: ReturnType<typeof stateOf>) => Json
  /** Does the service approve by itself? */
  readonly approves?: (resource: StoredResource, targetId: string, world: World) => boolean
}

function managed(form: Form): ResourceRules {
  const targetOf = (properties: unknown): string | undefined => text(at(properties, form.target))
  return {
    type: form.type,
    location: 'none',
    check: ({ properties }) => {
      const targetId = targetOf(properties)
      if (targetId !== undefined) checkGroups(targetId, [text(at(properties, form.group)) ?? ''])
    },
    applied: (_write, resource, world) => {
      ask(form, resource, world)
      return undefined
    },
    render: (resource, world) => {
      const targetId = targetOf(resource.properties)
      if (targetId === undefined || world.store.get(resource.id) === undefined) return resource
      const state = stateOf(targetId, consumerOf(form, resource), world)
      return { ...resource, properties: { ...resource.properties, ...form.shown(state) } }
    },
    removed: (resource, world) => {
      const targetId = targetOf(resource.properties)
      if (targetId !== undefined) disconnect(targetId, consumerOf(form, resource), world)
    },
  }
}

function ask(form: Form, resource: StoredResource, world: World): void {
  const targetId = text(at(resource.properties, form.target)) ?? ''
  const target = world.store.get(targetId)
  if (target === undefined) return
  const message = text(at(resource.properties, 'requestMessage')) ?? ''
  const state = form.approves?.(resource, targetId, world) === true ? approved : pending(message)
  const group = text(at(resource.properties, form.group)) ?? ''
  connect(target, consumerOf(form, resource), [group], state, world)
}

/** The endpoint in the service's own subscription, which nobody else sees. */
function consumerOf(form: Form, resource: Pick<StoredResource, 'id' | 'name'>): Consumer {
  const name = form.nameOf(resource)
  const group = `/subscriptions/${guidOf(form.type)}/resourceGroups/vnet-${guidOf(resource.id).slice(0, 8)}-rg`
  return { id: `${group}/providers/Microsoft.Network/privateEndpoints/${name}`, name }
}

/** A workspace approves what its identity may: the role Azure AI Enterprise Network Connection Approver. */
function mayApprove(rule: StoredResource, targetId: string, world: World): boolean {
  const workspace = world.store.get(parseAddress(rule.id)?.parent ?? '')
  const type = parseAddress(targetId)?.type ?? ''
  const users = Object.values(record(at(workspace, 'identity.userAssignedIdentities')))
  const principals = [at(workspace, 'identity'), ...users].flatMap(
    (identity) => text(at(identity, 'principalId')) ?? [],
  )
  return principals.some((objectId) =>
    world.authorization.allows(
      { tenantId: world.tenantId, objectId, kind: 'ServicePrincipal', audience: world.base },
      targetId,
      `${type}/PrivateEndpointConnectionsApproval/action`,
    ),
  )
}

/** Private endpoints that a workspace names in its own body are outbound rules like those that are sent alone. */
export function applyOutboundRules({ properties, address }: Write, world: World): void {
  const rules = record(at(properties, 'managedNetwork.outboundRules'))
  for (const [name, rule] of Object.entries(rules)) {
    if (!isRecord(rule) || !sameId(text(rule['type']), 'PrivateEndpoint')) continue
    const resource = {
      id: `${address.id}/outboundRules/${name}`,
      name,
      type: outboundRule.type,
      properties: { ...rule, provisioningState: 'Succeeded' },
    }
    world.store.set(resource)
    ask(outboundRule, resource, world)
  }
}
