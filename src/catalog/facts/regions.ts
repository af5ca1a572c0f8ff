import { nearest } from '../../diagnostics/nearest.ts'

/**
 * The regions of Azure, of Azure Government and of Azure in China, by the names that resources have.
 * https://learn.microsoft.com/azure/reliability/regions-list
 * https://learn.microsoft.com/azure/azure-government/documentation-government-get-started-connect-with-cli
 * https://learn.microsoft.com/azure/china/overview-datacenter
 */
export const regions = [
  'australiacentral',
  'australiacentral2',
  'australiaeast',
  'australiasoutheast',
  'austriaeast',
  'belgiumcentral',
  'brazilsouth',
  'brazilsoutheast',
  'canadacentral',
  'canadaeast',
  'centralindia',
  'centralus',
  'centraluseuap',
  'chilecentral',
  'chinaeast',
  'chinaeast2',
  'chinaeast3',
  'chinanorth',
  'chinanorth2',
  'chinanorth3',
  'denmarkeast',
  'eastasia',
  'eastus',
  'eastus2',
  'eastus2euap',
  'francecentral',
  'francesouth',
  'germanynorth',
  'germanywestcentral',
  'indiasouthcentral',
  'indonesiacentral',
  'israelcentral',
  'italynorth',
  'japaneast',
  'japanwest',
  'jioindiacentral',
  'jioindiawest',
  'koreacentral',
  'koreasouth',
  'malaysiawest',
  'mexicocentral',
  'newzealandnorth',
  'northcentralus',
  'northeurope',
  'norwayeast',
  'norwaywest',
  'polandcentral',
  'qatarcentral',
  'southafricanorth',
  'southafricawest',
  'southcentralus',
  'southeastasia',
  'southindia',
  'spaincentral',
  'swedencentral',
  'swedensouth',
  'switzerlandnorth',
  'switzerlandwest',
  'uaecentral',
  'uaenorth',
  'uksouth',
  'ukwest',
  'usdodcentral',
  'usdodeast',
  'usgovarizona',
  'usgovtexas',
  'usgovvirginia',
  'westcentralus',
  'westeurope',
  'westindia',
  'westus',
  'westus2',
  'westus3',
] as const

/** What is known of a region's name without asking Azure. */
export type RegionName =
  | { readonly kind: 'known' }
  /** It is a known region's name with a mistake. */
  | { readonly kind: 'misspelt'; readonly meant: string }
  /** Azure opens new regions; only Azure knows. */
  | { readonly kind: 'unknown' }

/** Looks up a region. A known name with another number, such as `eastus3`, may be a new region. */
export function lookUpRegion(name: string): RegionName {
  if (regions.some((known) => known === name)) return { kind: 'known' }
  const letters = withoutNumber(name)
  if (regions.some((known) => withoutNumber(known) === letters)) return { kind: 'unknown' }
  const meant = nearest(name, regions)
  return meant === undefined ? { kind: 'unknown' } : { kind: 'misspelt', meant }
}

const withoutNumber = (name: string): string => name.replace(/[0-9]+$/, '')
