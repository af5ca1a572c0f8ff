/** Where things are in the subscriptions of the seed. */
const subscription = (environment: number): string =>
  `/subscriptions/22222222-2222-2222-2222-22222222220${environment}`

export const devSubscription = subscription(1)
export const prodSubscription = subscription(3)

/** The providers of the common area in dev. */
export const devCommonArea = `${devSubscription}/resourceGroups/mrvel-esml-common-sdc-dev-001/providers`
export const devNetwork = `${devCommonArea}/Microsoft.Network/virtualNetworks/vnt-esmlcmn-sdc-dev-001`
export const devLake = `${devCommonArea}/Microsoft.Storage/storageAccounts/mrvela1b2cesml001dev`

/** The resource group of a project in dev. */
export const devGroupOf = (project: string): string =>
  `${devSubscription}/resourceGroups/mrvel-esml-project${project}-sdc-dev-001-rg`
