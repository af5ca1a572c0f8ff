import type { ExistingResource } from '../../../azure/resources.ts'
import type { ArmType } from '../../../catalog/facts/api-versions.ts'
import { enumeration } from '../../../diagnostics/enumeration.ts'
import { isJsonObject } from '../../../json.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { sameText } from '../../../resource-id.ts'
import type { Finding } from '../finding.ts'

/** A resource that stands in for a part, and what is known of it. */
interface Subject {
  readonly found: ExistingResource
  readonly factory: ResolvedFactory
  /** The groups of private endpoints by which it is not reached from the VNet, as far as is known. */
  readonly lacking: readonly string[]
}

/** Something that such a resource has to have, or had better have. */
export interface Demand {
  readonly types: readonly ArmType[]
  readonly severity: 'fault' | 'warning'
  readonly holds: (subject: Subject) => boolean
  readonly says: (it: string, subject: Subject) => Required<Pick<Finding, 'what' | 'why' | 'fix'>>
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const isSwitched = (value: unknown, word: string): boolean => sameText(textOf(value), word)

const lake = 'Microsoft.Storage/storageAccounts'
const vault = 'Microsoft.KeyVault/vaults'
const registry = 'Microsoft.ContainerRegistry/registries'
const workspace = 'Microsoft.OperationalInsights/workspaces'

const isHere = ({ found: { location = '' }, factory }: Subject): boolean =>
  sameText(location.replaceAll(' ', ''), factory.location)

/** Does its firewall let in everybody who signs in? */
function isOpen({ found: { properties } }: Subject): boolean {
  const rules = [properties['networkAcls'], properties['networkRuleSet']].find(isJsonObject)
  return (
    !isSwitched(properties['publicNetworkAccess'], 'Disabled') &&
    !isSwitched(rules?.['defaultAction'], 'Deny')
  )
}

const demands: readonly Demand[] = [
  {
    types: [lake],
    severity: 'fault',
    holds: ({ found: { properties } }) => properties['isHnsEnabled'] === true,
    says: (it) => ({
      what: `${it} has no hierarchical namespace.`,
      why: 'Folders and their access control lists exist only with it.',
      // https://learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to
      fix: 'Upgrade the account to Data Lake Storage Gen2, or name one that has it.',
    }),
  },
  {
    types: [vault],
    severity: 'fault',
    holds: ({ found: { properties }, factory }) => sameText(textOf(properties['tenantId']), factory.tenantId),
    says: (it, { found: { properties }, factory }) => ({
      what: `${it} trusts the tenant ${textOf(properties['tenantId'])}, and the factory is in ${factory.tenantId}.`,
      why: 'A vault lets in the people and identities of one tenant only.',
      fix: 'Name a vault of the tenant of the factory.',
    }),
  },
  {
    types: [vault],
    severity: 'fault',
    holds: ({ found: { properties } }) => properties['enableRbacAuthorization'] === true,
    says: (it) => ({
      what: `${it} decides by access policies, not by roles.`,
      why: 'The factory assigns roles, which mean nothing to such a vault.',
      // https://learn.microsoft.com/azure/key-vault/general/rbac-guide
      fix: 'Switch the vault to Azure role-based access control, or name another.',
    }),
  },
  {
    types: [registry],
    severity: 'fault',
    holds: ({ found: { skuName = '' } }) => sameText(skuName, 'Premium'),
    says: (it, { found: { skuName } }) => ({
      what: `${it} has the SKU ${skuName ?? '(unknown)'}, not Premium.`,
      // https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
      why: 'Only Premium has private endpoints.',
      fix: 'Upgrade it to Premium, or name one that is.',
    }),
  },
  {
    types: ['Microsoft.Network/natGateways', 'Microsoft.Network/routeTables'],
    severity: 'fault',
    holds: isHere,
    says: (it, { found: { location = '' }, factory }) => ({
      what: `${it} is in ${location}, and the VNet is in ${factory.location}.`,
      // https://learn.microsoft.com/azure/nat-gateway/nat-overview
      why: 'A subnet takes one of its own region only.',
      fix: `Name one in ${factory.location}, or leave 'id' out so that the delivery makes one.`,
    }),
  },
  {
    types: [lake, vault, registry, workspace],
    severity: 'warning',
    holds: isHere,
    says: (it, { found: { location = '' }, factory }) => ({
      what: `${it} is in ${location}, and the factory is in ${factory.location}.`,
      why: 'What goes there leaves the region: that costs, and may not be allowed for the data.',
      fix: `If that is not wanted, name one in ${factory.location}.`,
    }),
  },
  {
    types: [lake, vault, registry],
    severity: 'warning',
    holds: (subject) => subject.factory.accessMode === 'public-perimeter' || !isOpen(subject),
    says: (it) => ({
      what: `${it} is open to the Internet.`,
      why: 'Whoever has a role or a key reaches it from anywhere. What the factory makes itself is closed.',
      fix: 'Ask its owner to switch its public network access off, once it has private endpoints.',
    }),
  },
  {
    types: [lake, vault, registry],
    severity: 'warning',
    holds: (subject) => isOpen(subject) || subject.lacking.length === 0,
    says: (it, { lacking }) => ({
      what: `${it} is closed, and has no private endpoint that may connect to it (${enumeration(lacking, 5)}) in the VNet, or in one that is peered with it.`,
      why: 'Nobody in the VNet reaches it: no private endpoint is made for bring your own.',
      fix: `Ask its owner for private endpoints (${enumeration(lacking, 5)}) in the VNet, or in one that is peered with it.`,
    }),
  },
  {
    types: [lake],
    severity: 'warning',
    holds: ({ found: { properties } }) => properties['allowSharedKeyAccess'] === false,
    says: (it) => ({
      what: `${it} lets in whoever has one of its keys.`,
      why: 'A key is above all roles and access control lists, also those of projects.',
      // https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
      fix: "Ask its owner to switch off 'Allow storage account key access'.",
    }),
  },
  {
    types: [lake],
    severity: 'warning',
    holds: ({ found: { properties } }) =>
      properties['isSftpEnabled'] !== true && properties['isNfsV3Enabled'] !== true,
    says: (it, { found: { properties } }) => ({
      what: `${it} takes ${properties['isSftpEnabled'] === true ? 'SFTP' : 'NFS 3.0'}.`,
      // https://learn.microsoft.com/azure/storage/blobs/secure-file-transfer-protocol-support
      // https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support
      why: 'Who comes in by it needs no role, and no access control list of a project holds for them.',
      fix: 'Ask its owner to switch it off, or name a lake without it: NFS 3.0 is decided when an account is created.',
    }),
  },
]

/** What is asked of a resource of a type. */
export const demandsOf = (type: string): readonly Demand[] =>
  demands.filter(({ types }) => types.some((one) => sameText(one, type)))
