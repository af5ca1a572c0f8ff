import type { SubnetRange, SubnetRule } from '../types.ts'

const learn = 'https://learn.microsoft.com/azure'
const pages = {
  virtualNetwork: `${learn}/virtual-network/virtual-networks-faq`,
  privateEndpoints: `${learn}/private-link/private-endpoint-overview`,
  registryEndpoints: `${learn}/container-registry/container-registry-private-endpoints`,
  agents: `${learn}/foundry/agents/concepts/agents-networking-deep-dive`,
  agentNetworks: `${learn}/foundry/agents/how-to/virtual-networks`,
  containerApps: `${learn}/container-apps/custom-virtual-networks`,
  databricks: `${learn}/databricks/security/network/classic/vnet-inject`,
  appService: `${learn}/app-service/overview-vnet-integration`,
  apiManagement: `${learn}/api-management/virtual-network-injection-resources`,
  apiManagementV2: `${learn}/api-management/inject-vnet-v2`,
  bastion: `${learn}/bastion/configuration-settings`,
  firewall: `${learn}/firewall/firewall-faq`,
  firewallManagement: `${learn}/firewall/management-nic`,
  gateway: `${learn}/vpn-gateway/vpn-gateway-about-vpn-gateway-settings`,
  applicationGateway: `${learn}/application-gateway/configuration-infrastructure`,
  kubernetes: `${learn}/aks/concepts-network-cni-overview`,
  kubernetesSizes: `${learn}/aks/concepts-network-ip-address-planning`,
  kubernetesDefaults:
    'https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update#containerservicenetworkprofile',
  machineLearning: `${learn}/machine-learning/how-to-secure-training-vnet`,
  machineLearningWorkspace: `${learn}/machine-learning/how-to-secure-workspace-vnet`,
  dnsResolver: `${learn}/dns/dns-private-resolver-overview`,
  powerPlatform: 'https://learn.microsoft.com/power-platform/admin/vnet-support-overview',
  dataGateway: 'https://learn.microsoft.com/data-integration/vnet/create-data-gateways',
  containerInstances: `${learn}/container-instances/container-instances-virtual-network-concepts`,
  githubRunners:
    'https://docs.github.com/organizations/managing-organization-settings/about-azure-private-networking-for-github-hosted-runners-in-your-organization',
  virtualMachines: `${learn}/virtual-network/network-overview`,
  postgres: `${learn}/postgresql/network/concepts-networking-private`,
} as const

/** What Azure leaves to whoever creates the subnet. */
const usual = {
  forbidden: [],
  avoided: [],
  defaultOutboundAccess: false,
  privateEndpointNetworkPolicies: 'Disabled',
  networkSecurityGroup: 'allowed',
  routeTable: 'allowed',
} as const satisfies Partial<SubnetRule>

const smallestOfAzure = {
  prefixLength: 29,
  because: 'Azure does not support smaller subnets',
  source: pages.virtualNetwork,
} as const

const ranges = (list: readonly string[], because: string, source: string): readonly SubnetRange[] =>
  list.map((range) => ({ range, because, source }))

const insideKubernetes = (source: string): readonly SubnetRange[] =>
  ranges(
    ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'],
    'Azure Kubernetes Service reserves it',
    source,
  )

const dockerBridge = ranges(
  ['172.17.0.0/16'],
  "it is the range of Docker's bridge",
  pages.machineLearningWorkspace,
)

const databricks = (which: string): SubnetRule => ({
  ...usual,
  title: `Databricks clusters, ${which} subnet`,
  smallest: {
    prefixLength: 26,
    because: 'each node of a cluster takes one address in each of the two subnets',
    source: pages.databricks,
  },
  recommended: {
    prefixLength: 26,
    because: 'each node of a cluster takes one address in each of the two subnets',
    source: pages.databricks,
  },
  delegation: 'Microsoft.Databricks/workspaces',
  exclusiveTo: 'one Databricks workspace',
  networkSecurityGroup: 'required',
  load: { unit: 'nodes at a time', count: 20, each: 1, fixed: 0, source: pages.databricks },
  documentation: pages.databricks,
})

