import type { Address } from '../address.ts'
import { badRequest } from '../errors.ts'
import { type Json, record } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { checkTags } from './tag-limits.ts'

/** What a scope's tags are, and how they change: they belong to the subscription, resource group or resource itself. */
const view = {
  read: ({ scope }: Address, world: World): Json | undefined => {
    const tags = tagsAt(scope, world)
    return tags === undefined ? undefined : { tags }
  },
  write: ({ address, properties }: Write, world: World): void =>
    setTags(address.scope, record(properties['tags']), world),
  clear: ({ scope }: Address, world: World): void => setTags(scope, {}, world),
}

/** Microsoft.Resources/tags: the tags of whatever it lies at. */
export const tagRules: ResourceRules = {
  type: 'Microsoft.Resources/tags',
  location: 'none',
  stateless: true,
  required: ['properties.tags'],
  check: checkWrite,
  complete: ({ properties }) => ({ tags: properties['tags'] }),
  view,
}

function checkWrite({ address, properties }: Write, world: World): void {
  if (address.name.toLowerCase() !== 'default')
    throw badRequest('InvalidTagsName', `Tags are named 'default', not '${address.name}'.`)
  const target = world.store.get(address.scope)
  const hasNoLocation = target !== undefined && target.location === undefined
  if (hasNoLocation || isTenant(address))
    throw badRequest('TagsNotSupported', `The resource at '${address.scope}' does not support tags.`)
  checkTags(properties['tags'], target?.type ?? '')
}

const isTenant = ({ subscriptionId }: Address): boolean => subscriptionId === undefined

const subscriptionOf = (scope: string, { store }: World) =>
  store.state.subscriptions[/^\/subscriptions\/([^/]+)$/i.exec(scope)?.[1]?.toLowerCase() ?? '']

/** The tags of a scope; `undefined` when it is not there. */
export function tagsAt(scope: string, world: World): Json | undefined {
  const subscription = subscriptionOf(scope, world)
  if (subscription !== undefined) return subscription.tags ?? {}
  const resource = world.store.get(scope)
  return resource === undefined ? undefined : (resource.tags ?? {})
}

function setTags(scope: string, tags: Json, world: World): void {
  const texts = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]))
  const subscription = subscriptionOf(scope, world)
  if (subscription !== undefined) subscription.tags = texts
  const resource = world.store.get(scope)
  if (resource !== undefined) world.store.set({ ...resource, tags: texts })
}

/**
 * Tags after a PATCH: `Merge`, `Replace`, or `Delete` of those with name and value.
 * https://learn.microsoft.com/rest/api/resources/tags/update-at-scope
 */
export function patchedTags(before: Json, patch: Json, operation: string): Json {
  const named = (name: string) => Object.keys(patch).find((key) => key.toLowerCase() === name.toLowerCase())
  const without = (leaves: (name: string, value: unknown) => boolean) =>
    Object.fromEntries(Object.entries(before).filter(([name, value]) => !leaves(name, value)))
  switch (operation.toLowerCase()) {
    case 'replace':
      return patch
    case 'merge':
      return { ...without((name) => named(name) !== undefined), ...patch }
    case 'delete':
      return without((name, value) => {
        const key = named(name)
        return key !== undefined && patch[key] === value
      })
    default:
      throw badRequest(
        'InvalidRequestContent',
        `The operation '${operation}' is none of 'Merge', 'Replace' and 'Delete'.`,
      )
  }
}
