import { z } from 'zod'
import { nameRulesOf } from '../../naming/limits.ts'
import { projectIdentities } from '../baseline/identities.ts'
import { storage } from '../baseline/storage.ts'
import { defineService } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'

/** Azure AI Search, the retrieval index of a project. It reads the team's documents with its own identity. */
export const aiSearch = defineService({
  key: 'aiSearch',
  title: 'Azure AI Search',
  formLabel: 'Azure AI Search (find the right passages in your own documents)',
  documentation: 'https://learn.microsoft.com/azure/search/search-what-is-azure-search',
  defaultFor: ['genai-1', 'all'],
  resources: {
    aiSearch: {
      type: 'Microsoft.Search/searchServices',
      identity: 'system',
      name: {
        pattern: 'aisearchprj{project}{location}{env}{salt}{instance}',
        givesWay: 'location',
        minLength: 2,
        maxLength: 60,
        accepts: /^[a-z0-9]{2}(?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/,
        scope: 'global',
        source: nameRulesOf('microsoftsearch'),
      },
    },
  },
  connectsTo: [projectIdentities, storage],
  options: {
    sku: z
      .enum(['basic', 'standard', 'standard2', 'standard3', 'storage_optimized_l1', 'storage_optimized_l2'])
      .describe('Pricing tier. The free tier has no private endpoints, therefore it is not offered.'),
    replicas: z.int().min(1).max(12).describe('Replicas of the index. Two or more have an SLA for queries.'),
    partitions: z
      .literal([1, 2, 3, 4, 6, 12])
      .describe(
        'Partitions of the index: more partitions hold more documents. The basic tier has at most 3.',
      ),
    semanticSearch: z
      .enum(['disabled', 'free', 'standard'])
      .describe('Semantic ranking, and how it is billed.'),
  },
  defaults: {
    dev: { sku: 'basic', replicas: 1, partitions: 1, semanticSearch: 'free' },
    stage: { sku: 'standard', replicas: 1, partitions: 1, semanticSearch: 'free' },
    prod: { sku: 'standard', replicas: 2, partitions: 1, semanticSearch: 'standard' },
  },
  subnets: {},
  privateEndpoints: [
    { resource: 'aiSearch', group: 'searchService', zones: ['privatelink.search.windows.net'], addresses: 1 },
  ],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'Search Service Contributor', 'aiSearch'),
    ...peopleInDev(
      ['lead', 'dataScientist', 'aiEngineer', 'dataEngineer'],
      'Search Index Data Contributor',
      'aiSearch',
    ),
    ...peopleInDev(['agentDeveloper', 'frontendDeveloper'], 'Search Index Data Reader', 'aiSearch'),
    ...identities(['projectIdentity'], 'Search Service Contributor', 'aiSearch'),
    ...identities(['projectIdentity'], 'Search Index Data Contributor', 'aiSearch'),
    ...identities(['appsIdentity'], 'Search Index Data Reader', 'aiSearch'),
    ...identities(['aiSearch'], 'Storage Blob Data Reader', 'storage2'),
  ],
  data: { 'Microsoft.Search/searchServices': { holds: 'indexes' } },
  // Indexes are in no list of Azure Resource Manager.
  inside: { 'Microsoft.Search/searchServices': { sharedPrivateLinkResources: 'its settings' } },
  prices: {
    'Microsoft.Search/searchServices': {
      kind: 'list',
      unit: 'search units',
      by: 'sku.name',
      perHour: {
        basic: 0.101,
        standard: 0.336,
        standard2: 1.344,
        standard3: 2.688,
        storage_optimized_l1: 3.839,
        storage_optimized_l2: 7.677,
      },
      times: ['properties.replicaCount', 'properties.partitionCount'],
      plus: 'semantic ranking',
      asOf: '2026-11-29',
      source: 'https://azure.microsoft.com/pricing/details/search/',
    },
  },
  template: ({ names, location, tags, access, options }) => [
    {
      ...ofType('Microsoft.Search/searchServices'),
      name: names.aiSearch,
      location,
      tags,
      sku: { name: options.sku },
      identity: { type: 'SystemAssigned' },
      properties: {
        replicaCount: options.replicas,
        partitionCount: options.partitions,
        hostingMode: 'Default',
        semanticSearch: options.semanticSearch,
        disableLocalAuth: true,
        publicNetworkAccess: access.publicNetwork,
        networkRuleSet: {
          bypass: 'AzureServices',
          ipRules: access.allowedIps.map((value) => ({ value })),
        },
      },
    },
  ],
})
