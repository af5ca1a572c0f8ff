import { z } from 'zod'
import { nameRulesOf, wordsWithHyphens } from '../../naming/limits.ts'
import { applicationInsights } from '../baseline/application-insights.ts'
import { projectIdentities } from '../baseline/identities.ts'
import { keyVault } from '../baseline/key-vault.ts'
import { storage } from '../baseline/storage.ts'
import { defineService } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import { byUsage } from '../prices.ts'
import { computes, managedNetwork } from './machine-learning-compute.ts'

const vmSize = z.string().regex(/^(Standard|Basic)_[A-Za-z0-9_]+$/)

/**
 * A hyphen must be followed by a letter somewhere, therefore the environment stands last. Compute names are unique in an Azure
 * region, over all customers: they carry the salt and the instance instead of the location.
 */
const computeName = {
  givesWay: 'salt',
  minLength: 3,
  maxLength: 24,
  accepts: /^[a-zA-Z](?!.*-[0-9]*$)[a-zA-Z0-9-]*$/,
  scope: 'region',
  source:
    'https://learn.microsoft.com/azure/machine-learning/how-to-create-compute-instance#create-a-compute-instance',
} as const

/**
 * Azure Machine Learning: a workspace whose compute runs in a network that Azure manages and that reaches the workspace's
 * own storage, key vault and registry through private endpoints.
 *
 * In dev that network lets jobs out to the Internet, where packages come from; in stage and prod only to Azure. A list of
 * allowed hosts would be stricter than the former, but makes each workspace pay for an Azure Firewall by the hour. The
 * way out can be narrowed later, never widened. https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 */
