import { isFilledIn } from '../catalog/facts/filled-in.ts'
import { reductionOf } from '../catalog/facts/reductions.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Change, PropertyChange } from '../plan/model.ts'
import { lastSegment, typeOfResource } from '../resource-id.ts'
import type { TemplateBodies } from './template-summary.ts'

/** One property as Azure predicts it, which writes null for what is not there. https://learn.microsoft.com/rest/api/resources/deployments/what-if#whatifpropertychange */
export interface PredictedProperty {
  readonly path: string
  readonly changeType: string
  readonly before?: unknown
  readonly after?: unknown
  readonly children: readonly PredictedProperty[]
}

/** One resource as Azure predicts it: `create`, `delete`, `detach`, `modify`, `noChange`, or something that says less. */
export interface PredictedChange {
  readonly id?: string
  readonly changeType: string
  readonly isCertain: boolean
  /** Does the stack begin to manage something that is there already? */
  readonly takesOver: boolean
  readonly delta: readonly PredictedProperty[]
  readonly unsupportedReason?: string
}

/** All that a deployment's plan is made of. */
export interface DeploymentFacts {
  /** Ids of the resources the template holds. */
  readonly wanted: readonly string[]
  readonly predicted: readonly PredictedChange[]
  /** What would change in the stack's deny settings. */
  readonly denySettings?: readonly PredictedProperty[]
  /** The project's deployment stack, or undefined before the first deployment. */
  readonly stack: { readonly resourceIds: readonly string[]; readonly succeeded: boolean } | undefined
  /** Is the template the one that was deployed last? */
  readonly sameTemplate: boolean
  /** What the template that was deployed last says about each resource; undefined when it is not known. */
  readonly previous: TemplateBodies | undefined
  readonly stackName: string
  /** The document that asks for what the template holds, e.g. `the manifest`. */
  readonly document: string
}

const key = (id: string): string => id.toLowerCase()

const typeOf = (id: string): string => (id.includes('/providers/') ? typeOfResource(id) : 'resource group')

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
  readonly type: string
  readonly path: string
  readonly isList: boolean
  readonly previous: JsonObject | undefined
}

/**
 * The properties of a prediction that really differ. What Azure's prediction cannot know is left out: properties
 * without effect, and expressions it cannot evaluate beforehand. A property that would vanish is left out when the
 * template deployed last did not set it: then the service filled it in; where no such template is known, by what is known of the
 * type. A member that a list would lose is shown,
 * because the template names all members. https://github.com/Azure/arm-template-whatif/issues/83
 */
function realDifferences(
  delta: readonly PredictedProperty[],
  surroundings: Surroundings,
): readonly PropertyChange[] {
  return delta.flatMap((property) => {
    const path = surroundings.path === '' ? property.path : `${surroundings.path}.${property.path}`
    if (isNoise(property, path, surroundings)) return []
    const isList = property.changeType === 'array'
    return property.children.length > 0
      ? realDifferences(property.children, { ...surroundings, path, isList })
      : [propertyChange(path, property)]
  })
}

