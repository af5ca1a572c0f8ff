import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Change, PropertyChange } from '../plan/model.ts'
import { lastSegment } from '../resource-id.ts'
import type { TemplateBodies } from './template-summary.ts'

/** One property as Azure predicts it, which writes null for what is not there. https://learn.microsoft.com/rest/api/resources/deployments/what-if#whatifpropertychange */
export interface PredictedProperty {
  readonly path: string
  readonly propertyChangeType: string
  readonly before?: unknown
  readonly after?: unknown
  readonly children?: readonly PredictedProperty[] | null | undefined
}

/** One resource as Azure predicts it. https://learn.microsoft.com/rest/api/resources/deployments/what-if#whatifchange */
export interface PredictedChange {
  readonly resourceId?: string | null | undefined
  readonly changeType: string
  readonly delta?: readonly PredictedProperty[] | null | undefined
  readonly unsupportedReason?: string
}

/** All that a deployment's plan is made of. */
export interface DeploymentFacts {
  /** Ids of the resources the template holds. */
  readonly wanted: readonly string[]
  readonly predicted: readonly PredictedChange[]
  /** The project's deployment stack, or undefined before the first deployment. */
  readonly stack: { readonly resourceIds: readonly string[]; readonly succeeded: boolean } | undefined
  /** Is the template the one that was deployed last? */
  readonly sameTemplate: boolean
  /** What the template that was deployed last says about each resource; undefined when it is not known. */
  readonly previous: TemplateBodies | undefined
  readonly stackName: string
}

const key = (id: string): string => id.toLowerCase()

const typeOf = (id: string): string => {
  const segments = id.split('/providers/').at(-1)?.split('/') ?? []
  if (!id.includes('/providers/')) return 'resource group'
  const [namespace = '', ...rest] = segments
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}

const nameOf = (id: string): string => {
  if (!id.includes('/providers/')) return lastSegment(id)
  const segments = id.split('/providers/').at(-1)?.split('/') ?? []
  return segments.filter((_, index) => index > 0 && index % 2 === 0).join('/')
}

const describe = (id: string): Pick<Change, 'kind' | 'name' | 'scope'> => ({
  kind: typeOf(id),
  name: nameOf(id),
  scope: id,
})

/** An expression that Azure could not evaluate beforehand; its value says nothing about a difference. */
const isUnresolved = (value: unknown): boolean =>
  typeof value === 'string' && /^\[.*\]$/.test(value) && !value.startsWith('[[')

function asJson(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (Array.isArray(value)) return value.map((item) => asJson(item) ?? null)
  if (!isJsonObject(value)) return undefined
  return value
}

/** Where in a resource a difference is, and what the template deployed last said about that resource. */
interface Surroundings {
  readonly path: string
  readonly isList: boolean
  readonly previous: JsonObject | undefined
}

/**
 * The properties of a prediction that really differ. What Azure's prediction cannot know is left out: properties
 * without effect, and expressions it cannot evaluate beforehand. A property that would vanish is left out when the
 * template deployed last did not set it: then the service filled it in. A member that a list would lose is shown,
 * because the template names all members. https://github.com/Azure/arm-template-whatif/issues/83
 */
function realDifferences(
  delta: readonly PredictedProperty[],
  surroundings: Surroundings,
): readonly PropertyChange[] {
  return delta.flatMap((property) => {
    const path = surroundings.path === '' ? property.path : `${surroundings.path}.${property.path}`
    if (isNoise(property, path, surroundings)) return []
    const children = property.children ?? []
    const isList = property.propertyChangeType === 'Array'
    return children.length > 0
      ? realDifferences(children, { ...surroundings, path, isList })
      : [propertyChange(path, property)]
  })
}

function isNoise(
  { propertyChangeType, after }: PredictedProperty,
  path: string,
  { isList, previous }: Surroundings,
): boolean {
  if (propertyChangeType === 'NoEffect' || isUnresolved(after)) return true
  if (propertyChangeType !== 'Delete' || isList) return false
  return previous !== undefined && !isSet(previous, path.split('.'))
}

/**
 * Does a template set what stands at a path? Positions in a list are those of Azure's answer, so any member counts. A
 * key may hold dots itself, as those of tags do.
 */
function isSet(value: Json | undefined, path: readonly string[]): boolean {
  const [step = '', ...rest] = path
  if (path.length === 0) return value !== undefined
  if (Array.isArray(value)) return /^\d+$/.test(step) && value.some((member: Json) => isSet(member, rest))
  if (!isJsonObject(value)) return false
  return path.some((_, index) => {
    const name = path.slice(0, index + 1).join('.')
    return Object.entries(value).some(
      ([candidate, inner]) => key(candidate) === key(name) && isSet(inner, path.slice(index + 1)),
    )
  })
}

function propertyChange(path: string, property: PredictedProperty): PropertyChange {
  const before = asJson(property.before)
  const after = asJson(property.after)
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}

function changeOf(
  id: string,
  prediction: PredictedChange | undefined,
  { sameTemplate, previous }: DeploymentFacts,
): Change {
  switch (prediction?.changeType) {
    case 'Create':
      return { change: 'create', ...describe(id) }
    case 'Modify': {
      const properties = realDifferences(prediction.delta ?? [], {
        path: '',
        isList: false,
        previous: previous?.get(key(id)),
      })
      return properties.length === 0
        ? { change: 'keep', ...describe(id) }
        : { change: 'modify', ...describe(id), properties }
    }
    case 'Delete':
      return { change: 'delete', ...describe(id) }
    case 'NoChange':
    case 'NoEffect':
      return { change: 'keep', ...describe(id) }
    default:
      return sameTemplate
        ? { change: 'keep', ...describe(id) }
        : { change: 'modify', ...describe(id), reason: 'Azure cannot say beforehand what changes in it.' }
  }
}

function stackChange(
  { stack, sameTemplate, stackName }: DeploymentFacts,
  others: readonly Change[],
): readonly Change[] {
  const stackItself = { kind: 'deployment stack', name: stackName }
  if (stack === undefined) return [{ change: 'create', ...stackItself }]
  if (!stack.succeeded) {
    return [
      { change: 'modify', ...stackItself, reason: 'Its last run did not succeed; it is deployed again.' },
    ]
  }
  if (!sameTemplate && others.every(({ change }) => change === 'keep')) {
    return [{ change: 'modify', ...stackItself, reason: 'The template differs from the one deployed last.' }]
  }
  return [{ change: 'keep', ...stackItself }]
}

/**
 * What deploying a template as a stack changes: what Azure predicts for the resources of the template, and what the
 * stack would remove because the template no longer holds it. Resources of others are left out.
 */
export function deploymentChanges(facts: DeploymentFacts): readonly Change[] {
  const wanted = new Set(facts.wanted.map(key))
  const predictions = new Map(facts.predicted.map((change) => [key(change.resourceId ?? ''), change]))
  const changes = facts.wanted.map((id) => changeOf(id, predictions.get(key(id)), facts))
  const removals = (facts.stack?.resourceIds ?? [])
    .filter((id) => !wanted.has(key(id)))
    .map(
      (id): Change => ({
        change: 'delete',
        ...describe(id),
        reason: 'The manifest no longer asks for it.',
      }),
    )
  const all = [...removals, ...changes]
  return [...stackChange(facts, all), ...all]
}
