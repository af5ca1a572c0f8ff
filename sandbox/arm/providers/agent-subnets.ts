import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { inside, overlap, parseCidr, type Range } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, record, records, text } from '../json.ts'
import type { World, Write } from '../rules.ts'
import { parsePrefix, prefixesOf } from './prefixes.ts'
import { usersOf } from './subnet-users.ts'

/** The agents' runtime compares the delegation with this text, case included. */
const agentDelegation = 'Microsoft.App/environments'
const accountType = 'microsoft.cognitiveservices/accounts'
const longestPrefix = 27

const ranges = (prefixes: readonly string[]): readonly Range[] =>
  prefixes.map(parseCidr).filter((range) => typeof range !== 'string')
/** RFC 1918. */
const privateRanges = ranges(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
/** What the Container Apps that agents run on keep for themselves. */
const reservedRanges = ranges(['172.30.0.0/16', '172.31.0.0/16'])

/**
 * Agents run in a subnet of their own: delegated to them in exactly their spelling, at least /27, of private addresses,
 * and to no other account. https://learn.microsoft.com/azure/foundry/agents/concepts/agents-networking-deep-dive
 */
export function checkAgentSubnet(write: Write, subnetId: string, world: World): void {
  const subnet = world.store.get(subnetId)
  if (subnet === undefined) return
  const delegations = records(at(subnet, 'properties.delegations')).map((delegation) =>
    text(at(delegation, 'properties.serviceName')),
  )
  if (!delegations.includes(agentDelegation))
    throw badRequest(
      'SubnetNotDelegated',
      `Subnet '${subnetId}' must be delegated to '${agentDelegation}' for network injection of account '${write.address.name}'. Delegations found: ${delegations.join(', ') || 'none'}.`,
    )
  checkRange(subnet)
  const other = usersOf(subnetId, world).find(
    ({ resource }) => resource.type.toLowerCase() === accountType && !sameId(resource.id, write.address.id),
  )
  if (other !== undefined)
    throw badRequest(
      'SubnetAlreadyInUse',
      `Subnet '${subnetId}' is already used by account '${other.resource.id}'. Each account needs an agent subnet of its own.`,
    )
}

function checkRange(subnet: StoredResource): void {
  for (const prefix of prefixesOf(record(subnet.properties))) {
    const range = parsePrefix(prefix, subnet.id)
    if (range.length > longestPrefix)
      throw badRequest(
        'SubnetTooSmall',
        `Subnet '${subnet.id}' of ${prefix} is too small for agents. Provided subnet must have a size of at least /${longestPrefix}.`,
      )
    const isPrivate = privateRanges.some((outer) => inside(range, outer))
    if (!isPrivate || reservedRanges.some((reserved) => overlap(range, reserved)))
      throw badRequest(
        'InvalidSubnetAddressSpace',
        `Subnet '${subnet.id}' of ${prefix} cannot be used for agents. Provided subnet must be of the proper address space: private ranges (RFC 1918), without 172.30.0.0/16 and 172.31.0.0/16.`,
      )
  }
}
