import type { ListedResource, Resources } from '../../azure/resources.ts'
import { keysOf } from '../../by-key.ts'
import { commonCatalogue } from '../../catalog/common/index.ts'
import { type WayOutPart, wayOutParts } from '../../catalog/common/way-out.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import { writable } from '../../network/writable.ts'
import type { Change } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'

const apiVersion = apiVersions['Microsoft.Network/virtualNetworks/subnets']

/** What subnets let go of, before it is deleted. */
export interface LettingGo {
  readonly changes: readonly Change[]
  readonly steps: readonly Step[]
}

/** A part of the common area that goes, and what takes its place in subnets, if anything does. */
interface Going {
  readonly part: WayOutPart
  readonly id: string
  readonly instead: string | undefined
}

/**
 * Compares the subnets of the VNet, projects' too, with a NAT gateway or route table of the common area that is made no more:
 * Azure deletes neither while a subnet has it.
 */
export async function planLettingGo(
  area: CommonArea,
  resources: Pick<Resources, 'list' | 'update'>,
): Promise<LettingGo> {
  const going = goingParts(area)
  if (going.length === 0) return { changes: [], steps: [] }
  const subnets = await resources.list(`${area.ids.virtualNetwork}/subnets`, apiVersion)
  const having = subnets.flatMap((subnet) =>
    going
      .filter(({ part, id }) => sameText(idAt(subnet.properties, part), id))
      .map((one) => ({ subnet, ...one })),
  )
  return { changes: having.map(changeOf), steps: having.map((one) => stepOf(one, resources)) }
}

const goingParts = ({ factory, ids, names }: CommonArea): readonly Going[] =>
  keysOf(wayOutParts)
    .filter((part) => factory.common[part].kind !== 'own')
    .map((part) => ({
      part,
      id: `${ids.resourceGroup}/providers/${commonCatalogue.resources[part].type}/${names[part]}`,
      instead: factory.common[part].kind === 'existing' ? ids[part] : undefined,
    }))

const idAt = (properties: JsonObject, part: WayOutPart): string => {
  const reference = properties[part]
  return isJsonObject(reference) && typeof reference['id'] === 'string' ? reference['id'] : ''
}

const changeOf = ({ subnet, part, id, instead }: Going & { readonly subnet: ListedResource }): Change => ({
  change: 'modify',
  kind: 'subnet',
  name: subnet.name,
  scope: subnet.id,
  properties: [{ path: part, before: id, ...(instead !== undefined && { after: instead }) }],
  reason: `The common area has no ${commonCatalogue.parts[part].title} of its own any more.`,
})

const stepOf = (
  { subnet, part, id, instead }: Going & { readonly subnet: ListedResource },
  resources: Pick<Resources, 'update'>,
): Step => ({
  name: `Let subnet ${subnet.name} go of the ${commonCatalogue.parts[part].title}`,
  apply: async () => {
    await resources.update(subnet.id, apiVersion, (properties) => {
      if (!sameText(idAt(properties, part), id)) return undefined
      const { [part]: _gone, ...rest } = properties
      return writable(instead === undefined ? rest : { ...rest, [part]: { id: instead } })
    })
  },
})
