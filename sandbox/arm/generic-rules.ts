import type { StoredResource } from '../contracts.ts'
import { parseAddress } from './address.ts'
import { badRequest, conflict, groupNotFound, parentNotFound, subscriptionNotFound } from './errors.ts'
import { publishedType } from './gate/published.ts'
import { checkTags } from './governance/tag-limits.ts'
import { at, text } from './json.ts'
import { checkFixed } from './lasting.ts'
import { inAnotherLocation, locationNotAvailable } from './location-refusals.ts'
import { locationsOf, normaliseLocation } from './locations.ts'
import { registrationState } from './registrations.ts'
import { type ResourceRules, referenced, type World, type Write } from './rules.ts'
import type { Subscription } from './state.ts'

const forbiddenInNames = /[<>%&\\?/]|[.\s]$/

/** What Azure Resource Manager asks of every resource, before its provider is asked. */
export function checkGenerally(write: Write, rules: ResourceRules): void {
  checkName(write)
  checkLocation(write, rules)
  checkTags(write.body['tags'], write.address.type)
  for (const path of rules.required ?? []) {
    if (at(write.body, path) === undefined && at(write.recovered, path) === undefined)
      throw badRequest(
        'InvalidRequestContent',
        `The request content was invalid: the required property '${path}' of resource '${write.address.name}' is missing.`,
        path,
      )
  }
  checkFixed(write, rules)
}

/** Where a resource is put is there: subscription, registration, group, and what it is part of or extends. */
export function checkPlace({ address }: Write, world: World): void {
  const { subscriptionId, resourceGroup } = address
  if (subscriptionId === undefined) return
  const subscription = world.store.state.subscriptions[subscriptionId.toLowerCase()]
  if (subscription === undefined) throw subscriptionNotFound(subscriptionId)
  checkRegistration(address.type, subscription, world)
  const isGroup = address.type === 'Microsoft.Resources/resourceGroups'
  if (resourceGroup !== undefined && !isGroup) {
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
    referenced(world, group, () => groupNotFound(resourceGroup))
  }
  if (address.parent !== undefined) referenced(world, address.parent, () => parentNotFound(address))
  if (address.extension)
    referenced(world, address.scope, () => parentNotFound(parseAddress(address.scope) ?? address))
}

/** A provider answers only in subscriptions that are registered with it. */
function checkRegistration(type: string, subscription: Subscription, world: World): void {
  const [namespace = ''] = type.split('/')
  if (registrationState(subscription, namespace, world) === 'Registered') return
  throw conflict(
    'MissingSubscriptionRegistration',
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  )
}

function checkName({ address, body, existing }: Write): void {
  checkSameAs('name', text(body['name']), [address.name, existing?.name, namesOf(address.id)])
  checkSameAs('type', text(body['type']), [address.type])
  const isGroup = address.type === 'Microsoft.Resources/resourceGroups'
  const longest = isGroup ? 90 : 260
  const invalid = isGroup
    ? !/^[-\w._()]+$/u.test(address.name) || address.name.endsWith('.')
    : forbiddenInNames.test(address.name)
  if (address.name.length <= longest && !invalid) return
  throw isGroup
    ? badRequest(
        'InvalidParameter',
        `The provided resource group name '${address.name}' has these invalid characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_' , at most 90 characters, and cannot end with '.'.`,
      )
    : badRequest(
        'InvalidResourceName',
        `Resource name '${address.name}' is invalid. The name can be up to ${longest} characters long and cannot contain '<', '>', '%', '&', '\\', '?', '/' or end with a period or space.`,
      )
}

/** A client may send back the name and the type that it read, and no others. */
function checkSameAs(
  what: 'name' | 'type',
  sent: string | undefined,
  known: readonly (string | undefined)[],
): void {
  if (sent === undefined || known.some((one) => one?.toLowerCase() === sent.toLowerCase())) return
  throw badRequest(
    what === 'name' ? 'MismatchingResourceName' : 'MismatchingResourceType',
    `The provided resource ${what} '${sent}' did not match the ${what} in the Url '${known[0] ?? ''}'.`,
  )
}

/** `vnet/subnet`: the names of a resource and of those it lies in. */
const namesOf = (id: string): string =>
  id
    .slice(id.toLowerCase().lastIndexOf('/providers/') + '/providers/'.length)
    .split('/')
    .filter((_, index) => index > 0 && index % 2 === 0)
    .join('/')

function checkLocation({ address, body, existing, recovered }: Write, rules: ResourceRules): void {
  const location = text(body['location'])
  if (location === undefined) {
    if (needsLocation(address.type, address.parent, address.extension, rules) && recovered === undefined)
      throw badRequest('LocationRequired', 'The location property is required for this definition.')
    return
  }
  const available = locationsOf(address.type)
  if (!available.includes(normaliseLocation(location)))
    throw locationNotAvailable(address, location, available)
  const before = existing?.location
  if (before !== undefined && normaliseLocation(before) !== normaliseLocation(location))
    throw inAnotherLocation(address, before, location)
}

function needsLocation(
  type: string,
  parent: string | undefined,
  extension: boolean,
  rules: ResourceRules,
): boolean {
  if (rules.location !== undefined) return rules.location === 'required'
  return parent === undefined && !extension && publishedType(type)?.takesLocation === true
}

/** The resource as the write leaves it, before the provider's effects: what was sent, completed. */
export function compose(write: Write, rules: ResourceRules, world: World): StoredResource {
  const { address, body, existing, recovered } = write
  const location = text(body['location']) ?? (existing ?? recovered)?.location
  const completed = rules.complete?.(write, world) ?? write.properties
  const hasProperties = body['properties'] !== undefined || Object.keys(completed).length > 0
  const { id: _id, name: _name, type: _type, apiVersion: _version, ...sent } = body
  return {
    ...partsOf(recovered),
    ...sent,
    id: existing?.id ?? address.id,
    name: existing?.name ?? address.name,
    type: existing?.type ?? address.type,
    ...(location === undefined ? {} : { location: normaliseLocation(location) }),
    ...(hasProperties ? { properties: completed } : {}),
  }
}

/** Of a recovered resource what a PUT could have said besides its properties. */
function partsOf(recovered: StoredResource | undefined) {
  const parts = ['kind', 'sku', 'tags', 'identity', 'zones']
  return Object.fromEntries(Object.entries(recovered ?? {}).filter(([key]) => parts.includes(key)))
}
