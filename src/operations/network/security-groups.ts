import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { UsedSecurityGroup } from '../../network/release.ts'
import type { ActualNetwork, ActualSubnet } from '../../network/vnet.ts'
import { resourceGroupIdOf, sameText } from '../../resource-id.ts'

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']
const references = z
  .array(z.object({ id: z.string() }))
  .nullish()
  .transform((all) => all ?? [])
const groupUse = z.object({ subnets: references, networkInterfaces: references })

const usedGroup = ({ id, name, tags, properties }: ListedResource): UsedSecurityGroup => {
  const { subnets, networkInterfaces } = groupUse.parse(properties)
  const subnetIds = subnets.map((subnet) => subnet.id)
  return { id, name, tags, subnetIds, hasInterfaces: networkInterfaces.length > 0 }
}

/** Reads the network security groups, and what uses them: those of the VNet's resource group, and those from elsewhere that the subnets have. */
export async function readSecurityGroups(
  network: ActualNetwork,
  subnets: readonly ActualSubnet[],
  resources: Resources,
): Promise<readonly UsedSecurityGroup[]> {
  const collection = `${resourceGroupIdOf(network.id)}/providers/Microsoft.Network/networkSecurityGroups`
  const listed = await resources.list(collection, groupVersion)
  const attached = new Set(subnets.flatMap(({ networkSecurityGroupId }) => networkSecurityGroupId ?? []))
  const elsewhere: ListedResource[] = []
  for (const id of attached) {
    if (listed.some((group) => sameText(group.id, id))) continue
    const group = await resources.read(id, groupVersion)
    if (group !== undefined) elsewhere.push(group)
  }
  return explaining('Reading the network security groups', async () =>
    [...listed, ...elsewhere].map(usedGroup),
  )
}
