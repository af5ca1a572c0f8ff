import { normaliseLocation } from '../locations.ts'

/** Where requests to a model are answered, and how they are billed. */
export type DeploymentSku =
  | 'Standard'
  | 'DataZoneStandard'
  | 'GlobalStandard'
  | 'GlobalBatch'
  | 'DataZoneBatch'
  | 'ProvisionedManaged'
  | 'DataZoneProvisionedManaged'
  | 'GlobalProvisionedManaged'

/** Where a SKU of a model is offered: everywhere that models are, in the data zones of the EU or the US, or in these regions. */
type Offered = 'everywhere' | 'zones' | 'eu' | 'us' | readonly string[]

/** A model that can be deployed. */
export interface Model {
  /** The publisher, as the catalogue writes it. */
  readonly format: string
  readonly name: string
  /** Oldest first; the last one is deployed when none is asked for. */
  readonly versions: readonly string[]
  readonly skus: Readonly<Partial<Record<DeploymentSku, Offered>>>
  /**
   * What a subscription may deploy of it, in a region and SKU: thousands of tokens a minute, or units. Default 1,000. A new subscription has about as
   * much: https://learn.microsoft.com/azure/foundry/openai/quotas-limits
   */
  readonly quota?: number
}

/** https://learn.microsoft.com/azure/foundry/foundry-models/concepts/deployment-types#data-zone-standard */
const zones = {
  eu: [
    'swedencentral',
    'westeurope',
    'germanywestcentral',
    'francecentral',
    'spaincentral',
    'italynorth',
    'polandcentral',
  ],
  us: ['eastus', 'eastus2', 'centralus', 'northcentralus', 'southcentralus', 'westus', 'westus2', 'westus3'],
}
const everywhere = {
  GlobalStandard: 'everywhere',
  GlobalBatch: 'everywhere',
  GlobalProvisionedManaged: 'everywhere',
} as const
const inZones = {
  ...everywhere,
  DataZoneStandard: 'zones',
  DataZoneBatch: 'zones',
  DataZoneProvisionedManaged: 'zones',
} as const
const regional = [
  'swedencentral',
  'eastus',
  'eastus2',
  'westus',
  'westus3',
  'northcentralus',
  'southcentralus',
  'francecentral',
  'germanywestcentral',
  'uksouth',
  'switzerlandnorth',
  'japaneast',
  'australiaeast',
  'canadaeast',
  'norwayeast',
  'koreacentral',
  'southindia',
] as const
const provisioned = { ProvisionedManaged: regional } as const
const serverless = { GlobalStandard: 'everywhere' } as const

/**
 * The models that the sandbox's catalogue offers, with their versions, SKUs and regions: those in daily use. A test, or who starts
 * the sandbox, adds others. https://learn.microsoft.com/azure/foundry/foundry-models/concepts/models-sold-directly-by-azure-region-availability
 */
