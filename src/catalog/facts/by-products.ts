/** A resource that Azure makes by itself beside another, and leaves behind. */
interface ByProduct {
  /** ARM type in small letters. */
  readonly type: string
  /** Its name, in small letters; absent when it says itself which resource it belongs to. */
  readonly name?: string
  /** What a name ends with: that of a resource of this type, in small letters. */
  readonly beside?: string
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
    name: 'failure anomalies - ',
    beside: 'microsoft.insights/components',
    apiVersion: '2021-04-01',
    source: smartDetection,
  },
  {
    type: 'microsoft.network/networkinterfaces',
    apiVersion: '2025-05-01',
    source: privateEndpoint,
  },
]

/** A resource, as far as it shows what is a by-product of it. */
interface Named {
  readonly type: string
  readonly name: string
}

/** Does it have the name of a by-product of one of these resources? */
export function isByProduct({ type, name }: Named, of: readonly Named[]): boolean {
  const ends = (beside: string | undefined): readonly string[] =>
    beside === undefined
      ? ['']
      : of.filter((one) => one.type.toLowerCase() === beside).map((one) => one.name.toLowerCase())
  return byProducts.some(
    (candidate) =>
      candidate.type === type.toLowerCase() &&
      candidate.name !== undefined &&
      ends(candidate.beside).some((end) => name.toLowerCase() === `${candidate.name}${end}`),
  )
}

/** Can what it belongs to be read from it alone, and not from its name? */
export const saysWhatItIsBeside = (type: string): boolean =>
  byProducts.some((candidate) => candidate.type === type.toLowerCase() && candidate.name === undefined)

/** The API version of a type that only Azure makes beside others; undefined for any other type. */
export const byProductVersion = (type: string): string | undefined =>
  byProducts.find((candidate) => candidate.type === type.toLowerCase())?.apiVersion