function isNoise(
  { changeType, after }: PredictedProperty,
  path: string,
  { type, isList, previous }: Surroundings,
): boolean {
  if (changeType === 'noEffect' || isUnresolved(after)) return true
  if (changeType !== 'delete') return false
  if (previous === undefined && isFilledIn(type, path)) return true
  if (isList) return false
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
  const change = {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
  const loses = reductionOf(change)?.loses
  return loses === undefined ? change : { ...change, loses }
}

/** The data that a resource loses when its properties become so. */
function lostData(properties: readonly PropertyChange[]): Pick<Change, 'holds'> {
  const lost = properties.flatMap((property) => {
    const reduction = reductionOf(property)
    return reduction?.isData === true ? [reduction.loses] : []
  })
  return lost.length === 0 ? {} : { holds: lost.join(', ') }
}

const onlyAtApply = 'Azure decides it only while it deploys.'

const fromUnknown =
  'What would vanish may be what Azure has filled in itself, and stays then: nobody knows a template that set it.'

const differencesFrom = (previous: JsonObject | undefined, { id = '', delta }: PredictedChange) =>
  realDifferences(delta, { type: typeOf(id), path: '', isList: false, previous })

/** Does all that differs vanish, and was never set as far as anybody knows? Then it may be nothing. */
function doubtOf(prediction: PredictedChange, deployed: JsonObject | undefined): Pick<Change, 'uncertainty'> {
  const reason = prediction.isCertain ? fromUnknown : onlyAtApply
  const isKnown = deployed !== undefined || differencesFrom({}, prediction).length > 0
  return prediction.isCertain && isKnown ? {} : { uncertainty: { is: 'potential', reason } }
}

function changeOf(
  id: string,
  prediction: PredictedChange | undefined,
  { sameTemplate, previous }: DeploymentFacts,
): Change {
  switch (prediction?.changeType) {
    case 'create':
      return { change: 'create', ...describe(id) }
    case 'modify': {
      const deployed = previous?.get(key(id))
      const properties = differencesFrom(deployed, prediction)
      if (properties.length === 0) return unchanged(id, prediction, sameTemplate)
      const rest = { ...lostData(properties), ...doubtOf(prediction, deployed) }
      return { change: 'modify', ...describe(id), properties, ...rest }
    }
    case 'delete':
      return { change: 'delete', ...describe(id) }
    case 'noChange':
    case 'noEffect':
      return unchanged(id, prediction, sameTemplate)
    default:
      return sameTemplate ? { change: 'keep', ...describe(id) } : unpredicted(id, prediction)
  }
}

/** What somebody else made, and is as it should be, will be deleted with the stack from now on. */
const unchanged = (id: string, { takesOver }: PredictedChange, sameTemplate: boolean): Change =>
  takesOver && !sameTemplate
    ? { change: 'modify', ...describe(id), reason: 'It exists already, and the stack begins to manage it.' }
    : { change: 'keep', ...describe(id) }

function unpredicted(id: string, prediction: PredictedChange | undefined): Change {
  const cause = prediction?.unsupportedReason === undefined ? '' : ` ${prediction.unsupportedReason}`
  const reason = `Azure cannot say beforehand what changes in it.${cause}`
  return { change: 'modify', ...describe(id), uncertainty: { is: 'unknown', reason } }
}

/** What the stack manages and the template no longer holds. A deployment's what-if knows nothing of it. */
function removalOf(id: string, prediction: PredictedChange | undefined, document: string): Change {
  const potential = { uncertainty: { is: 'potential', reason: onlyAtApply } } as const
  const uncertainty = prediction?.isCertain === false ? potential : {}
  if (prediction?.changeType === 'detach' || prediction?.changeType === 'unsupported') {
    const stays = 'It stays in Azure, where the stack no longer manages it.'
    const reason = [stays, prediction.unsupportedReason].filter(Boolean).join(' ')
    return { change: 'detach', ...describe(id), reason, ...uncertainty }
  }
  const reason = `It is no longer asked for in ${document}.`
  return { change: 'delete', ...describe(id), reason, ...uncertainty }
}

function stackChange(
  { stack, sameTemplate, stackName, denySettings = [] }: DeploymentFacts,
  others: readonly Change[],
): readonly Change[] {
  const stackItself = { kind: 'deployment stack', name: stackName }
  if (stack === undefined) return [{ change: 'create', ...stackItself }]
  const properties = denySettings.map((property) => propertyChange(`denySettings.${property.path}`, property))
  const settings = properties.length > 0 ? { properties } : {}
  if (!stack.succeeded) {
    return [
      {
        change: 'modify',
        ...stackItself,
        ...settings,
        reason: 'Its last run did not succeed; it is deployed again.',
      },
    ]
  }
  if (!sameTemplate && others.every(({ change }) => change === 'keep')) {
    return [
      {
        change: 'modify',
        ...stackItself,
        ...settings,
        reason: 'The template differs from the one deployed last.',
      },
    ]
  }
  return [{ change: properties.length > 0 ? 'modify' : 'keep', ...stackItself, ...settings }]
}

/**
 * What deploying a template as a stack changes: what Azure predicts for the resources of the template, and what the
 * stack would remove because the template no longer holds it. Resources of others are left out.
 */
export function deploymentChanges(facts: DeploymentFacts): readonly Change[] {
  const wanted = new Set(facts.wanted.map(key))
  const predictions = new Map(facts.predicted.map((change) => [key(change.id ?? ''), change]))
  const changes = facts.wanted.map((id) => changeOf(id, predictions.get(key(id)), facts))
  const removals = (facts.stack?.resourceIds ?? [])
    .filter((id) => !wanted.has(key(id)))
    .map((id) => removalOf(id, predictions.get(key(id)), facts.document))
  const all = [...removals, ...changes]
  return [...stackChange(facts, all), ...all]
}
