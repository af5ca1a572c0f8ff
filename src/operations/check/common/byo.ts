import { unlessForbidden } from '../../../azure/failure.ts'
import type { ExistingResource } from '../../../azure/resources.ts'
import { commonCatalogue, commonPartKeys } from '../../../catalog/common/index.ts'
import { type ArmType, apiVersions } from '../../../catalog/facts/api-versions.ts'
import type { ResolvedFactory } from '../../../manifest/resolved.ts'
import { lastSegment } from '../../../resource-id.ts'
import { together } from '../../together.ts'
import { type Finding, unchecked } from '../finding.ts'
import { demandsOf } from './byo-demands.ts'
import { lackingEndpoints } from './byo-endpoints.ts'
import type { CommonSituation } from './situation.ts'

/** An existing resource that stands in for a part. */
interface Byo {
  /** As people call the part, e.g. `Data lake`. */
  readonly title: string
  readonly id: string
  readonly type: ArmType
  /** The groups of the private endpoints that the part has when the factory makes it, e.g. `blob`; none when it has none. */
  readonly endpoints: readonly string[]
  /** The key of factory.yml with the id. */
  readonly key: string
}

/** Do the resources exist that factory.yml names instead of parts, in the right place and with what a factory needs of them? */
export async function checkByo({ area, resources }: CommonSituation): Promise<readonly Finding[]> {
  const { factory } = area
  const byId = commonPartKeys.flatMap((key): readonly Byo[] => {
    const setting = factory.common[key]
    const { existing, resources: declared, title, privateEndpoints } = commonCatalogue.parts[key]
    const type = existing === undefined ? undefined : declared[existing]?.type
    // The VNet is looked at with its subnets.
    if (setting.kind !== 'existing' || type === undefined || type === network) return []
    const endpoints = privateEndpoints.map(({ group }) => group)
    return [{ title, id: setting.id, type, endpoints, key: `${key}.id` }]
  })
  const findings = await together(
    ...byId.map(async (one) => {
      const found = await unlessForbidden(
        async () => (await resources.read(one.id, apiVersions[one.type])) ?? 'missing',
        'hidden' as const,
      )
      const lacking = typeof found === 'string' ? [] : await lackingEndpoints(one, area, resources)
      return findingsOf(one, found, factory, lacking)
    }),
  )
  const all = findings.flat()
  if (byId.length === 0 || all.length > 0) return all
  return [
    {
      severity: 'good',
      what: `What factory.yml names is there, and will do: ${byId.map(({ title }) => title).join(', ')}.`,
    },
  ]
}

const network = 'Microsoft.Network/virtualNetworks'

function findingsOf(
  { title, id, type, key }: Byo,
  found: ExistingResource | 'missing' | 'hidden',
  factory: ResolvedFactory,
  lacking: readonly string[],
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
        why: 'Nothing in the tenant of the factory has this id. What is in another tenant cannot stand in.',
        fix: `Correct the id, or leave 'id' out so that the delivery makes one.`,
      },
    ]
  return demandsOf(type)
    .filter((demand) => !demand.holds({ found, factory, lacking }))
    .map(
      (demand): Finding => ({
        severity: demand.severity,
        where,
        ...demand.says(it, { found, factory, lacking }),
      }),
    )
}
