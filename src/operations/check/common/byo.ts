import { unlessForbidden } from '../../../azure/failure.ts'
import type { ExistingResource } from '../../../azure/resources.ts'
import { commonCatalogue, commonPartKeys } from '../../../catalog/common/index.ts'
import { type ArmType, apiVersions } from '../../../catalog/facts/api-versions.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { lastSegment, sameText } from '../../../resource-id.ts'
import { together } from '../../together.ts'
import { type Finding, unchecked } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

/** An existing resource that stands in for a part. */
interface Byo {
  readonly part: string
  /** As people call the part, e.g. `Data lake`. */
  readonly title: string
  readonly id: string
  readonly type: ArmType
  /** The key of factory.yml with the id. */
  readonly key: string
}

/** Do the resources exist that factory.yml names instead of parts, in the right place and with what a factory needs of them? */
export async function checkByo({ area, resources }: CommonSituation): Promise<readonly Finding[]> {
  const { factory } = area
  const brought = commonPartKeys.flatMap((key): readonly Byo[] => {
    const setting = factory.common[key]
    const { existing, resources: declared, title } = commonCatalogue.parts[key]
    const type = existing === undefined ? undefined : declared[existing]?.type
    // The VNet is looked at with its subnets.
    if (setting.kind !== 'existing' || type === undefined || type === network) return []
    return [{ part: key, title, id: setting.id, type, key: `${key}.id` }]
  })
  const findings = await together(
    ...brought.map(async (one) => {
      const found = await unlessForbidden(
        async () => (await resources.read(one.id, apiVersions[one.type])) ?? 'missing',
        'hidden' as const,
      )
      return findingsOf(one, found, factory)
    }),
  )
  const all = findings.flat()
  if (brought.length === 0 || all.length > 0) return all
  return [
    { severity: 'good', what: `All ${brought.length} resources that factory.yml names exist, and will do.` },
  ]
}

const network = 'Microsoft.Network/virtualNetworks'

function findingsOf(
  { title, id, type, key }: Byo,
  found: ExistingResource | 'missing' | 'hidden',
  factory: ResolvedFactory,
): readonly Finding[] {
  const where = factory.commonAt(key)
  const it = `${title}: '${lastSegment(id)}'`
  if (found === 'hidden')
    return [
      {
        ...unchecked(
          `${it} exists, and has what a factory needs of it: not known.`,
          'This identity may not read it.',
          'Give it Reader there, to have it checked.',
        ),
        where,
      },
    ]
  if (found === 'missing')
    return [
      {
        severity: 'fault',
        what: `${it} does not exist: ${id}.`,
        where,
        fix: `Correct the id, or leave 'id' out so that the delivery makes one.`,
      },
    ]
  return demands
    .filter((demand) => sameText(demand.type, type) && !demand.holds(found, factory))
    .map((demand): Finding => ({ severity: 'fault', where, ...demand.says(it, found, factory) }))
}

/** Something that a resource has to have. */
interface Demand {
  readonly type: ArmType
  readonly holds: (found: ExistingResource, factory: ResolvedFactory) => boolean
  readonly says: (
    it: string,
    found: ExistingResource,
    factory: ResolvedFactory,
  ) => Required<Pick<Finding, 'what' | 'why' | 'fix'>>
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a subnet takes only of its own region. https://learn.microsoft.com/azure/nat-gateway/nat-overview */
const sameRegion = (type: ArmType): Demand => ({
  type,
  holds: ({ location = '' }, factory) => sameText(location.replaceAll(' ', ''), factory.location),
  says: (it, { location = '' }, factory) => ({
    what: `${it} is in ${location}, and the VNet is in ${factory.location}.`,
    why: 'A subnet takes one of its own region only.',
    fix: `Name one in ${factory.location}, or leave 'id' out so that the delivery makes one.`,
  }),
})

const demands: readonly Demand[] = [
  {
    type: 'Microsoft.Storage/storageAccounts',
    holds: ({ properties }) => properties['isHnsEnabled'] === true,
    says: (it) => ({
      what: `${it} has no hierarchical namespace.`,
      why: 'Folders and their access control lists exist only with it.',
      // https://learn.microsoft.com/azure/storage/blobs/upgrade-to-data-lake-storage-gen2-how-to
      fix: 'Upgrade the account to Data Lake Storage Gen2, or name one that has it.',
    }),
  },
  {
    type: 'Microsoft.KeyVault/vaults',
    holds: ({ properties }, { tenantId }) => sameText(textOf(properties['tenantId']), tenantId),
    says: (it, { properties }, { tenantId }) => ({
      what: `${it} trusts the tenant ${textOf(properties['tenantId'])}, and the factory is in ${tenantId}.`,
      why: 'A vault lets in the people and identities of one tenant only.',
      fix: 'Name a vault of the tenant of the factory.',
    }),
  },
  {
    type: 'Microsoft.KeyVault/vaults',
    holds: ({ properties }) => properties['enableRbacAuthorization'] === true,
    says: (it) => ({
      what: `${it} decides by access policies, not by roles.`,
      why: 'The factory assigns roles, which mean nothing to such a vault.',
      // https://learn.microsoft.com/azure/key-vault/general/rbac-guide
      fix: 'Switch the vault to Azure role-based access control, or name another.',
    }),
  },
  {
    type: 'Microsoft.ContainerRegistry/registries',
    holds: ({ skuName = '' }) => sameText(skuName, 'Premium'),
    says: (it, { skuName }) => ({
      what: `${it} has the SKU ${skuName ?? '(unknown)'}, not Premium.`,
      // https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints
      why: 'Only Premium has private endpoints.',
      fix: 'Upgrade it to Premium, or name one that is.',
    }),
  },
  sameRegion('Microsoft.Network/natGateways'),
  sameRegion('Microsoft.Network/routeTables'),
]
