import type { Subnet } from '@azure/arm-network'
import { UserError } from '../user-error.ts'
import { explaining } from './errors.ts'
import { parseResourceId } from './resource-id.ts'
import { managementOptions, type Session } from './session.ts'

/** A subnet as it is in Azure. */
export interface ExistingSubnet {
  readonly id: string
  readonly name: string
  /** IPv4 and IPv6 CIDRs. */
  readonly addressPrefixes: readonly string[]
  /** Service names of the delegations, e.g. `Microsoft.App/environments`. */
  readonly delegations: readonly string[]
  readonly networkSecurityGroupId: string | undefined
  /** What else is attached to it, by id. */
  readonly attachments: {
    readonly routeTable?: { readonly id: string }
    readonly natGateway?: { readonly id: string }
  }
  /** Is anything in it: addresses, service links, private endpoints? */
  readonly inUse: boolean
}

/** A VNet as it is in Azure. */
export interface ExistingVirtualNetwork {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly addressPrefixes: readonly string[]
  readonly subnets: readonly ExistingSubnet[]
}

/** The VNets of all subscriptions that the session may see. */
export interface VirtualNetworks {
  /** Reads a VNet with its subnets. @throws UserError when it does not exist or may not be read */
  readonly read: (id: string) => Promise<ExistingVirtualNetwork>
}

const attached = (kind: 'routeTable' | 'natGateway', subnet: Subnet) => {
  const id = subnet[kind]?.id
  return id === undefined ? {} : { [kind]: { id } }
}

function existingSubnet(subnet: Subnet): ExistingSubnet {
  // Azure fills one or the other, depending on which client wrote the subnet.
  const { addressPrefix, addressPrefixes = [] } = subnet
  const single = addressPrefix === undefined ? [] : [addressPrefix]
  const occupants = [
    subnet.ipConfigurations,
    subnet.privateEndpoints,
    subnet.serviceAssociationLinks,
    subnet.resourceNavigationLinks,
  ]
  return {
    id: subnet.id ?? '',
    name: subnet.name ?? '',
    addressPrefixes: addressPrefixes.length > 0 ? addressPrefixes : single,
    delegations: (subnet.delegations ?? []).flatMap(({ serviceName }) => serviceName ?? []),
    networkSecurityGroupId: subnet.networkSecurityGroup?.id,
    attachments: { ...attached('routeTable', subnet), ...attached('natGateway', subnet) },
    inUse: occupants.some((list) => (list?.length ?? 0) > 0),
  }
}

/** Opens the VNets of all subscriptions the session may see. */
export async function openVirtualNetworks(session: Session): Promise<VirtualNetworks> {
  const { NetworkManagementClient } = await import('@azure/arm-network')
  return {
    read: async (id) => {
      const parts = parseResourceId(id)
      if (parts === undefined) {
        throw new UserError({
          what: `${JSON.stringify(id)} is not the resource id of a VNet.`,
          fix: 'It has the form /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/….',
        })
      }
      const client = new NetworkManagementClient(
        session.credential,
        parts.subscriptionId,
        managementOptions(session),
      )
      const network = await explaining(`Reading VNet '${parts.name}'`, () =>
        client.virtualNetworks.get(parts.resourceGroup, parts.name),
      )
      return {
        id: network.id ?? id,
        name: network.name ?? parts.name,
        location: network.location ?? '',
        addressPrefixes: network.addressSpace?.addressPrefixes ?? [],
        subnets: (network.subnets ?? []).map(existingSubnet),
      }
    },
  }
}
