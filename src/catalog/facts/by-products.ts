/** A resource that Azure makes by itself beside another, and leaves behind. */
interface ByProduct {
  /** ARM type in small letters. */
  readonly type: string
  /** How its name begins, in small letters; `*` stands for the name of a resource of the project. */
  readonly name: string
  /** The version in which it is deleted. */
  readonly apiVersion: string
  readonly source: string
}

const smartDetection = 'https://learn.microsoft.com/azure/azure-monitor/alerts/smart-detection-failures'

const privateEndpoint =
  'https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-interface-of-a-private-endpoint'

/** All that the services of a project are known to bring about in its resource group. */
const byProducts: readonly ByProduct[] = [
  {
    type: 'microsoft.insights/actiongroups',
    name: 'application insights smart detection',
    apiVersion: '2023-01-01',
    source: smartDetection,
  },
  {
    type: 'microsoft.alertsmanagement/smartdetectoralertrules',
    name: 'failure anomalies - *',
    apiVersion: '2021-04-01',
    source: smartDetection,
  },
  {
    type: 'microsoft.network/networkinterfaces',
    name: '*-nic',
    apiVersion: '2025-05-01',
    source: privateEndpoint,
  },
  {
    type: 'microsoft.network/networkinterfaces',
    name: '*.nic.',
    apiVersion: '2025-05-01',
    source: privateEndpoint,
  },
]

/** Does a name follow the pattern of a by-product of one of these resources? */
export function isByProduct(type: string, name: string, ofNames: readonly string[]): boolean {
  const [ownType, own] = [type.toLowerCase(), name.toLowerCase()]
  return byProducts.some(
    (candidate) =>
      candidate.type === ownType &&
      (candidate.name.includes('*')
        ? ofNames.some((other) => own.startsWith(candidate.name.replace('*', other.toLowerCase())))
        : own === candidate.name),
  )
}

/** The API version of a type that only Azure makes beside others; undefined for any other type. */
export const byProductVersion = (type: string): string | undefined =>
  byProducts.find((candidate) => candidate.type === type.toLowerCase())?.apiVersion
