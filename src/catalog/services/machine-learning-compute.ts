import type { JsonObject } from '../../json.ts'
import { ofType } from '../facts/api-versions.ts'
import type { ArmResource, PartContext } from '../types.ts'

/** The part of the options that sizes the compute. */
interface ComputeOptions {
  readonly clusterSize: string
  readonly clusterMaxNodes: number
  readonly clusterIdleSeconds: number
  readonly computeInstanceUser: string | null
  readonly computeInstanceSize: string
}

type ComputeContext = PartContext<
  'machineLearning' | 'machineLearningCluster' | 'machineLearningInstance' | 'projectIdentity',
  ComputeOptions
>

/** An hour without work shuts a compute instance down. */
const instanceIdleTime = 'PT60M'

/** The part of the options that says what jobs may reach. */
interface OutboundOptions {
  readonly outbound: 'AllowOnlyApprovedOutbound' | 'AllowInternetOutbound'
  readonly allowedHosts: readonly string[]
}

/**
 * The network of the compute. Hosts can be allowed only where nothing else is; then a firewall lets them through, the
 * smallest of which is enough for downloads. https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#pricing
 */
export const managedNetwork = ({ outbound, allowedHosts }: OutboundOptions): JsonObject =>
  outbound === 'AllowInternetOutbound' || allowedHosts.length === 0
    ? { isolationMode: outbound }
    : { isolationMode: outbound, firewallSku: 'Basic', outboundRules: hostRules(allowedHosts) }

/** Allowed hosts as rules of the managed network, under names of letters, digits and hyphens. */
const hostRules = (hosts: readonly string[]): JsonObject =>
  Object.fromEntries(
    [...new Set(hosts)]
      .sort()
      .map((host) => [
        `host-${host.replace(/^\*\./, 'any-').replaceAll('.', '-')}`,
        { type: 'FQDN', category: 'UserDefined', destination: host },
      ]),
  )

/** The compute of a workspace: a cluster that shrinks to nothing, and one person's instance, if somebody is to have one. */
export const computes = (context: ComputeContext): readonly ArmResource[] => [
  cluster(context),
  ...(context.options.computeInstanceUser === null
    ? []
    : [instance(context, context.options.computeInstanceUser)]),
]

/** Runs jobs, and builds images, because a private registry's own builders cannot reach it. */
function cluster({ names, ids, location, tags, options }: ComputeContext): ArmResource {
  return {
    ...ofType('Microsoft.MachineLearningServices/workspaces/computes'),
    name: `${names.machineLearning}/${names.machineLearningCluster}`,
    location,
    tags,
    dependsOn: [ids.machineLearning, ids.projectIdentity],
    identity: { type: 'UserAssigned', userAssignedIdentities: { [ids.projectIdentity]: {} } },
    properties: {
      computeType: 'AmlCompute',
      computeLocation: location,
      disableLocalAuth: true,
      properties: {
        osType: 'Linux',
        vmSize: options.clusterSize,
        vmPriority: 'Dedicated',
        enableNodePublicIp: false,
        remoteLoginPortPublicAccess: 'Disabled',
        scaleSettings: {
          minNodeCount: 0,
          maxNodeCount: options.clusterMaxNodes,
          nodeIdleTimeBeforeScaleDown: `PT${options.clusterIdleSeconds}S`,
        },
      },
    },
  }
}

/** A compute instance belongs to one person for ever: whoever else opens it is refused. */
function instance(
  { names, ids, location, tags, tenantId, options }: ComputeContext,
  objectId: string,
): ArmResource {
  return {
    ...ofType('Microsoft.MachineLearningServices/workspaces/computes'),
    name: `${names.machineLearning}/${names.machineLearningInstance}`,
    location,
    tags,
    dependsOn: [ids.machineLearning],
    properties: {
      computeType: 'ComputeInstance',
      computeLocation: location,
      disableLocalAuth: true,
      properties: {
        vmSize: options.computeInstanceSize,
        enableNodePublicIp: false,
        applicationSharingPolicy: 'Personal',
        computeInstanceAuthorizationType: 'personal',
        personalComputeInstanceSettings: { assignedUser: { objectId, tenantId } },
        sshSettings: { sshPublicAccess: 'Disabled' },
        idleTimeBeforeShutdown: instanceIdleTime,
      },
    },
  }
}