const dnsResolver = (which: string): SubnetRule => ({
  ...usual,
  title: `DNS resolver, ${which} endpoint`,
  smallest: {
    prefixLength: 28,
    because: 'the resolver grows and shrinks with its load',
    source: pages.dnsResolver,
  },
  recommended: {
    prefixLength: 28,
    because: 'the resolver grows and shrinks with its load',
    source: pages.dnsResolver,
  },
  largest: {
    prefixLength: 24,
    because: 'the resolver does not support larger subnets',
    source: pages.dnsResolver,
  },
  delegation: 'Microsoft.Network/dnsResolvers',
  exclusiveTo: 'one endpoint of a DNS resolver',
  forbidden: ranges(
    ['10.0.1.0/24', '10.0.2.0/23', '10.0.4.0/22', '10.0.8.0/21', '10.0.16.0/24'],
    'DNS Private Resolver reserves 10.0.1.0 to 10.0.16.255',
    pages.dnsResolver,
  ),
  load: { unit: 'endpoints', count: 1, each: 1, fixed: 0, source: pages.dnsResolver },
  documentation: pages.dnsResolver,
})

const hub = { ...usual, networkSecurityGroup: 'refused', routeTable: 'refused' } as const

const twentySix = (because: string, source: string) => ({ prefixLength: 26, because, source }) as const

/**
 * What Azure says of a subnet, by what is in it. Every size and range has its source; where the documentation recommends
 * nothing beyond the smallest size, that one stands twice.
 */
