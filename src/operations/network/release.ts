import { z } from 'zod'
import { explaining } from '../../azure/errors.ts'
import { hasCode } from '../../azure/failure.ts'
import { type ListedResource, openResources, type Resources } from '../../azure/resources.ts'
import { type ExistingVirtualNetwork, openVirtualNetworks } from '../../azure/virtual-networks.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import {
  candidatesIn,
  planRelease,
  type ReleasedSubnet,
  type ReleasePlan,
  type SubnetInUse,
  type UsedSecurityGroup,
} from '../../network/release.ts'
import { subnetRequests } from '../../network/requested-subnets.ts'
import type { ActualSubnet } from '../../network/vnet.ts'
import { resourceGroupIdOf, sameText } from '../../resource-id.ts'
import type { Host } from '../../runtime/host.ts'
import { type ActionResult, FailureWithResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { type ProjectInEnvironment, readProject } from '../project.ts'
import type { ReleaseOptions } from './options.ts'
import { reportRelease } from './release-report.ts'
import { ownerOf } from './subnet-owners.ts'

/** Deletes the project's empty subnets, or in mode `plan-release` shows which. */
export async function release(inputs: ReleaseOptions, host: Host): Promise<ActionResult> {
  const context = readProject(inputs.project)
  const session = await connectAs('ip-calc', context.project.factory, inputs.project.azureCloud, host)
  const resources = await openResources(session)
  const { read } = await openVirtualNetworks(session)
  const network = await read(inputs.vnetId ?? context.ids.virtualNetwork)
  const search = {
    network,
    owner: ownerOf(context.project),
    names: context.names.project,
    only: inputs.names,
    ...wantsOf(context),
  }
  const groups = await securityGroups(network, candidatesIn(search), resources)
  const plan = planRelease({ ...search, groups })
  const { project } = context
  const about = { inputs, network, project }
  if (inputs.mode === 'plan-release') return reportRelease({ ...about, plan, released: false }, host)
  const deleted: Deleted = { subnets: [], groups: [], inUse: [...plan.inUse], refused: new Map() }
  try {
    await free(plan, deleted, resources, host.info)
    if (deleted.inUse.length > 0) throw inUseError(deleted.inUse)
  } catch (error) {
    const done = { ...plan, ...outcomeOf(plan, deleted) }
    throw new FailureWithResult(error, reportRelease({ ...about, plan: done, released: true }, host))
  }
  return reportRelease({ ...about, plan: { ...plan, ...outcomeOf(plan, deleted) }, released: true }, host)
}

/** The project's bring-your-own subnets, and those that its manifest still requests. */
function wantsOf({ project, names }: ProjectInEnvironment): {
  readonly byo: readonly string[]
  readonly needed: readonly string[]
} {
  const requests = subnetRequests(project, names.project)
  return {
    byo: requests.flatMap((request) => (request.kind === 'byo' ? [request.id] : [])),
    needed: requests.flatMap((request) => (request.kind === 'own' ? [request.name] : [])),
  }
}

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

/** Those of the VNet's resource group, and those from elsewhere that the subnets have. */
async function securityGroups(
  network: ExistingVirtualNetwork,
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

/** What has been deleted so far, and what turned out to be in use. */
interface Deleted {
  readonly subnets: ReleasedSubnet[]
  readonly groups: UsedSecurityGroup[]
  readonly inUse: SubnetInUse[]
  /** Network security groups that Azure did not delete, by id, and its refusal. */
  readonly refused: Map<string, string>
}

/** Deletes one after the other: a VNet takes one change at a time. A network security group goes after its subnets. */
async function free(
  plan: ReleasePlan,
  deleted: Deleted,
  resources: Resources,
  progress: (line: string) => void,
): Promise<void> {
  const count = plan.free.length + plan.groups.length
  const log = (what: string) =>
    progress(`${deleted.subnets.length + deleted.groups.length + 1}/${count} delete ${what}`)
  for (const released of plan.free) {
    const { name, id } = released.subnet
    log(`subnet ${name}`)
    const refusal = await removeUnused(id, subnetVersion, resources)
    if (refusal === undefined) deleted.subnets.push(released)
    else deleted.inUse.push({ ...released, usedBy: `something added since the VNet was read: ${refusal}` })
  }
  for (const group of plan.groups) {
    if (deleted.inUse.some(({ subnet }) => group.subnetIds.some((id) => sameText(id, subnet.id)))) continue
    log(`network security group ${group.name}`)
    const refusal = await removeUnused(group.id, groupVersion, resources)
    if (refusal === undefined) deleted.groups.push(group)
    else {
      deleted.refused.set(group.id, refusal)
      progress(`Network security group ${group.name} is kept: ${refusal}.`)
    }
  }
}

const subnetVersion = apiVersions['Microsoft.Network/virtualNetworks/subnets']
const inUseCodes = [
  'InUseSubnetCannotBeDeleted',
  'InUsePrefixCannotBeDeleted',
  'InUseNetworkSecurityGroupCannotBeDeleted',
]

/** Deletes unless something uses it: Azure decides that at the moment of deletion. @returns its refusal */
async function removeUnused(
  id: string,
  apiVersion: string,
  resources: Resources,
): Promise<string | undefined> {
  try {
    await resources.remove(id, apiVersion)
    return undefined
  } catch (error) {
    if (error instanceof UserError && hasCode(error.parts.cause, ...inUseCodes)) {
      return error.parts.what.replace(/\.+$/, '')
    }
    throw error
  }
}

/** The plan as it was applied. */
function outcomeOf(
  { changes, groups: planned }: ReleasePlan,
  { subnets, groups, inUse, refused }: Deleted,
): Pick<ReleasePlan, 'free' | 'groups' | 'inUse' | 'changes'> {
  const gone = [...subnets.map(({ subnet }) => subnet.id), ...groups.map(({ id }) => id)]
  const whyKept = (id: string): string => {
    const still = inUse.find(({ subnet }) => sameText(subnet.id, id))
    if (still !== undefined) return `In use by ${still.usedBy}.`
    const refusal = refused.get(id)
    if (refusal !== undefined) return `${refusal}.`
    const group = planned.find((one) => sameText(one.id, id))
    const user = inUse.find(({ subnet }) => group?.subnetIds.some((other) => sameText(other, subnet.id)))
    return user === undefined
      ? 'The run ended before it was deleted.'
      : `Subnet '${user.subnet.name}' still uses it.`
  }
  return {
    free: subnets,
    groups,
    inUse,
    changes: changes.map((change) => {
      const { scope = '' } = change
      if (change.change !== 'delete' || gone.some((id) => sameText(id, scope))) return change
      return { ...change, change: 'keep', reason: whyKept(scope) }
    }),
  }
}

function inUseError(inUse: readonly SubnetInUse[]): UserError {
  const each = inUse.map(({ subnet, usedBy }) => `'${subnet.name}' by ${usedBy}`)
  return new UserError({
    what: `${inUse.length === 1 ? 'One subnet is' : `${inUse.length} subnets are`} still in use and kept: ${each.join(' | ')}. What was empty has been deleted.`,
    fix: 'Remove what is in it, then run again. A deleted Foundry account has to be purged too.',
    more: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet#delete-a-subnet',
  })
}
