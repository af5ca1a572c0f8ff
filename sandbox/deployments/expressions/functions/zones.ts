import { takes } from '../arguments.ts'

/** Regions with availability zones. https://learn.microsoft.com/azure/reliability/regions-list */
const regions = new Set(
  (
    'australiaeast austriaeast belgiumcentral brazilsouth canadacentral centralindia centralus chilecentral eastasia eastus eastus2 ' +
    'francecentral germanywestcentral indonesiacentral israelcentral italynorth japaneast japanwest koreacentral malaysiawest ' +
    'mexicocentral newzealandnorth northeurope norwayeast polandcentral qatarcentral southafricanorth southcentralus southeastasia ' +
    'spaincentral swedencentral switzerlandnorth uaenorth uksouth westeurope westus2 westus3 chinanorth3 usgovvirginia'
  ).split(' '),
)

/** Types whose resources are put into zones, lower case. */
const types = new Set([
  'microsoft.compute/disks',
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.containerservice/managedclusters',
  'microsoft.cache/redis',
  'microsoft.network/applicationgateways',
  'microsoft.network/azurefirewalls',
  'microsoft.network/bastionhosts',
  'microsoft.network/loadbalancers',
  'microsoft.network/natgateways',
  'microsoft.network/publicipaddresses',
  'microsoft.network/publicipprefixes',
  'microsoft.network/virtualnetworkgateways',
])

/** Zones of a region. */
const zones = 3

/**
 * Functions about availability zones.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#pickzones
 */
export const zoneFunctions = {
  pickZones: takes(3, 5, (given) => {
    const type = `${given.text(0)}/${given.text(1)}`.toLowerCase()
    const region = given.text(2).replaceAll(' ', '').toLowerCase()
    const count = given.values[3] === undefined ? 1 : given.integer(3)
    const offset = given.values[4] === undefined ? 0 : given.integer(4)
    if (count < 1 || count > zones || offset < 0 || offset >= zones)
      throw given.wrong(
        `the number of zones must be between 1 and ${zones}, and the offset between 0 and ${zones - 1}`,
      )
    if (!(types.has(type) && regions.has(region))) return []
    return Array.from({ length: count }, (_, index) => String(((offset + index) % zones) + 1))
  }),
}