export const subnetRules = {
  privateEndpoints: {
    ...usual,
    title: 'Private endpoints',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 27,
      because: 'services that grow, such as a registry in more regions, fail when no address is free',
      source: `${pages.registryEndpoints}#plan-subnet-ip-capacity-for-private-endpoints`,
    },
    // Both security groups and route tables count: a VNet with more than 1,000 private endpoints asks for the latter.
    privateEndpointNetworkPolicies: 'Enabled',
    // A project with several services. How many endpoints a project has at most follows from the catalogue.
    load: { unit: 'private endpoints', count: 14, each: 1, fixed: 6, source: pages.privateEndpoints },
    documentation: pages.privateEndpoints,
  },
  foundryAgents: {
    ...usual,
    title: 'Foundry agents',
    smallest: {
      prefixLength: 27,
      because: 'the data proxy and the virtual machines of agents share it',
      source: pages.agents,
    },
    recommended: {
      prefixLength: 24,
      because: 'upgrades and peaks of load take more addresses for a while',
      source: pages.agents,
    },
    delegation: 'Microsoft.App/environments',
    exclusiveTo: 'one Foundry account',
    onlyIn: {
      ranges: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
      because: 'from other ranges than the private ones (RFC 1918) agents are not routed',
      source: `${pages.agents}#supported-ip-ranges`,
    },
    // The agents' documentation allows all of 172.16.0.0/12; the one of the Container Apps they run on does not.
    avoided: ranges(
      ['172.30.0.0/16', '172.31.0.0/16'],
      'the Container Apps that agents run on keep it for themselves',
      pages.containerApps,
    ),
    // What agents call outside leaves here, unless a route table or NAT gateway of the network team takes it elsewhere. For
    // delegated subnets Azure leaves it to the service what `false` means, and new API versions make it that where it is not
    // said: https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations-of-private-subnets
    defaultOutboundAccess: true,
    // 50 sessions fill the 59 addresses of a /26, 17 the 27 of a /27: the platform takes the rest. All projects of a
    // subscription in one region never have more than 50 at a time.
    load: { unit: 'agent sessions at a time', count: 50, each: 1, fixed: 9, source: pages.agents },
    documentation: pages.agents,
  },
  containerApps: {
    ...usual,
    title: 'Container Apps (workload profiles)',
    smallest: {
      prefixLength: 27,
      because: 'Container Apps takes 12 addresses before the first app',
      source: pages.containerApps,
    },
    recommended: {
      prefixLength: 27,
      because: 'Container Apps takes 12 addresses before the first app',
      source: pages.containerApps,
    },
    delegation: 'Microsoft.App/environments',
    exclusiveTo: 'one Container Apps environment',
    forbidden: [
      ...insideKubernetes(pages.containerApps),
      ...ranges(
        ['100.100.0.0/17', '100.100.128.0/19', '100.100.160.0/19', '100.100.192.0/19'],
        'Container Apps reserves it',
        pages.containerApps,
      ),
    ],
    // Twice for each node: old and new revisions stand side by side while one follows the other.
    load: { unit: 'nodes', count: 5, each: 2, fixed: 12, source: pages.containerApps },
    documentation: pages.containerApps,
  },
  containerAppsConsumption: {
    ...usual,
    title: 'Container Apps (consumption only)',
    smallest: {
      prefixLength: 23,
      because: 'Container Apps takes 60 to 256 addresses, and each replica one more',
      source: pages.containerApps,
    },
    recommended: {
      prefixLength: 23,
      because: 'Container Apps takes 60 to 256 addresses, and each replica one more',
      source: pages.containerApps,
    },
    exclusiveTo: 'one Container Apps environment',
    forbidden: insideKubernetes(pages.containerApps),
    routeTable: 'refused',
    load: { unit: 'replicas', count: 50, each: 2, fixed: 256, source: pages.containerApps },
    documentation: pages.containerApps,
  },
  databricksPublic: databricks('public (host)'),
  databricksPrivate: databricks('private (container)'),
  appService: {
    ...usual,
    title: 'App Service integration',
    smallest: {
      prefixLength: 28,
      because: 'each instance takes an address, and two while the plan is scaled',
      source: pages.appService,
    },
    recommended: {
      prefixLength: 26,
      because: 'each instance takes two addresses while the plan is scaled, and the size cannot change later',
      source: pages.appService,
    },
    delegation: 'Microsoft.Web/serverFarms',
    exclusiveTo: 'App Service',
    load: { unit: 'instances', count: 10, each: 2, fixed: 0, source: pages.appService },
    documentation: pages.appService,
  },
  apiManagement: {
    ...usual,
    title: 'API Management (Developer, Premium)',
    smallest: {
      prefixLength: 29,
      because: 'a unit takes two addresses and its internal load balancer one',
      source: pages.apiManagement,
    },
    recommended: {
      prefixLength: 28,
      because: 'a second unit needs two more addresses, which a /29 does not have',
      source: pages.apiManagement,
    },
    networkSecurityGroup: 'required',
    load: { unit: 'units', count: 2, each: 2, fixed: 1, source: pages.apiManagement },
    documentation: pages.apiManagement,
  },
  // The service reads `addressPrefix`, and not `addressPrefixes`.
  apiManagementV2: {
    ...usual,
    title: 'API Management (Premium v2)',
    smallest: {
      prefixLength: 27,
      because: 'a unit takes two addresses and its internal load balancer one',
      source: pages.apiManagementV2,
    },
    recommended: {
      prefixLength: 24,
      because: 'up to 30 units take two addresses each, and the size is hard to change later',
      source: pages.apiManagementV2,
    },
    delegation: 'Microsoft.Web/hostingEnvironments',
    exclusiveTo: 'one API Management instance',
    networkSecurityGroup: 'required',
    load: { unit: 'units', count: 4, each: 2, fixed: 1, source: pages.apiManagementV2 },
    documentation: pages.apiManagementV2,
  },
  bastion: {
    ...hub,
    title: 'Azure Bastion',
    smallest: twentySix('it must have addresses for all instances', pages.bastion),
    recommended: twentySix('it must have addresses for all instances', pages.bastion),
    fixedName: 'AzureBastionSubnet',
    exclusiveTo: 'Azure Bastion',
    // https://learn.microsoft.com/azure/bastion/troubleshoot#nsg
    networkSecurityGroup: 'prescribed',
    load: { unit: 'instances', count: 2, each: 1, fixed: 0, source: pages.bastion },
    documentation: pages.bastion,
  },
  firewall: {
    ...hub,
    title: 'Azure Firewall',
    smallest: twentySix('it adds virtual machines when it scales out', pages.firewall),
    recommended: twentySix('it adds virtual machines when it scales out', pages.firewall),
    fixedName: 'AzureFirewallSubnet',
    exclusiveTo: 'Azure Firewall',
    routeTable: 'allowed',
    load: { unit: 'virtual machines', count: 2, each: 1, fixed: 1, source: pages.firewall },
    documentation: pages.firewall,
  },
  firewallManagement: {
    ...hub,
    title: 'Management of Azure Firewall',
    smallest: twentySix('each virtual machine of the firewall is managed here', pages.firewallManagement),
    recommended: twentySix('each virtual machine of the firewall is managed here', pages.firewallManagement),
    fixedName: 'AzureFirewallManagementSubnet',
    exclusiveTo: 'Azure Firewall',
    load: { unit: 'virtual machines', count: 2, each: 1, fixed: 0, source: pages.firewallManagement },
    documentation: pages.firewallManagement,
  },
  gateway: {
    ...hub,
    title: 'VPN or ExpressRoute gateway',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 27,
      because: 'most kinds of gateway, and a second one beside it, need more addresses',
      source: pages.gateway,
    },
    fixedName: 'GatewaySubnet',
    exclusiveTo: 'virtual network gateways',
    routeTable: 'allowed',
    load: { unit: 'gateways', count: 2, each: 2, fixed: 0, source: pages.gateway },
    documentation: pages.gateway,
  },
  applicationGateway: {
    ...usual,
    title: 'Application Gateway (v2)',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 24,
      because: 'it grows to 125 instances and needs spare addresses for upgrades',
      source: pages.applicationGateway,
    },
    exclusiveTo: 'application gateways',
    load: { unit: 'instances', count: 10, each: 1, fixed: 1, source: pages.applicationGateway },
    documentation: pages.applicationGateway,
  },
  kubernetesNodes: {
    ...usual,
    title: 'Kubernetes nodes with their pods (Azure CNI)',
    smallest: {
      prefixLength: 26,
      because: 'one node takes an address for itself and 30 for its pods',
      source: pages.kubernetesSizes,
    },
    recommended: {
      prefixLength: 24,
      because: 'three nodes, and a fourth during upgrades, take 31 addresses each',
      source: pages.kubernetesSizes,
    },
    forbidden: insideKubernetes(pages.kubernetes),
    avoided: [
      ...ranges(
        ['10.0.0.0/16'],
        'it is the service range of clusters that are given no other',
        pages.kubernetesDefaults,
      ),
      ...dockerBridge,
    ],
    load: { unit: 'nodes with 30 pods', count: 3, each: 31, fixed: 31, source: pages.kubernetesSizes },
    documentation: pages.kubernetes,
  },
  machineLearningCompute: {
    ...usual,
    title: 'Machine learning compute',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 28,
      because: 'each node of a cluster and each compute instance takes an address',
      source: pages.machineLearning,
    },
    avoided: dockerBridge,
    load: { unit: 'nodes and instances', count: 8, each: 1, fixed: 0, source: pages.machineLearning },
    documentation: pages.machineLearning,
  },
  dnsResolverInbound: dnsResolver('inbound'),
  dnsResolverOutbound: dnsResolver('outbound'),
  powerPlatform: {
    ...usual,
    title: 'Power Platform environments',
    smallest: {
      prefixLength: 28,
      because: 'an environment that is not for production takes up to 10 addresses',
      source: pages.powerPlatform,
    },
    recommended: {
      prefixLength: 26,
      because: 'an environment for production takes up to 30 addresses',
      source: pages.powerPlatform,
    },
    delegation: 'Microsoft.PowerPlatform/enterprisePolicies',
    exclusiveTo: 'Power Platform',
    load: { unit: 'environments', count: 1, each: 30, fixed: 0, source: pages.powerPlatform },
    documentation: pages.powerPlatform,
  },
  powerPlatformDataGateway: {
    ...usual,
    title: 'Data gateway of Power BI and Fabric',
    smallest: smallestOfAzure,
    recommended: smallestOfAzure,
    delegation: 'Microsoft.PowerPlatform/vnetaccesslinks',
    exclusiveTo: 'VNet data gateways',
    forbidden: ranges(['10.0.1.0/24'], 'the data gateway reserves it', pages.dataGateway),
    load: { unit: 'members of gateways', count: 3, each: 1, fixed: 0, source: pages.dataGateway },
    documentation: pages.dataGateway,
  },
  containerInstances: {
    ...usual,
    title: 'Container Instances',
    smallest: smallestOfAzure,
    recommended: smallestOfAzure,
    delegation: 'Microsoft.ContainerInstance/containerGroups',
    exclusiveTo: 'container groups',
    load: { unit: 'container groups', count: 3, each: 1, fixed: 0, source: pages.containerInstances },
    documentation: pages.containerInstances,
  },
  githubRunners: {
    ...usual,
    title: 'GitHub-hosted runners',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 26,
      because: 'each runner takes an address, and GitHub recommends 30 % more than there are jobs at a time',
      source: pages.githubRunners,
    },
    delegation: 'GitHub.Network/networkSettings',
    exclusiveTo: 'the runners that GitHub hosts',
    load: { unit: 'jobs at a time', count: 40, each: 1, fixed: 12, source: pages.githubRunners },
    documentation: pages.githubRunners,
  },
  virtualMachines: {
    ...usual,
    title: 'Virtual machines',
    smallest: smallestOfAzure,
    recommended: {
      prefixLength: 28,
      because: 'each machine takes an address, and a second one has to fit while the first is replaced',
      source: pages.virtualMachines,
    },
    load: { unit: 'machines', count: 4, each: 1, fixed: 0, source: pages.virtualMachines },
    documentation: pages.virtualMachines,
  },
  postgresFlexible: {
    ...usual,
    title: 'PostgreSQL flexible server',
    smallest: {
      prefixLength: 28,
      because: 'a server with high availability takes four addresses',
      source: pages.postgres,
    },
    recommended: {
      prefixLength: 28,
      because: 'a server with high availability takes four addresses',
      source: pages.postgres,
    },
    delegation: 'Microsoft.DBforPostgreSQL/flexibleServers',
    exclusiveTo: 'PostgreSQL flexible servers',
    load: { unit: 'servers', count: 1, each: 4, fixed: 0, source: pages.postgres },
    documentation: pages.postgres,
  },
} as const satisfies Record<string, SubnetRule>

/** What a subnet can be for. */
export type SubnetRuleKey = keyof typeof subnetRules

/** Is this a kind of subnet in the table? */
export const isSubnetRuleKey = (key: string): key is SubnetRuleKey => Object.hasOwn(subnetRules, key)

/** The kinds of subnet, in the order of the table. */
export const subnetRuleKeys: readonly SubnetRuleKey[] = Object.keys(subnetRules).filter(isSubnetRuleKey)

/** Ranges that Azure refuses in every VNet. Each reason follows "because". */
export const azureForbiddenRanges: readonly SubnetRange[] = [
  { range: '224.0.0.0/4', because: 'it is for multicast', source: pages.virtualNetwork },
  { range: '255.255.255.255/32', because: 'it is the broadcast address', source: pages.virtualNetwork },
  { range: '127.0.0.0/8', because: 'it is for loopback', source: pages.virtualNetwork },
  { range: '169.254.0.0/16', because: 'it is for link-local addresses', source: pages.virtualNetwork },
  {
    range: '168.63.129.16/32',
    because: "it is the address of Azure's own DNS",
    source: pages.virtualNetwork,
  },
]
