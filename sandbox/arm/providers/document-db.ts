import type { StoredResource } from '../../contracts.ts'
import { isWithin, lastSegment, sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { dataAddress } from './data-addresses.ts'
import {
  checkPlaces,
  checkRoleDefinition,
  checkRoleUnused,
  documentDbDataRules,
  shownPlaces,
} from './document-db-data.ts'
import { withConnections } from './storage.ts'

const type = 'Microsoft.DocumentDB/databaseAccounts'
const data = `${type}/sqlDatabases/containers`
const builtInRoles = [
  {
    id: '00000000-0000-0000-0000-000000000001',
    name: 'Cosmos DB Built-in Data Reader',
    dataActions: [
      `${type}/readMetadata`,
      `${data}/executeQuery`,
      `${data}/readChangeFeed`,
      `${data}/items/read`,
    ],
  },
  {
    id: '00000000-0000-0000-0000-000000000002',
    name: 'Cosmos DB Built-in Data Contributor',
    dataActions: [`${type}/readMetadata`, `${data}/*`, `${data}/items/*`],
  },
]

/** What an account is unless it is told otherwise. */
const defaults = {
  publicNetworkAccess: 'Enabled',
  enableAutomaticFailover: false,
  enableMultipleWriteLocations: false,
  isVirtualNetworkFilterEnabled: false,
  virtualNetworkRules: [],
  ipRules: [],
  capabilities: [],
  cors: [],
  disableKeyBasedMetadataWriteAccess: false,
  enableFreeTier: false,
  enableAnalyticalStorage: false,
  networkAclBypass: 'None',
  networkAclBypassResourceIds: [],
  consistencyPolicy: { defaultConsistencyLevel: 'Session', maxIntervalInSeconds: 5, maxStalenessPrefix: 100 },
  backupPolicy: {
    type: 'Periodic',
    periodicModeProperties: {
      backupIntervalInMinutes: 240,
      backupRetentionIntervalInHours: 8,
      backupStorageRedundancy: 'Geo',
    },
  },
  createMode: 'Default',
} as const

/** Microsoft.DocumentDB: Cosmos DB accounts with their own roles for data. */
export const documentDbRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.databaseAccountOfferType', 'properties.locations'],
    check: checkPlaces,
    complete: ({ properties, address }, world) => {
      const endpoint = dataAddress(world, 'cosmos', address.name)
      return {
        ...defaults,
        ...properties,
        ...shownPlaces(address.name, properties, endpoint),
        documentEndpoint: endpoint,
      }
    },
    applied: (write, account, world) => {
      if (write.existing === undefined) addRoles(account, world)
      return undefined
    },
    render: withConnections,
  },
  {
    type: `${type}/sqlRoleAssignments`,
    location: 'none',
    stateless: true,
    required: ['properties.roleDefinitionId', 'properties.principalId', 'properties.scope'],
    lock: (address) => address.parent,
    check: checkAssignment,
  },
  {
    type: `${type}/sqlRoleDefinitions`,
    location: 'none',
    stateless: true,
    check: checkRoleDefinition,
    complete: ({ properties }) => ({ type: 'CustomRole', ...properties }),
    checkRemoval: checkRoleUnused,
  },
  ...documentDbDataRules,
]

function addRoles(account: StoredResource, world: World): void {
  for (const role of builtInRoles) {
    world.store.set({
      id: `${account.id}/sqlRoleDefinitions/${role.id}`,
      name: role.id,
      type: `${type}/sqlRoleDefinitions`,
      properties: {
        roleName: role.name,
        type: 'BuiltInRole',
        assignableScopes: [account.id],
        permissions: [{ dataActions: role.dataActions, notDataActions: [] }],
      },
    })
  }
}

function checkAssignment(write: Write, world: World): void {
  const { address, properties } = write
  const account = address.parent ?? ''
  const role = text(properties['roleDefinitionId']) ?? ''
  const principal = text(properties['principalId']) ?? ''
  const scope = text(properties['scope']) ?? ''
  if (!isWithin(scope, account))
    throw badRequest(
      'BadRequest',
      `The scope [${scope}] of the role assignment does not lie in account [${account}].`,
    )
  if (world.store.get(account) === undefined) return
  if (world.store.get(`${account}/sqlRoleDefinitions/${lastSegment(role)}`) === undefined)
    throw badRequest('BadRequest', `The Role Definition with Id [${role}] does not exist.`)
  if (world.directory.find(principal) === undefined)
    throw badRequest(
      'BadRequest',
      `The provided principal ID ["${principal}"] was not found in the AAD tenant(s) [${world.tenantId}] which are associated with the customer's subscription.`,
    )
  const twin = world.store
    .children(account, `${type}/sqlRoleAssignments`)
    .find(
      (other) =>
        !sameId(other.id, address.id) &&
        sameId(text(at(other, 'properties.principalId')), principal) &&
        sameId(lastSegment(text(at(other, 'properties.roleDefinitionId')) ?? ''), lastSegment(role)) &&
        sameId(text(at(other, 'properties.scope')), scope),
    )
  if (twin !== undefined)
    throw conflict(
      'Conflict',
      `A Role Assignment with the same Role Definition, Scope and Principal already exists: [${twin.name}].`,
    )
}
