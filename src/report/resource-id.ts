/** A resource id in its parts. */
export interface ResourceName {
  readonly id: string
  /** ARM type, e.g. `Microsoft.Search/searchServices`; `resourceGroups` for a resource group. */
  readonly type: string
  readonly name: string
  readonly resourceGroup: string
  /** Id of the resource this one is part of. */
  readonly parent: string | undefined
}

/**
 * Takes a resource id apart: `/subscriptions/…/resourceGroups/<group>/providers/<namespace>/<type>/<name>/…`.
 * @returns undefined when it is not one
 */
export function parseResourceId(id: string): ResourceName | undefined {
  const resourceGroup = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? ''
  const at = id.lastIndexOf('/providers/')
  if (at < 0) {
    return resourceGroup === ''
      ? undefined
      : { id, type: 'resourceGroups', name: resourceGroup, resourceGroup, parent: undefined }
  }
  const [namespace = '', ...segments] = id.slice(at + '/providers/'.length).split('/')
  const name = segments.at(-1)
  if (name === undefined || segments.length % 2 !== 0) return undefined
  const types = segments.filter((_, index) => index % 2 === 0)
  return {
    id,
    type: [namespace, ...types].join('/'),
    name,
    resourceGroup,
    parent: segments.length > 2 ? id.split('/').slice(0, -2).join('/') : undefined,
  }
}
