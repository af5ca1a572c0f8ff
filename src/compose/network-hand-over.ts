import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Change } from '../plan/model.ts'
import { sameText } from '../resource-id.ts'

/** The types that stacks of earlier releases managed, and that the network operation alone writes now. */
const handedOverTypes = [
  'Microsoft.Network/virtualNetworks/subnets',
  'Microsoft.Network/networkSecurityGroups',
]

const subnetOrGroup =
  /\/providers\/Microsoft\.Network\/(?:virtualNetworks\/[^/]+\/subnets|networkSecurityGroups)\/[^/]+$/i

/** Of what a stack manages, the subnets and network security groups, unless its template still holds them. */
export const subnetsToLetGo = (managed: readonly string[], wanted: readonly string[]): readonly string[] =>
  managed.filter((id) => subnetOrGroup.test(id) && !wanted.some((other) => sameText(other, id)))

/** The changes of a stack, in which these resources do not go with the template: the stack lets go of them before. */
export const withDetached = (changes: readonly Change[], letGo: readonly string[]): readonly Change[] =>
  changes.map((change) =>
    change.change === 'delete' && letGo.some((id) => sameText(id, change.scope ?? ''))
      ? {
          ...change,
          change: 'detach',
          reason: 'It stays as it is. ip-calc owns it from now on, not the stack.',
        }
      : change,
  )

/**
 * A template without its subnets and network security groups, the nested deployments that held nothing else, and all
 * that waited for them.
 */
export function withoutNetwork(template: JsonObject): JsonObject {
  const { kept, dropped } = split(resourcesOf(template))
  return { ...template, resources: kept.map((resource) => withoutDependencies(resource, dropped)) }
}

const resourcesOf = ({ resources }: JsonObject): readonly JsonObject[] =>
  Array.isArray(resources) ? resources.filter(isJsonObject) : []

function split(resources: readonly JsonObject[]): {
  readonly kept: readonly JsonObject[]
  /** Names of the nested deployments that hold nothing any more. */
  readonly dropped: readonly string[]
} {
  const reduced = resources.map((resource) => ({ resource, inner: innerTemplate(resource) }))
  const isEmpty = ({ inner }: { readonly inner: JsonObject | undefined }) =>
    inner !== undefined && resourcesOf(inner).length === 0
  return {
    kept: reduced
      .filter((one) => !isEmpty(one) && !isHandedOver(one.resource))
      .map(({ resource, inner }) => (inner === undefined ? resource : withInner(resource, inner))),
    dropped: reduced.filter(isEmpty).map(({ resource }) => String(resource['name'])),
  }
}

const isHandedOver = ({ type }: JsonObject): boolean =>
  handedOverTypes.some((handedOver) => sameText(handedOver, String(type)))

/** The template of a nested deployment without what is handed over; undefined for any other resource. */
function innerTemplate({ type, properties }: JsonObject): JsonObject | undefined {
  const inner = isJsonObject(properties) ? properties['template'] : undefined
  return isJsonObject(inner) && sameText(String(type), 'Microsoft.Resources/deployments')
    ? withoutNetwork(inner)
    : undefined
}

const withInner = (resource: JsonObject, template: JsonObject): JsonObject => {
  const { properties } = resource
  return isJsonObject(properties) ? { ...resource, properties: { ...properties, template } } : resource
}

function withoutDependencies(resource: JsonObject, dropped: readonly string[]): JsonObject {
  const { dependsOn } = resource
  if (!Array.isArray(dependsOn)) return resource
  const isGone = (id: Json): boolean =>
    typeof id === 'string' &&
    (subnetOrGroup.test(id) || dropped.some((name) => id.toLowerCase().endsWith(`/${name.toLowerCase()}`)))
  return { ...resource, dependsOn: dependsOn.filter((id: Json) => !isGone(id)) }
}
