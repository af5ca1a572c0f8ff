import type { StoredResource } from '../../contracts.ts'
import { badRequest } from '../errors.ts'
import { type Json, record, text, texts } from '../json.ts'
import type { World } from '../rules.ts'

/** Traffic without which Azure Bastion does not work: who must reach whom, on which ports. */
interface Needed {
  readonly direction: 'Inbound' | 'Outbound'
  /** The other end: where inbound traffic comes from, where outbound traffic goes to. */
  readonly peer: string
  readonly ports: readonly number[]
}

/** https://learn.microsoft.com/azure/bastion/bastion-nsg */
const needed: readonly Needed[] = [
  { direction: 'Inbound', peer: 'Internet', ports: [443] },
  { direction: 'Inbound', peer: 'GatewayManager', ports: [443] },
  { direction: 'Inbound', peer: 'AzureLoadBalancer', ports: [443] },
  { direction: 'Inbound', peer: 'VirtualNetwork', ports: [8080, 5701] },
  { direction: 'Outbound', peer: 'VirtualNetwork', ports: [22, 3389] },
  { direction: 'Outbound', peer: 'AzureCloud', ports: [443] },
  { direction: 'Outbound', peer: 'VirtualNetwork', ports: [8080, 5701] },
  { direction: 'Outbound', peer: 'Internet', ports: [80] },
]

/**
 * Refuses a security group on the subnet of Azure Bastion that has no rules of its own for what Bastion needs.
 * @throws ArmError 400 `NetworkSecurityGroupNotCompliantForAzureBastionSubnet`
 */
export function checkBastionSubnet(name: string, properties: Json, world: World): void {
  if (name.toLowerCase() !== 'azurebastionsubnet') return
  const group = world.store.get(text(record(properties['networkSecurityGroup'])['id']) ?? '')
  if (group === undefined) return
  const rules = world.store
    .children(group.id, 'Microsoft.Network/networkSecurityGroups/securityRules')
    .filter((rule) => text(rule.properties?.['access'])?.toLowerCase() === 'allow')
  const missing = needed.find((traffic) => !traffic.ports.every((port) => isAllowed(traffic, port, rules)))
  if (missing === undefined) return
  throw badRequest(
    'NetworkSecurityGroupNotCompliantForAzureBastionSubnet',
    `Network security group ${group.name} does not have necessary rules for Azure Bastion Subnet AzureBastionSubnet. Missing: ${missing.direction} ${missing.ports.join(', ')}, ${missing.peer}. Please review https://aka.ms/bastionnsg.`,
  )
}

function isAllowed({ direction, peer }: Needed, port: number, rules: readonly StoredResource[]): boolean {
  const side = direction === 'Inbound' ? 'source' : 'destination'
  return rules.some(({ properties = {} }) => {
    const peers = given(properties, `${side}AddressPrefix`, `${side}AddressPrefixes`)
    const ports = given(properties, 'destinationPortRange', 'destinationPortRanges')
    return (
      text(properties['direction'])?.toLowerCase() === direction.toLowerCase() &&
      peers.some((one) => one === '*' || one.toLowerCase() === peer.toLowerCase()) &&
      ports.some((range) => includes(range, port))
    )
  })
}

const given = (properties: Json, one: string, many: string): readonly string[] => {
  const single = text(properties[one])
  return [...(single === undefined ? [] : [single]), ...texts(properties[many])]
}

function includes(range: string, port: number): boolean {
  if (range === '*') return true
  const [first = '', last = first] = range.split('-')
  return Number(first) <= port && port <= Number(last)
}
