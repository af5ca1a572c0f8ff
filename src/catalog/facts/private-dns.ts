import { zonesElsewhere } from './private-dns-zones.ts'
import { regionCodes } from './region-codes.ts'

/** The clouds whose host names are known here. Azure Stack and other clouds of one's own use AzureCloud's. */
export const azureCloudNames = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const
/** One of them. */
export type AzureCloudName = (typeof azureCloudNames)[number]

/** A private DNS zone by its name in the public cloud, e.g. `privatelink.{region}.azurecontainerapps.io`. */
export type PrivateDnsZone = keyof typeof zonesElsewhere

/** Where a zone's name is looked up. */
export interface ZonePlace {
  readonly cloud: AzureCloudName
  /** The region's name, e.g. `swedencentral`. */
  readonly location: string
}

/** All zones by their names in the public cloud, in alphabetical order. */
export const privateDnsZones: readonly PrivateDnsZone[] = Object.keys(zonesElsewhere)
  .filter(isPrivateDnsZone)
  .sort()

function isPrivateDnsZone(name: string): name is PrivateDnsZone {
  return name in zonesElsewhere
}

/** What each zone is called in a place, without those of services that have no private endpoints there. */
export const privateDnsZonesIn = (place: ZonePlace): readonly string[] =>
  privateDnsZones.flatMap((zone) => nameIn(place, zone) ?? []).sort()

/**
 * What a zone is called in a place. Of a service that has no private endpoints there it is the name in the public cloud:
 * nothing can be made that would write to it.
 */
export const zoneIn = (place: ZonePlace, zone: PrivateDnsZone): string => nameIn(place, zone) ?? zone

/** The public host name of a resource, e.g. `prj001.search.windows.net`: that of its private zone without `privatelink`. */
export const hostIn = (place: ZonePlace, name: string, zone: PrivateDnsZone): string =>
  `${name}.${zoneIn(place, zone).replace(/^privatelink\./, '')}`

function nameIn({ cloud, location }: ZonePlace, zone: PrivateDnsZone): string | undefined {
  const [government, china] = zonesElsewhere[zone]
  const pattern = { AzureCloud: zone, AzureUSGovernment: government, AzureChinaCloud: china }[cloud]
  if (pattern === null) return undefined
  const code = regionCodes.get(location)
  if (pattern.includes('{geo}') && code === undefined) return undefined
  return pattern.replace('{region}', location).replace('{geo}', code ?? '')
}
