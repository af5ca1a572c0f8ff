/** A subnet of the common area or of the hub's services, for which a proposal keeps room. */
export interface CommonSubnet {
  readonly name: string
  readonly prefixLength: number
  readonly purpose: string
}

/**
 * What a proposed VNet has room for besides its projects: the four subnets of the common area, and those that a
 * firewall and a gateway need when there is no hub that has them. The names of the last four are Azure's own.
 * https://learn.microsoft.com/azure/bastion/configuration-settings#subnet
 * https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
 * https://learn.microsoft.com/azure/firewall/firewall-faq
 */
export const commonSubnets: readonly CommonSubnet[] = [
  { name: 'common', prefixLength: 26, purpose: 'services of the common area' },
  { name: 'scoring', prefixLength: 26, purpose: 'shared compute' },
  { name: 'power-bi', prefixLength: 26, purpose: 'the gateway of Power BI' },
  { name: 'AzureBastionSubnet', prefixLength: 26, purpose: 'Azure Bastion' },
  { name: 'AzureFirewallSubnet', prefixLength: 26, purpose: 'Azure Firewall' },
  { name: 'AzureFirewallManagementSubnet', prefixLength: 26, purpose: 'Azure Firewall, forced tunnelling' },
  { name: 'GatewaySubnet', prefixLength: 27, purpose: 'a VPN or ExpressRoute gateway' },
]

/** Private endpoints of the common area itself: lake, key vaults, registry and monitoring, rounded up. */
export const commonPrivateEndpoints = 10
