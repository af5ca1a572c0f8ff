import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { checkStore } from './capability-host-stores.ts'
import { heldOfAccount, hostBusy } from './cognitive-services-busy.ts'

const account = 'Microsoft.CognitiveServices/accounts'
const accountHost = `${account}/capabilityHosts`
const projectHost = `${account}/projects/capabilityHosts`

/** What agents keep where, and the category of the connection that leads there. */
const stores = {
  threadStorageConnections: 'CosmosDb',
  vectorStoreConnections: 'CognitiveSearch',
  storageConnections: 'AzureStorageAccount',
} as const
const connections = [...Object.keys(stores), 'aiServicesConnections']

/**
 * Capability hosts: what makes an account and a project run agents. One for each of them; it is never changed, only deleted and created
 * again. https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts
 */
export const capabilityHostRules: readonly ResourceRules[] = [
  {
    type: accountHost,
    location: 'none',
    lock: (address) => heldOfAccount(address.parent),
    busy: hostBusy,
    check: (write, world) => {
      checkOnlyOne(write, accountHost, world)
      checkConnections(write, world)
      checkSubnet(write, world)
    },
    complete: ({ properties }) => ({ capabilityHostKind: 'Agents', ...properties }),
  },
  {
    type: projectHost,
    location: 'none',
    lock: (address) => heldOfAccount(address.parent?.split('/').slice(0, -2).join('/')),
    busy: hostBusy,
    check: (write, world) => {
      checkOnlyOne(write, projectHost, world)
      checkAccountFirst(write, world)
      checkConnections(write, world)
    },
  },
]

/** The same again is no change; anything else is refused. */
function checkOnlyOne(write: Write, type: string, world: World): void {
  const { address, existing, properties } = write
  const other = world.store
    .children(address.parent ?? '', type)
    .find((host) => isOf(host, address.parent) && !sameId(host.id, address.id))
  if (other !== undefined)
    throw conflict(
      'Conflict',
      `There is an existing Capability Host with name: ${other.name}, provisioning state: ${String(at(other, 'properties.provisioningState'))} for workspace: ${address.parent}, cannot create a new Capability Host with name: ${address.name} for the same ClientId.`,
    )
  if (existing === undefined || configuration(existing.properties) === configuration(properties)) return
  throw badRequest(
    'BadRequest',
    `Capability Host ${address.name} exists with another configuration. It cannot be updated: delete it and create it again.`,
  )
}

const isOf = (host: StoredResource, parent: string | undefined): boolean =>
  sameId(host.id.split('/').slice(0, -2).join('/'), parent)

/** What cannot be changed, in a form that can be compared. */
function configuration(properties: unknown): string {
  const lists = connections.map((key) => texts(at(properties, key)).map((name) => name.toLowerCase()))
  return JSON.stringify([...lists, String(at(properties, 'customerSubnet') ?? '').toLowerCase()])
}

/** A project's host stands on that of its account; the platform makes that one when agents are injected into a network. */
function checkAccountFirst({ address }: Write, world: World): void {
  const id = address.id.split('/').slice(0, -4).join('/')
  const owner = world.store.get(id)
  if (owner === undefined) return
  const injected = at(owner, 'properties.networkInjections')
  const hasHost = world.store.children(id, accountHost).length > 0 || world.mayPlan(`${id}/capabilityHosts`)
  if (hasHost || (Array.isArray(injected) && injected.length > 0)) return
  throw badRequest(
    'BadRequest',
    `Account '${owner.name}' has no Capability Host: it must be created before Capability Host ${address.name} of project '${address.id.split('/').at(-3) ?? ''}'.`,
  )
}

/** All three stores or none, each by one connection that is there and leads to such a store. */
function checkConnections(write: Write, world: World): void {
  const { address, properties } = write
  const given = Object.keys(stores).filter((key) => texts(properties[key]).length > 0)
  if (given.length > 0 && given.length < Object.keys(stores).length)
    throw badRequest(
      'BadRequest',
      `Capability Host ${address.name} names ${given.join(' and ')} only: threadStorageConnections, vectorStoreConnections and storageConnections must be given together, or none of them.`,
    )
  for (const key of connections) {
    const [name, ...more] = texts(properties[key])
    if (more.length > 0)
      throw badRequest(
        'BadRequest',
        `Capability Host ${address.name} names more than one connection in ${key}.`,
      )
    if (name !== undefined) checkConnection(write, key, name, world)
  }
}

function checkConnection(write: Write, key: string, name: string, world: World): void {
  const parent = write.address.parent ?? ''
  if (world.store.get(parent) === undefined) return
  const places = [parent, parent.split('/').slice(0, -2).join('/')]
  const ids = places.map((place) => `${place}/connections/${name}`)
  const found = ids.map((id) => world.store.get(id)).find((connection) => connection !== undefined)
  const project = world.store.get(parent)
  if (found !== undefined && project !== undefined) checkStore(project, found, world)
  if (found === undefined && !ids.some((id) => world.isPlanned(id)))
    throw badRequest('BadRequest', `Connection '${name}' of ${key} was not found in '${parent}'.`)
  const wanted = Object.entries(stores).find(([store]) => store === key)?.[1]
  const category = String(at(found, 'properties.category') ?? wanted)
  if (wanted !== undefined && !sameId(category, wanted))
    throw badRequest(
      'BadRequest',
      `Connection '${name}' of ${key} is of category '${category}', not '${wanted}'.`,
    )
}

/** Agents run in the subnet that the account already has for them, when it has one. */
function checkSubnet({ address, properties }: Write, world: World): void {
  const subnet = properties['customerSubnet']
  const injections = at(world.store.get(address.parent ?? ''), 'properties.networkInjections')
  const injected = Array.isArray(injections) ? at(injections[0], 'subnetArmId') : undefined
  if (typeof subnet !== 'string' || typeof injected !== 'string' || sameId(subnet, injected)) return
  throw badRequest(
    'BadRequest',
    `Capability Host ${address.name} names subnet '${subnet}', but the agents of its account run in '${injected}'.`,
  )
}