export const machineLearning = defineService({
  key: 'machineLearning',
  title: 'Azure Machine Learning',
  formLabel: 'Azure Machine Learning (train and run your own models)',
  documentation: 'https://learn.microsoft.com/azure/machine-learning/overview-what-is-azure-machine-learning',
  defaultFor: ['esml', 'all'],
  resources: {
    machineLearning: {
      type: 'Microsoft.MachineLearningServices/workspaces',
      identity: 'system',
      name: {
        pattern: 'aml-{project}-{location}-{env}-{salt}-{instance}',
        givesWay: 'location',
        minLength: 3,
        maxLength: 33,
        accepts: wordsWithHyphens,
        scope: 'group',
        source: nameRulesOf('microsoftmachinelearningservices'),
      },
    },
    machineLearningCluster: {
      type: 'Microsoft.MachineLearningServices/workspaces/computes',
      parent: 'machineLearning',
      name: { ...computeName, pattern: 'p{project}-m01{salt}{instance}-{env}' },
    },
    machineLearningInstance: {
      type: 'Microsoft.MachineLearningServices/workspaces/computes',
      parent: 'machineLearning',
      name: { ...computeName, pattern: 'p{project}-i01{salt}{instance}-{env}' },
    },
  },
  connectsTo: [projectIdentities, storage, keyVault, applicationInsights],
  options: {
    clusterSize: vmSize.describe('Virtual machine size of the compute cluster.'),
    clusterMaxNodes: z
      .int()
      .min(1)
      .max(100)
      .describe('Maximum number of nodes of the cluster. It scales down to 0.'),
    clusterIdleSeconds: z.int().min(60).max(86_400).describe('Seconds after which an idle node is released.'),
    computeInstanceUser: z
      .guid()
      .nullable()
      .describe(
        'Entra object id of the person to whom a compute instance is assigned. None is created when null.',
      ),
    computeInstanceSize: vmSize.describe('Virtual machine size of the compute instance.'),
    outbound: z
      .enum(['AllowOnlyApprovedOutbound', 'AllowInternetOutbound'])
      .describe('What jobs may reach outside of Azure. It can be narrowed later, never widened.'),
    allowedHosts: z
      .array(z.string().regex(/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/))
      .max(100)
      .describe(
        'Hosts that jobs may reach when only approved outbound traffic is allowed. The first one adds the cost of an Azure Firewall.',
      ),
  },
  defaults: {
    dev: {
      clusterSize: 'Standard_DS3_v2',
      clusterMaxNodes: 3,
      clusterIdleSeconds: 120,
      computeInstanceUser: null,
      computeInstanceSize: 'Standard_DS11_v2',
      outbound: 'AllowInternetOutbound',
      allowedHosts: [],
    },
    stage: {
      clusterSize: 'Standard_D13_v2',
      clusterMaxNodes: 5,
      clusterIdleSeconds: 120,
      computeInstanceUser: null,
      computeInstanceSize: 'Standard_D11_v2',
      outbound: 'AllowOnlyApprovedOutbound',
      allowedHosts: [],
    },
    prod: {
      clusterSize: 'Standard_D13_v2',
      clusterMaxNodes: 5,
      clusterIdleSeconds: 120,
      computeInstanceUser: null,
      computeInstanceSize: 'Standard_D11_v2',
      outbound: 'AllowOnlyApprovedOutbound',
      allowedHosts: [],
    },
  },
  subnets: {},
  privateEndpoints: [
    {
      resource: 'machineLearning',
      group: 'amlworkspace',
      zones: ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'],
      // The workspace, its notebooks and its online endpoints. https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns#find-the-ip-addresses
      addresses: 3,
    },
  ],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'AzureML Data Scientist', 'machineLearning'),
    ...peopleInDev(['lead', 'dataScientist'], 'AzureML Compute Operator', 'machineLearning'),
    // Without keys, notebooks and compute instances open the workspace's file share as the person who uses them.
    ...peopleInDev(
      ['lead', 'dataScientist', 'aiEngineer'],
      'Storage File Data Privileged Contributor',
      'storage1',
    ),
    ...identities(['projectIdentity'], 'AzureML Data Scientist', 'machineLearning'),
    // The studio shows data only when the workspace may read the private endpoints of its storage.
    ...identities(['machineLearning'], 'Reader', 'resourceGroup'),
    ...identities(['machineLearning'], 'Storage Blob Data Contributor', 'storage1'),
    ...identities(['machineLearning'], 'Storage File Data Privileged Contributor', 'storage1'),
    ...identities(['machineLearning'], 'Key Vault Secrets Officer', 'keyVault'),
    ...identities(['machineLearning'], 'AcrPush', 'machineLearningRegistry'),
    // The compute and the online endpoints run the images that the workspace builds.
    ...identities(['projectIdentity', 'appsIdentity'], 'AcrPull', 'machineLearningRegistry'),
    ...identities(['machineLearning'], 'Azure AI Enterprise Network Connection Approver', 'resourceGroup'),
    ...identities(
      ['machineLearning'],
      'Azure AI Enterprise Network Connection Approver',
      'machineLearningRegistry',
    ),
  ],
  data: {
    'Microsoft.MachineLearningServices/workspaces': {
      holds: 'experiments, models, data assets and endpoints',
      softDelete: {
        sentence: 'A deleted workspace can be recovered for 14 days; until then nobody can use its name.',
        source: 'https://learn.microsoft.com/azure/machine-learning/concept-soft-delete',
        purge: 'forceToPurge',
      },
    },
    'Microsoft.MachineLearningServices/workspaces/computes': {
      holds: 'what people have left on the disk of a compute instance',
    },
  },
  // Jobs, which may be thousands, are not listed.
  inside: {
    'Microsoft.MachineLearningServices/workspaces': {
      computes: 'what people have left on the disk of a compute instance',
      onlineEndpoints: 'deployments of models',
      batchEndpoints: 'deployments of models',
      models: 'versions of a model',
      data: 'versions of a data asset',
      schedules: 'its settings',
    },
  },
  prices: {
    'Microsoft.MachineLearningServices/workspaces': {
      kind: 'list',
      unit: 'Azure Firewall of the managed network',
      by: 'properties.managedNetwork.firewallSku',
      perHour: { Basic: 0.395, Standard: 1.25 },
      plus: 'endpoints of the managed network',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/azure-firewall/',
    },
    'Microsoft.MachineLearningServices/workspaces/computes': byUsage('machines while they run'),
  },
  template: (context) => {
    const { names, ids, common, location, tags, access, project, options } = context
    return [
      {
        ...ofType('Microsoft.MachineLearningServices/workspaces'),
        name: names.machineLearning,
        location,
        tags,
        dependsOn: [ids.storage1, ids.keyVault, ids.applicationInsights, common.machineLearningRegistry],
        kind: 'Default',
        sku: { name: 'Basic', tier: 'Basic' },
        identity: { type: 'SystemAssigned' },
        properties: {
          friendlyName: project.name,
          description: project.description,
          storageAccount: ids.storage1,
          keyVault: ids.keyVault,
          applicationInsights: ids.applicationInsights,
          containerRegistry: common.machineLearningRegistry,
          systemDatastoresAuthMode: 'Identity',
          imageBuildCompute: names.machineLearningCluster,
          // Workspaces that share a registry would use one another's images. It cannot be switched on later.
          enableDataIsolation: true,
          v1LegacyMode: false,
          publicNetworkAccess: access.publicNetwork,
          networkAcls: {
            defaultAction: access.defaultAction,
            ipRules: access.allowedIps.map((range) => ({
              value: range.includes('/') ? range : `${range}/32`,
            })),
          },
          managedNetwork: managedNetwork(options),
        },
      },
      ...computes(context),
    ]
  },
})
