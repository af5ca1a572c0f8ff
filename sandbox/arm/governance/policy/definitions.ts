import type { StoredResource } from '../../../contracts.ts'
import { lastSegment } from '../../address.ts'
import { at, isRecord, type Json, memberOf, record, records, text, texts } from '../../json.ts'
import type { Store } from '../../store.ts'
import { builtInPolicies } from './built-in.ts'
import { resolved, type Surroundings } from './expressions.ts'
import { type Effect, effectOf, ruleOf } from './rule.ts'

/** Types of what policies are made of. */
export const definitionType = 'Microsoft.Authorization/policyDefinitions'
export const setType = 'Microsoft.Authorization/policySetDefinitions'
export const assignmentType = 'Microsoft.Authorization/policyAssignments'
export const exemptionType = 'Microsoft.Authorization/policyExemptions'

/** Built-in definitions as they are read. */
export const builtInDefinitions: readonly StoredResource[] = builtInPolicies.map(
  ({ name, displayName, category, version, mode, parameters, policyRule }) => ({
    id: `/providers/${definitionType}/${name}`,
    name,
    type: definitionType,
    properties: {
      displayName,
      policyType: 'BuiltIn',
      mode,
      description: `Built-in policy ${displayName}.`,
      metadata: { version, category },
      version,
      parameters,
      policyRule,
    },
  }),
)
const builtIn = new Map(builtInDefinitions.map((definition) => [definition.id.toLowerCase(), definition]))

/** A definition, or a set of them, by id. */
export const findDefinition = (store: Store, id: string): StoredResource | undefined =>
  builtIn.get(id.toLowerCase()) ?? store.get(id)

/** One definition in force by an assignment, alone or within a set. */
export interface EffectivePolicy {
  readonly assignment: StoredResource
  readonly definition: StoredResource
  readonly set: StoredResource | undefined
  readonly referenceId: string | undefined
  /** Values by name in lower case, defaults included. */
  readonly parameters: ReadonlyMap<string, unknown>
  readonly condition: unknown
  readonly effect: Effect
  readonly details: unknown
  /** `Indexed` looks only at what has tags and a location. */
  readonly mode: string
  /** Whether it is only watched: `DoNotEnforce`. */
  readonly isWatched: boolean
}

const only = (parameters: ReadonlyMap<string, unknown>): Surroundings => ({
  parameters,
  subscription: {},
  resourceGroup: {},
  field: () => undefined,
  current: () => undefined,
})

/** Values for the parameters of a definition: what is given, else the defaults. */
export function parametersOf(definition: StoredResource, given: unknown): ReadonlyMap<string, unknown> {
  const entries = Object.entries(record(at(definition, 'properties.parameters'))).flatMap(
    ([name, declared]): [string, unknown][] => {
      const chosen = record(memberOf(given, name))['value'] ?? record(declared)['defaultValue']
      return chosen === undefined ? [] : [[name.toLowerCase(), chosen]]
    },
  )
  return new Map(entries)
}

/** What an assignment puts in force. */
export function policiesOf(store: Store, assignment: StoredResource): readonly EffectivePolicy[] {
  const assigned = findDefinition(store, text(at(assignment, 'properties.policyDefinitionId')) ?? '')
  if (assigned === undefined) return []
  const given = at(assignment, 'properties.parameters')
  if (assigned.type.toLowerCase() !== setType.toLowerCase())
    return [effective(assignment, assigned, parametersOf(assigned, given), undefined)]
  const outer = only(parametersOf(assigned, given))
  return records(at(assigned, 'properties.policyDefinitions')).flatMap((reference, index) => {
    const definition = findDefinition(store, text(reference['policyDefinitionId']) ?? '')
    if (definition === undefined) return []
    const parameters = parametersOf(definition, resolved(reference['parameters'] ?? {}, outer))
    const id = text(reference['policyDefinitionReferenceId']) ?? `${definition.name}_${index + 1}`
    return [effective(assignment, definition, parameters, { set: assigned, id })]
  })
}

function effective(
  assignment: StoredResource,
  definition: StoredResource,
  parameters: ReadonlyMap<string, unknown>,
  member: { readonly set: StoredResource; readonly id: string } | undefined,
): EffectivePolicy {
  const { condition, effect, details } = ruleOf(at(definition, 'properties.policyRule'))
  const name = overridden(assignment, member?.id) ?? resolved(effect, only(parameters))
  return {
    assignment,
    definition,
    set: member?.set,
    referenceId: member?.id,
    parameters,
    condition,
    effect: effectOf(name) ?? 'Disabled',
    details,
    mode: text(at(definition, 'properties.mode')) ?? 'Indexed',
    isWatched: /^DoNotEnforce$/i.test(String(at(assignment, 'properties.enforcementMode'))),
  }
}

/** An assignment may give a definition another effect. */
function overridden(assignment: StoredResource, referenceId: string | undefined): string | undefined {
  const override = records(at(assignment, 'properties.overrides')).find(({ kind, selectors }) => {
    const references = records(selectors).flatMap(({ in: wanted }) => texts(wanted))
    return kind === 'policyEffect' && (references.length === 0 || references.includes(referenceId ?? ''))
  })
  return text(override?.['value'])
}

/** Policies in force for a resource: of assignments at its scope and above, but for what is excluded or exempt. */
export function policiesFor(store: Store, id: string, now: Date): readonly EffectivePolicy[] {
  const assignments = store.ofType(assignmentType)
  if (assignments.length === 0) return []
  const above = store.scopesAbove(id)
  const reaches = (assignment: StoredResource) =>
    above.includes(scopeOf(assignment)) &&
    !texts(at(assignment, 'properties.notScopes')).some((scope) => above.includes(scope.toLowerCase()))
  return assignments
    .filter(reaches)
    .flatMap((assignment) => policiesOf(store, assignment))
    .filter((policy) => policy.effect !== 'Disabled' && !isExempt(store, policy, above, now))
}

/** The scope of an assignment or exemption, in lower case and without a slash behind. */
export const scopeOf = ({ id }: StoredResource): string =>
  id.toLowerCase().slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/'))

function isExempt(store: Store, policy: EffectivePolicy, above: readonly string[], now: Date): boolean {
  return store.ofType(exemptionType).some((exemption) => {
    const properties = exemption.properties ?? {}
    const references = texts(properties['policyDefinitionReferenceIds'])
    const expires = text(properties['expiresOn'])
    return (
      String(properties['policyAssignmentId']).toLowerCase() === policy.assignment.id.toLowerCase() &&
      above.includes(scopeOf(exemption)) &&
      (references.length === 0 || references.includes(policy.referenceId ?? '')) &&
      (expires === undefined || new Date(expires) > now)
    )
  })
}

/** The name of a definition, a set or an assignment as people see it. */
export const shownName = (resource: StoredResource): string =>
  text(at(resource, 'properties.displayName')) ?? lastSegment(resource.id)

/** Parameters as they were given. */
export const givenParameters = (assignment: StoredResource): Json => {
  const parameters = at(assignment, 'properties.parameters')
  return isRecord(parameters) ? parameters : {}
}
