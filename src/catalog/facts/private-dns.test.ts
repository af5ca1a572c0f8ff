import { describe, expect, test } from '@jest/globals'
import { azureCloudNames, hostIn, privateDnsZones, zoneIn } from './private-dns.ts'

describe('private DNS zones', () => {
  test.each(azureCloudNames)('every zone of %s is private and there once', (cloud) => {
    const zones = privateDnsZones.map((zone) => zoneIn(cloud, zone))
    expect(new Set(zones).size).toBe(zones.length)
    for (const zone of zones) expect(zone).toMatch(/^privatelink(\.[a-z0-9-]+){2,}$/)
  })

  test('a public host is the private one without its prefix', () => {
    expect(hostIn('AzureCloud', 'prj001', 'privatelink.search.windows.net')).toBe('prj001.search.windows.net')
    expect(hostIn('AzureUSGovernment', 'prj001', 'privatelink.search.windows.net')).toBe(
      'prj001.search.azure.us',
    )
  })
})
