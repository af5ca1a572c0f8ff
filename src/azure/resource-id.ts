/** The parts of a resource id that callers need to address its clients. */
export interface ResourceIdParts {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
}

const form = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/.+\/([^/]+)$/i

/** Takes the id of a resource inside a resource group apart, or undefined when it is not one. */
export function parseResourceId(id: string): ResourceIdParts | undefined {
  const [, subscriptionId, resourceGroup, name] = form.exec(id) ?? []
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) return undefined
  return { subscriptionId, resourceGroup, name }
}

/** An id as Microsoft's clients want it inside an address: they put the first slash themselves. */
export const asPath = (id: string): string => id.replace(/^\//, '')
