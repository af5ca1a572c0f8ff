import { z } from 'zod'
import { ofType } from './api-versions.ts'
import { defineService } from './define-service.ts'
import { identities, peopleInDev } from './grants.ts'
import { computes, outboundRules } from './machine-learning-parts.ts'

const vmSize = z.string().regex(/^(Standard|Basic)_[A-Za-z0-9_]+$/)

/** What most Python projects download from; nothing else leaves a workspace that only lets approved traffic out. */
const packageHosts = [
  'pypi.org',
  'files.pythonhosted.org',
  '*.anaconda.com',
  '*.anaconda.org',
  'pytorch.org',
  '*.pytorch.org',
]

/**
 * Azure Machine Learning: a workspace whose compute runs in a network that Azure manages and that lets nothing out but
 * what is approved. Allowed hosts make that network run an Azure Firewall, which costs money by the hour.
 * https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 */
export const machineLearning = defineService({
  key: 'machineLearning',
  title: 'Azure Machine Learning',
  documentation: 'https://learn.microsoft.com/azure/machine-learning/overview-what-is-azure-machine-learning',
  defaultFor: ['esml', 'all'],
  options: {
    clusterSize: vmSize.describe('Virtual machine size of the compute cluster.'),
    clusterMaxNodes: z
      .int()
      .min(1)
      .max(100)
      .describe('The most machines the cluster grows to. It shrinks to none.'),
    clusterIdleSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .describe('Seconds after which an idle machine is given back.'),
    computeInstanceUser: z
      .guid()
      .nullable()
      .describe('Entra object id of the person who gets a compute instance. Nobody gets one when null.'),
    computeInstanceSize: vmSize.describe('Virtual machine size of the compute instance.'),
    outbound: z
      .enum(['AllowOnlyApprovedOutbound', 'AllowInternetOutbound'])
      .describe('What jobs may reach outside of Azure. It cannot be loosened and tightened again.'),
    allowedHosts: z
      .array(z.string().regex(/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/))
      .max(100)
      .describe('Hosts that jobs may reach when only approved traffic is let out.'),
  },
  defaults: {
    dev: {
      clusterSize: 'Standard_DS3_v2',
      clusterMaxNodes: 3,
      clusterIdleSeconds: 120,
      computeInstanceUser: null,
      computeInstanceSize: 'Standard_DS11_v2',
      outbound: 'AllowOnlyApprovedOutbound',
      allowedHosts: packageHosts,
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
  subnets: [],
  privateEndpoints: [
    {
      resource: 'machineLearning',
      group: 'amlworkspace',
      zones: ['privatelink.api.azureml.ms', 'privatelink.notebooks.azure.net'],
    },
  ],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'AzureML Data Scientist', 'machineLearning'),
    ...peopleInDev(['lead', 'dataScientist'], 'AzureML Compute Operator', 'machineLearning'),
    ...identities(['projectIdentity'], 'AzureML Data Scientist', 'machineLearning'),
    ...identities(['machineLearning'], 'Storage Blob Data Contributor', 'storage1'),
    ...identities(['machineLearning'], 'Storage File Data Privileged Contributor', 'storage1'),
    ...identities(['machineLearning'], 'Key Vault Secrets Officer', 'keyVault'),
    ...identities(['machineLearning'], 'AcrPush', 'containerRegistry'),
    ...identities(['machineLearning'], 'Azure AI Enterprise Network Connection Approver', 'resourceGroup'),
    ...identities(
      ['machineLearning'],
      'Azure AI Enterprise Network Connection Approver',
      'containerRegistry',
    ),
  ],
  resources: (context) => {
    const { names, ids, location, tags, access, project, options } = context
    return [
      {
        ...ofType('Microsoft.MachineLearningServices/workspaces'),
        name: names.machineLearning,
        location,
        tags,
        dependsOn: [ids.storage1, ids.keyVault, ids.applicationInsights, ids.containerRegistry],
        kind: 'Default',
        sku: { name: 'Basic', tier: 'Basic' },
        identity: { type: 'SystemAssigned' },
        properties: {
          friendlyName: project.name,
          description: project.description,
          storageAccount: ids.storage1,
          keyVault: ids.keyVault,
          applicationInsights: ids.applicationInsights,
          containerRegistry: ids.containerRegistry,
          systemDatastoresAuthMode: 'Identity',
          imageBuildCompute: names.machineLearningCluster,
          v1LegacyMode: false,
          publicNetworkAccess: access.publicNetwork,
          networkAcls: {
            defaultAction: access.defaultAction,
            ipRules: access.allowedIps.map((range) => ({
              value: range.includes('/') ? range : `${range}/32`,
            })),
          },
          managedNetwork: {
            isolationMode: options.outbound,
            firewallSku: 'Standard',
            outboundRules: outboundRules(options.allowedHosts),
          },
        },
      },
      ...computes(context),
    ]
  },
})
