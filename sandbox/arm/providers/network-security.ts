import type { StoredResource } from '../../contracts.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, record, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { subnetType } from './subnet-prefixes.ts'

const type = 'Microsoft.Network/networkSecurityGroups'
const ruleType = `${type}/securityRules`
const lowestPriority = 100
const highestPriority = 4096

/** Microsoft.Network/networkSecurityGroups, their rules, and route tables. */
export const networkSecurityRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    check: ({ properties }) => checkRules(records(properties['securityRules'])),
    complete: ({ properties, address }) => {
      const { securityRules: _rules, ...rest } = properties
      return { ...rest, resourceGuid: guidOf(address.id) }
    },
    applied: applyRules,
    previewed: (write) => ({ securityRules: inlineRules(write) }),
    render: (group, world) => ({
      ...group,
      properties: {
        ...group.properties,
        securityRules: world.store.children(group.id, ruleType),
        ...subnetsWith('networkSecurityGroup', group, world),
      },
    }),
    checkRemoval: (group, world) =>
      refuseInUse('networkSecurityGroup', 'InUseNetworkSecurityGroupCannotBeDeleted', group, world),
  },
  {
    type: ruleType,
    location: 'none',
    check: ({ address, properties }, world) => {
      const others = world.store
        .children(address.parent ?? '', ruleType)
        .filter((rule) => rule.name.toLowerCase() !== address.name.toLowerCase())
        .map((rule) => ({ name: rule.name, properties: rule.properties }))
      checkRules([...others, { name: address.name, properties }])
    },
  },
  {
    type: 'Microsoft.Network/routeTables',
    location: 'required',
    complete: ({ properties, address }) => ({
      disableBgpRoutePropagation: false,
      ...properties,
      routes: records(properties['routes']),
      resourceGuid: guidOf(address.id),
    }),
    render: (table, world) => ({
      ...table,
      properties: { ...table.properties, ...subnetsWith('routeTable', table, world) },
    }),
    checkRemoval: (table, world) => refuseInUse('routeTable', 'InUseRouteTableCannotBeDeleted', table, world),
  },
]

function checkRules(rules: readonly Json[]): void {
  const seen = new Map<string, string>()
  for (const rule of rules) {
    const name = text(rule['name']) ?? ''
    const properties = record(rule['properties'])
    for (const key of ['protocol', 'access', 'direction', 'priority']) {
      if (properties[key] === undefined)
        throw badRequest(
          'SecurityRuleParameterMissing',
          `Security rule ${name} lacks the required parameter '${key}'.`,
        )
    }
    const priority = Number(properties['priority'])
    if (!Number.isInteger(priority) || priority < lowestPriority || priority > highestPriority)
      throw badRequest(
        'SecurityRuleInvalidPriority',
        `Security rule has invalid Priority. Value provided: ${String(properties['priority'])} Allowed range ${lowestPriority}-${highestPriority}.`,
      )
    const place = `${String(properties['direction']).toLowerCase()} ${priority}`
    const other = seen.get(place)
    if (other !== undefined)
      throw badRequest(
        'SecurityRuleConflict',
        `Security rule ${other} conflicts with rule ${name}. Rules cannot have the same Priority and Direction.`,
      )
    seen.set(place, name)
  }
}

function inlineRules(write: Write): readonly StoredResource[] {
  return records(write.properties['securityRules']).map((rule) => {
    const name = text(rule['name']) ?? ''
    const properties = { ...record(rule['properties']), provisioningState: 'Succeeded' }
    return { id: `${write.address.id}/securityRules/${name}`, name, type: ruleType, properties }
  })
}

function applyRules(write: Write, group: StoredResource, world: World): undefined {
  for (const old of world.store.children(group.id, ruleType)) world.store.delete(old.id)
  for (const rule of inlineRules(write)) world.store.set(rule)
  return undefined
}

function usersThrough(key: string, resource: StoredResource, world: World): readonly StoredResource[] {
  const wanted = resource.id.toLowerCase()
  return world.store
    .ofType(subnetType)
    .filter((subnet) => text(at(subnet, `properties.${key}.id`))?.toLowerCase() === wanted)
}

function subnetsWith(key: string, resource: StoredResource, world: World): Json {
  const users = usersThrough(key, resource, world)
  return users.length > 0 ? { subnets: users.map((subnet) => ({ id: subnet.id })) } : {}
}

function refuseInUse(key: string, code: string, resource: StoredResource, world: World): void {
  const users = usersThrough(key, resource, world)
  if (users.length === 0) return
  throw badRequest(
    code,
    `${resource.id} cannot be deleted because it is in use by the following resources: ${users.map((user) => user.id).join(', ')}. In order to delete it, remove the association with the resource(s).`,
  )
}
