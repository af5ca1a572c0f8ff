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

/** Azure compares resource ids without regard to case. */
export const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