export const knownModels: readonly Model[] = [
  {
    format: 'OpenAI',
    name: 'gpt-5.6-luna',
    versions: ['2026-07-09'],
    skus: { ...inZones, ...provisioned, Standard: ['swedencentral', 'eastus2'] },
    quota: 333,
  },
  {
    format: 'OpenAI',
    name: 'gpt-5.4-mini',
    versions: ['2026-03-17'],
    skus: { ...everywhere, DataZoneStandard: 'us' },
  },
  { format: 'OpenAI', name: 'gpt-5.2', versions: ['2025-12-11'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'gpt-5.1', versions: ['2025-11-13'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'gpt-5', versions: ['2025-08-07'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'gpt-5-mini', versions: ['2025-08-07'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'gpt-5-nano', versions: ['2025-08-07'], skus: inZones },
  { format: 'OpenAI', name: 'gpt-5-chat', versions: ['2025-08-07', '2025-10-03'], skus: serverless },
  {
    format: 'OpenAI',
    name: 'gpt-4.1',
    versions: ['2025-04-14'],
    skus: { ...inZones, ...provisioned, Standard: regional },
  },
  {
    format: 'OpenAI',
    name: 'gpt-4.1-mini',
    versions: ['2025-04-14'],
    skus: { ...inZones, ...provisioned, Standard: regional },
  },
  { format: 'OpenAI', name: 'gpt-4.1-nano', versions: ['2025-04-14'], skus: { ...inZones, ...provisioned } },
  {
    format: 'OpenAI',
    name: 'gpt-4o',
    versions: ['2024-05-13', '2024-08-06', '2024-11-20'],
    skus: { ...inZones, ...provisioned, Standard: regional },
  },
  {
    format: 'OpenAI',
    name: 'gpt-4o-mini',
    versions: ['2024-07-18'],
    skus: { ...inZones, ...provisioned, Standard: regional },
  },
  { format: 'OpenAI', name: 'o4-mini', versions: ['2025-04-16'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'o3', versions: ['2025-04-16'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'o3-mini', versions: ['2025-01-31'], skus: { ...inZones, ...provisioned } },
  { format: 'OpenAI', name: 'o1', versions: ['2024-12-17'], skus: { ...inZones, ...provisioned } },
  {
    format: 'OpenAI',
    name: 'text-embedding-3-large',
    versions: ['1'],
    skus: { ...inZones, Standard: regional },
  },
  {
    format: 'OpenAI',
    name: 'text-embedding-3-small',
    versions: ['1'],
    skus: { ...inZones, Standard: regional },
  },
  {
    format: 'OpenAI',
    name: 'text-embedding-ada-002',
    versions: ['2'],
    skus: { GlobalStandard: 'everywhere', Standard: regional },
  },
  { format: 'OpenAI', name: 'gpt-image-1', versions: ['2025-04-15'], skus: serverless, quota: 9 },
  {
    format: 'OpenAI',
    name: 'dall-e-3',
    versions: ['3.0'],
    skus: { Standard: ['swedencentral', 'eastus', 'australiaeast'] },
    quota: 2,
  },
  { format: 'OpenAI', name: 'whisper', versions: ['001'], skus: { Standard: regional }, quota: 3 },
  { format: 'DeepSeek', name: 'DeepSeek-R1', versions: ['1'], skus: serverless },
  { format: 'DeepSeek', name: 'DeepSeek-V3.1', versions: ['1'], skus: serverless },
  { format: 'Meta', name: 'Llama-3.3-70B-Instruct', versions: ['5'], skus: serverless },
  { format: 'Microsoft', name: 'Phi-4', versions: ['7'], skus: serverless },
  { format: 'Mistral AI', name: 'Mistral-Large-2411', versions: ['2'], skus: serverless },
  { format: 'Cohere', name: 'embed-v-4-0', versions: ['1'], skus: serverless },
]

/** The unit of a provisioned SKU is not tokens, and there are fewer of them. */
const isProvisioned = (sku: string): boolean => sku.endsWith('ProvisionedManaged')

/** How much of a model a subscription may deploy in a region, in one SKU. */
export function quotaOf(model: Model, sku: string): number {
  return isProvisioned(sku) ? 100 : (model.quota ?? 1_000)
}

/** How usages call the quota of a model: `OpenAI.DataZoneStandard.gpt-4o`. */
export function usageNameOf(model: Model, sku: string): string {
  return `${model.format}.${sku}.${model.name}`
}

/** What the quota is counted in. */
export function quotaTitle(model: Model, sku: string): string {
  return isProvisioned(sku)
    ? `Provisioned Throughput Units - ${model.name}`
    : `Tokens Per Minute (thousands) - ${model.name}`
}

/** The SKUs of a model in a region. */
export function skusIn(model: Model, location: string): readonly string[] {
  const region = normaliseLocation(location)
  return Object.entries(model.skus).flatMap(([sku, offered]) => (isOffered(offered, region) ? [sku] : []))
}

function isOffered(offered: Offered, region: string): boolean {
  if (offered === 'everywhere') return true
  if (offered === 'eu' || offered === 'us') return zones[offered].includes(region)
  if (offered === 'zones') return zones.eu.includes(region) || zones.us.includes(region)
  return offered.includes(region)
}
