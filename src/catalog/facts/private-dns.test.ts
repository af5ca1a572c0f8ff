import { describe, expect, test } from '@jest/globals'
import { azureCloudNames, hostIn, privateDnsZones, privateDnsZonesIn, zoneIn } from './private-dns.ts'
import { regionCodes } from './region-codes.ts'
import { regions } from './regions.ts'

const sweden = { cloud: 'AzureCloud', location: 'swedencentral' } as const
const virginia = { cloud: 'AzureUSGovernment', location: 'usgovvirginia' } as const
const shanghai = { cloud: 'AzureChinaCloud', location: 'chinaeast2' } as const

describe('private DNS zones', () => {
  test.each(azureCloudNames)('every zone of %s is private, a name of DNS, and there once', (cloud) => {
    for (const location of regions) {
      const zones = privateDnsZonesIn({ cloud, location })
      expect(new Set(zones).size).toBe(zones.length)
      for (const zone of zones) expect(zone).toMatch(/^privatelink(-global)?(\.[a-z0-9-]+){2,}$/)
    }
  })

  test('in the public cloud there is one for each, named after the region where Azure does so', () => {
    const zones = privateDnsZonesIn(sweden)
    expect(zones).toHaveLength(privateDnsZones.length)
    expect(zones).toEqual(
      expect.arrayContaining([
        'privatelink.swedencentral.azurecontainerapps.io',
        'privatelink.swedencentral.azmk8s.io',
        'privatelink.swedencentral.kusto.windows.net',
        'privatelink.swedencentral.prometheus.monitor.azure.com',
        'privatelink.sdc.backup.windowsazure.com',
        'privatelink.redis.azure.net',
        'privatelink.fabric.microsoft.com',
      ]),
    )
  })

  test('none hides records that Azure writes to the zone above it', () => {
    for (const cloud of azureCloudNames) {
      const zones = privateDnsZonesIn({ cloud, location: 'swedencentral' })
      for (const zone of zones) {
        expect(zones.filter((other) => other.endsWith(`.${zone}`))).toEqual([])
      }
    }
  })

  test.each([
    [virginia, 'privatelink.azurewebsites.net', 'privatelink.azurewebsites.us'],
    [virginia, 'privatelink.azuredatabricks.net', 'privatelink.databricks.azure.us'],
    [virginia, 'privatelink.{geo}.backup.windowsazure.com', 'privatelink.ugv.backup.windowsazure.us'],
    [shanghai, 'privatelink.azurewebsites.net', 'privatelink.chinacloudsites.cn'],
    [shanghai, 'privatelink.dfs.core.windows.net', 'privatelink.dfs.core.chinacloudapi.cn'],
    [shanghai, 'privatelink.{region}.kusto.windows.net', 'privatelink.chinaeast2.kusto.windows.cn'],
  ] as const)('in %j %s is %s', (place, zone, name) => {
    expect(zoneIn(place, zone)).toBe(name)
    expect(privateDnsZonesIn(place)).toContain(name)
  })

  test('a service that a cloud does not have, or a region without a code, needs no zone there', () => {
    expect(privateDnsZonesIn(shanghai).join()).not.toMatch(/purview|fabric|backup/)
    expect(privateDnsZonesIn({ cloud: 'AzureCloud', location: 'newregion9' }).join()).not.toMatch(/backup/)
  })

  test('codes are of regions that there are', () => {
    for (const region of regionCodes.keys()) expect(regions).toContain(region)
  })

  test('a public host is the private one without its prefix', () => {
    expect(hostIn(sweden, 'prj001', 'privatelink.search.windows.net')).toBe('prj001.search.windows.net')
    expect(hostIn(virginia, 'prj001', 'privatelink.search.windows.net')).toBe('prj001.search.azure.us')
  })
})
