import { isWithin, lastSegment, sameId } from '../address.ts'
import { badRequest, refusal } from '../errors.ts'
import { at, type Json, records, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'

const account = 'Microsoft.DocumentDB/databaseAccounts'
const database = `${account}/sqlDatabases`
const container = `${database}/containers`

/** What Cosmos DB says of every fault. */
const refuse = (message: string) => badRequest('BadRequest', message)

/** What makes an account serverless. */
const isServerlessName = ({ name }: Json) => sameId(text(name), 'EnableServerless')

/** Databases and containers for NoSQL. */
export const documentDbDataRules: readonly ResourceRules[] = [
  {
    type: database,
    location: 'none',
    stateless: true,
    required: ['properties.resource.id'],
    check: (write, world) => {
      checkId(write)
      checkThroughput(write, write.address.parent ?? '', world)
    },
    complete: ({ properties }) => ({
      resource: properties['resource'],
      options: properties['options'] ?? {},
    }),
  },
  {
    type: container,
    location: 'none',
    stateless: true,
    required: ['properties.resource.id'],
    check: (write, world) => {
      checkId(write)
      checkPartitionKey(write)
      checkThroughput(write, write.address.id.split('/').slice(0, -4).join('/'), world)
    },
    complete: ({ properties }) => ({
      resource: properties['resource'],
      options: properties['options'] ?? {},
    }),
  },
]

function checkId({ address, properties }: Write): void {
  const id = text(at(properties, 'resource.id')) ?? ''
  if (id !== address.name)
    throw refuse(`The resource id '${id}' in the body does not match '${address.name}' in the address.`)
}

/** A container is partitioned once and for all. https://learn.microsoft.com/azure/cosmos-db/partitioning-overview */
function checkPartitionKey({ properties, existing }: Write): void {
  const paths = texts(at(properties, 'resource.partitionKey.paths'))
  if (paths.length === 0 || paths.some((path) => !path.startsWith('/')))
    throw refuse('The partition key of a container has at least one path, and each begins with a slash.')
  const before = texts(at(existing, 'properties.resource.partitionKey.paths'))
  if (existing !== undefined && before.join() !== paths.join())
    throw refuse('Document collection partition key cannot be changed.')
}

/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits#provisioned-throughput */
function checkThroughput({ properties, existing }: Write, accountId: string, world: World): void {
  const manual = at(properties, 'options.throughput')
  const most = at(properties, 'options.autoscaleSettings.maxThroughput')
  if (manual === undefined && most === undefined) return
  const capabilities = records(at(world.store.get(accountId), 'properties.capabilities'))
  if (capabilities.some(isServerlessName))
    throw refuse(
      'Setting offer throughput or autopilot on container is not supported for serverless accounts.',
    )
  if (manual !== undefined && most !== undefined)
    throw refuse('Both throughput and autoscaleSettings cannot be specified.')
  if (existing !== undefined) refuseMigration(manual === undefined, existing)
  checkSteps(manual, 400, 100, 'throughput')
  checkSteps(most, 1_000, 1_000, 'maxThroughput')
}

/**
 * How much there is of it changes with the resource, but not whether it scales by itself.
 * https://github.com/pulumi/pulumi-azure-native/issues/4189, https://github.com/Azure/ARO-RP/pull/2834
 */
function refuseMigration(scales: boolean, existing: Json): void {
  const before = { manual: 'properties.options.throughput', scaling: 'properties.options.autoscaleSettings' }
  if (at(existing, scales ? before.manual : before.scaling) === undefined) return
  const wanted = scales ? 'autoscale throughput' : 'manually provisioned throughput'
  throw refuse(
    `Updating offer to ${wanted} is not allowed. Please invoke migration API to migrate this offer.`,
  )
}

function checkSteps(value: unknown, least: number, step: number, name: string): void {
  if (value === undefined) return
  if (typeof value === 'number' && value >= least && value % step === 0) return
  throw refuse(
    `The value of ${name} must be at least ${least} and a multiple of ${step}, not ${String(value)}.`,
  )
}

/** Where an account keeps its data, and how consistently. https://learn.microsoft.com/azure/cosmos-db/consistency-levels */
export function checkPlaces({ properties, existing }: Write): void {
  const locations = records(properties['locations'])
  const names = locations.map(({ locationName }) => String(locationName).toLowerCase().replaceAll(' ', ''))
  const priorities = locations.map(({ failoverPriority }, index) => Number(failoverPriority ?? index))
  if (names.length === 0) throw refuse('An account has at least one location.')
  if (new Set(names).size < names.length) throw refuse('Each location of an account is named once.')
  if (priorities.toSorted((one, other) => one - other).some((priority, index) => priority !== index))
    throw refuse('The failover priorities of the locations must be 0, 1, 2 and so on, each once.')
  const isServerless = records(properties['capabilities']).some(isServerlessName)
  const wasServerless = records(at(existing, 'properties.capabilities')).some(isServerlessName)
  if (isServerless && names.length > 1) throw refuse('A serverless account has one location.')
  if (existing !== undefined && properties['capabilities'] !== undefined && isServerless !== wasServerless)
    throw refuse('The capability EnableServerless cannot be changed once the account exists.')
}

/** What an account shows of where and how it keeps its data, when it was not told. */
export function shownPlaces(name: string, properties: Write['properties'], endpoint: string) {
  const locations = records(properties['locations']).map((location, index) => ({
    id: `${name}-${String(location['locationName']).toLowerCase().replaceAll(' ', '')}`,
    documentEndpoint: endpoint,
    failoverPriority: index,
    isZoneRedundant: false,
    ...location,
    provisioningState: 'Succeeded',
  }))
  return {
    locations,
    writeLocations: locations.slice(0, 1),
    readLocations: locations,
    failoverPolicies: locations.map((location) => ({
      id: location.id,
      locationName: at(location, 'locationName'),
      failoverPriority: location.failoverPriority,
    })),
  }
}

/** Own roles for data: https://learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles */
export function checkRoleDefinition({ address, existing, properties }: Write): void {
  if (at(existing, 'properties.type') === 'BuiltInRole')
    throw refuse(`The Role Definition [${address.name}] is built in and cannot be changed.`)
  const actions = records(properties['permissions']).flatMap(({ dataActions }) => texts(dataActions))
  const foreign = actions.find((action) => !sameId(action.split('/').slice(0, 2).join('/'), account))
  if (actions.length === 0 || foreign !== undefined)
    throw refuse(`The data action [${foreign ?? ''}] is not one of Cosmos DB for NoSQL.`)
  const scopes = texts(properties['assignableScopes'])
  const outside = scopes.find((scope) => !isWithin(scope, address.parent ?? ''))
  if (scopes.length === 0 || outside !== undefined)
    throw refuse(
      `The assignable scope [${outside ?? ''}] does not lie in account [${lastSegment(address.parent ?? '')}].`,
    )
}

/** A role that somebody has cannot go. */
export function checkRoleUnused(role: { readonly id: string; readonly name: string }, world: World): void {
  const parent = role.id.split('/').slice(0, -2).join('/')
  const holder = world.store
    .children(parent, `${account}/sqlRoleAssignments`)
    .find((assignment) =>
      sameId(lastSegment(text(at(assignment, 'properties.roleDefinitionId')) ?? ''), role.name),
    )
  if (holder !== undefined)
    throw refusal(409, 'Conflict', `The Role Definition [${role.name}] is assigned: [${holder.name}].`)
}
