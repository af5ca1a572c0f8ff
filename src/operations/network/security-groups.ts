import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { UsedSecurityGroup } from '../../network/release-search.ts'
import type { ActualSubnet } from '../../network/vnet.ts'
import { resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { together } from '../together.ts'

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']
const references = z
  .array(z.object({ id: z.string() }))
  .nullish()
  .transform((all) => all ?? [])
const rules = z
  .array(z.object({ name: z.string(), properties: z.custom<JsonObject>(isJsonObject, 'is no object') }))
  .nullish()
  .transform((all) => all ?? [])
const groupUse = z.object({ subnets: references, networkInterfaces: references, securityRules: rules })

const usedGroup = ({ id, name, tags, properties }: ListedResource): UsedSecurityGroup => {
  const { subnets, networkInterfaces, securityRules } = groupUse.parse(properties)
  const subnetIds = subnets.map((subnet) => subnet.id)
  return {
    id,
    name,
    tags,
    subnetIds,
    hasInterfaces: networkInterfaces.length > 0,
    rules: securityRules,
  }
}

/** Lists the network security groups in the resource group of a VNet. */
export const listSecurityGroups = (
  networkId: string,
  resources: Resources,
): Promise<readonly ListedResource[]> =>
  resources.list(
    `${resourceGroupIdOf(networkId)}/providers/Microsoft.Network/networkSecurityGroups`,
    groupVersion,
  )

/** The network security groups, and what uses them: those that are listed, and those from elsewhere that the subnets have. */
export async function readSecurityGroups(
  listed: readonly ListedResource[],
  subnets: readonly ActualSubnet[],
  resources: Resources,
): Promise<readonly UsedSecurityGroup[]> {
  const attached = new Set(subnets.flatMap(({ networkSecurityGroupId }) => networkSecurityGroupId ?? []))
  const others = [...attached].filter((id) => !listed.some((group) => sameText(group.id, id)))
  const found = await together(...others.map((id) => resources.read(id, groupVersion)))
  const elsewhere = found.filter((group) => group !== undefined)
  return explaining('Reading the network security groups', async () =>
    [...listed, ...elsewhere].map(usedGroup),
  )
}
