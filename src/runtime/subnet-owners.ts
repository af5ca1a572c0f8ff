import type { ExistingResource, Resources } from '../azure/resources.ts'
import type { ExistingSubnet } from '../azure/subnets.ts'
import type { ExistingVirtualNetwork } from '../azure/virtual-networks.ts'
import { apiVersions } from '../catalog/api-versions.ts'
import { tagsOf } from '../compose/project-context.ts'
import { projectOfSubnet } from '../naming/names.ts'
import { securityGroupId } from '../network/claim.ts'
import { type SubnetRequest, sameText } from '../network/network.ts'
import { checkOwners, type Owner, type OwnershipEvidence, refuseForeign } from '../network/ownership.ts'
import type { ProjectInEnvironment } from './project.ts'

/** What is known of the network security groups of a project's subnets. */
export interface SubnetOwners {
  readonly warnings: readonly string[]
  /** Ids, in small letters, of the network security groups that exist. */
  readonly groups: ReadonlySet<string>
}

interface Places {
  readonly network: ExistingVirtualNetwork
  /** Subnets of other VNets that are brought along. */
  readonly brought: readonly ExistingSubnet[]
  readonly requests: readonly SubnetRequest<string>[]
}

/**
 * Makes sure, before anything is changed, that the subnets and network security groups which exist under the project's
 * names are the project's, and that those it brings along are not another project's.
 * @throws UserError that says whose they are
 */
export async function checkSubnetOwners(
  { network, brought, requests }: Places,
  { project, names }: ProjectInEnvironment,
  resources: Resources,
): Promise<SubnetOwners> {
  const owner = ownerOf(project)
  const known = new Map<string, ExistingResource>()
  const readGroups = async (ids: readonly (string | undefined)[]) => {
    const distinct = new Map(ids.flatMap((id) => (id === undefined ? [] : [[id.toLowerCase(), id] as const])))
    for (const [key, id] of distinct) {
      const group = known.get(key) ?? (await resources.read(id, apiVersion))
      if (group !== undefined) known.set(key, group)
    }
    return [...distinct.keys()].flatMap((key) => known.get(key) ?? [])
  }

  const own: OwnershipEvidence[] = []
  for (const request of requests) {
    if (request.kind === 'brought') {
      const subnet = [...network.subnets, ...brought].find(({ id }) => sameText(id, request.id))
      // A subnet that is not called like those of projects belongs to whoever runs the network.
      if (subnet === undefined || projectOfSubnet(subnet.name) === undefined) continue
      const groups = await readGroups([subnet.networkSecurityGroupId])
      refuseForeign({ name: subnet.name, subnet: undefined, groups }, owner)
    } else {
      const subnet = network.subnets.find(({ name }) => sameText(name, request.name))
      const expected = securityGroupId(network.id, names.project, request)
      const groups = await readGroups([subnet?.networkSecurityGroupId, expected])
      const evidence = {
        name: request.name,
        subnet: subnet && { inUse: subnet.occupants.length > 0 },
        groups,
      }
      // One with a name that Azure fixes, e.g. AzureBastionSubnet, is shared by all who use the VNet.
      if (projectOfSubnet(request.name) === undefined) refuseForeign(evidence, owner)
      else own.push(evidence)
    }
  }
  return { warnings: checkOwners(own, owner), groups: new Set(known.keys()) }
}

const apiVersion = apiVersions['Microsoft.Network/networkSecurityGroups']

/** Whose everything is that the project has. */
export function ownerOf(project: ProjectInEnvironment['project']): Owner {
  const { factory, project: number, environment } = tagsOf(project)
  if (factory === undefined || number === undefined || environment === undefined) {
    throw new Error('The tags of a project hold its factory, number and environment.')
  }
  return { factory, project: number, environment }
}
