import type { StoredResource } from '../../../contracts.ts'
import { badRequest, refusal } from '../../errors.ts'
import { at, type Json, record, records, text } from '../../json.ts'
import type { ResourceRules, World, Write } from '../../rules.ts'
import { isScope } from '../scope-exists.ts'
import {
  assignmentType,
  definitionType,
  exemptionType,
  findDefinition,
  parametersOf,
  policiesOf,
  setType,
} from './definitions.ts'
import { checkPolicyName } from './names.ts'
import { checkParametersUsed } from './parameters.ts'
import { faultOfRule } from './rule.ts'

/** Resource Manager's own modes, and those of providers. */
const modes = /^(all|indexed|microsoft\.[\w.]+\.data)$/i

/** Microsoft.Authorization: policy definitions, sets of them, their assignments and exemptions. */
export const policyRules: readonly ResourceRules[] = [
  {
    type: definitionType,
    location: 'none',
    stateless: true,
    required: ['properties.policyRule'],
    check: checkDefinition,
    complete: ({ properties }) => ({
      mode: 'Indexed',
      parameters: {},
      metadata: {},
      ...properties,
      policyType: 'Custom',
    }),
    checkRemoval: checkUnused,
  },
  {
    type: setType,
    location: 'none',
    stateless: true,
    required: ['properties.policyDefinitions'],
    check: checkSet,
    complete: ({ properties }) => ({ parameters: {}, metadata: {}, ...properties, policyType: 'Custom' }),
    checkRemoval: checkUnused,
  },
  {
    type: assignmentType,
    location: 'none',
    stateless: true,
    required: ['properties.policyDefinitionId'],
    check: checkAssignment,
    complete: completeAssignment,
  },
  {
    type: exemptionType,
    location: 'none',
    stateless: true,
    required: ['properties.policyAssignmentId', 'properties.exemptionCategory'],
    check: checkExemption,
  },
]

function checkPlace({ address }: Write, world: World): void {
  checkPolicyName(address)
  if (address.subscriptionId === undefined && !isScope(address.scope, world))
    throw refusal(404, 'NotFound', `The scope '${address.scope}' was not found.`)
}

function checkDefinition(write: Write, world: World): void {
  checkPlace(write, world)
  checkMode(write)
  const fault = faultOfRule(write.properties['policyRule'])
  if (fault !== undefined)
    throw badRequest(
      'InvalidPolicyRule',
      `Failed to parse policy rule of the policy definition '${write.address.name}': ${fault}.`,
    )
  checkParametersUsed({
    what: `policy '${write.address.name}'`,
    declared: write.properties['parameters'],
    used: write.properties['policyRule'],
    place: 'policy rule',
  })
}

function checkMode({ address, properties }: Write): void {
  const mode = text(properties['mode'])
  if (mode === undefined || modes.test(mode)) return
  throw badRequest(
    'InvalidPolicyDefinitionMode',
    `The policy definition '${address.name}' has the mode '${mode}', which is not 'All', 'Indexed' or the mode of a resource provider.`,
  )
}

function checkSet(write: Write, world: World): void {
  checkPlace(write, world)
  const { address, properties } = write
  const references = records(properties['policyDefinitions'])
  for (const reference of references) {
    const id = text(reference['policyDefinitionId']) ?? ''
    const definition = findDefinition(world.store, id)
    if (definition === undefined && !world.isPlanned(id)) throw definitionNotFound(id)
    if (definition !== undefined) checkReference(address.name, reference, definition)
  }
  checkParametersUsed({
    what: `policy set '${address.name}'`,
    declared: properties['parameters'],
    used: references.map(({ parameters }) => parameters),
    place: 'policy definitions',
  })
}

/** A set gives each of its definitions the parameters that it has, and no others. */
function checkReference(set: string, reference: Json, definition: StoredResource): void {
  const { missing, unknown } = compared(definition, record(reference['parameters']))
  if (unknown.length > 0)
    throw badRequest(
      'UndefinedPolicyParameter',
      `The policy set definition '${set}' is attempting to assign the parameter(s) '${unknown.join(',')}' which are not defined in the policy definition '${definition.name}'.`,
    )
  if (missing.length > 0)
    throw badRequest(
      'MissingPolicyParameter',
      `The policy set definition '${set}' is missing the parameter(s) '${missing.join(',')}' as defined in the policy definition '${definition.name}'.`,
    )
}

const definitionNotFound = (id: string) =>
  refusal(404, 'PolicyDefinitionNotFound', `The policy definition '${id}' could not be found.`)

function checkAssignment(write: Write, world: World): void {
  checkPlace(write, world)
  const { address, properties, body } = write
  const id = text(properties['policyDefinitionId']) ?? ''
  const definition = findDefinition(world.store, id)
  if (definition === undefined && !world.isPlanned(id)) throw definitionNotFound(id)
  const home = id.slice(0, Math.max(0, id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/')))
  if (!world.store.scopesAbove(address.scope).includes(home.toLowerCase()))
    throw badRequest(
      'InvalidCreatePolicyAssignmentRequest',
      `The policy definition specified in policy assignment '${address.name}' is out of scope. Policy definition should be specified only at or above the policy assignment scope.`,
    )
  if (definition !== undefined) checkParameters(write, definition)
  const mode = text(properties['enforcementMode'])
  if (mode !== undefined && !/^(Default|DoNotEnforce)$/i.test(mode))
    throw badRequest(
      'InvalidRequestContent',
      `The enforcement mode '${mode}' is not 'Default' or 'DoNotEnforce'.`,
    )
  checkIdentity(write, { id: address.id, name: address.name, type: assignmentType, ...body }, world)
}

/** What a definition declares beside what it is given. */
function compared(definition: StoredResource, given: Json) {
  const declared = record(at(definition, 'properties.parameters'))
  const values = parametersOf(definition, given)
  const known = new Set(Object.keys(declared).map((name) => name.toLowerCase()))
  return {
    declared,
    values,
    missing: Object.keys(declared).filter((name) => !values.has(name.toLowerCase())),
    unknown: Object.keys(given).filter((name) => !known.has(name.toLowerCase())),
  }
}

function checkParameters({ address, properties }: Write, definition: StoredResource): void {
  const { declared, values, missing, unknown } = compared(definition, record(properties['parameters']))
  if (missing.length > 0)
    throw badRequest(
      'MissingPolicyParameter',
      `The policy assignment '${address.name}' is missing the parameter(s) '${missing.join(', ')}' as defined in the policy definition '${definition.name}'.`,
    )
  if (unknown.length > 0)
    throw badRequest(
      'UndefinedPolicyParameter',
      `The policy assignment '${address.name}' has defined parameters '${unknown.join(', ')}' which are not defined in the policy definition '${definition.name}'.`,
    )
  for (const [name, { allowedValues }] of Object.entries(declared).map(
    ([name, one]) => [name, record(one)] as const,
  )) {
    const value = values.get(name.toLowerCase())
    if (!Array.isArray(allowedValues) || allowedValues.some((one) => same(one, value))) continue
    throw badRequest(
      'PolicyParameterValueNotAllowed',
      `The value '${JSON.stringify(value)}' is not allowed for policy parameter '${name}' in policy definition '${definition.name}'. The allowed values are '${allowedValues.join(', ')}'.`,
    )
  }
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one)?.toLowerCase() === JSON.stringify(other)?.toLowerCase()

/** What changes or deploys needs an identity to do it as, and that one a place. */
function checkIdentity({ body, address }: Write, assignment: StoredResource, world: World): void {
  const acts = policiesOf(world.store, assignment).some(({ effect }) =>
    /^(Modify|DeployIfNotExists)$/.test(effect),
  )
  const identity = text(record(body['identity'])['type']) ?? 'None'
  if (acts && identity === 'None')
    throw badRequest(
      'ResourceIdentityRequired',
      `The policy definition specified in policy assignment '${address.name}' has an effect that needs a managed identity, but the assignment has none. Please assign a managed identity.`,
    )
  if (identity !== 'None' && text(body['location']) === undefined)
    throw badRequest('LocationRequired', 'The location property is required for this definition.')
}

function completeAssignment({ properties, address, existing, caller }: Write, world: World): Json {
  const now = world.clock.now().toISOString()
  const before = record(at(existing, 'properties.metadata'))
  return {
    enforcementMode: 'Default',
    notScopes: [],
    parameters: {},
    ...properties,
    metadata: {
      ...record(properties['metadata']),
      createdBy: before['createdBy'] ?? caller.objectId,
      createdOn: before['createdOn'] ?? now,
    },
    scope: address.scope === '' ? '/' : address.scope,
  }
}

function checkUnused(definition: StoredResource, { store }: World): void {
  const key = definition.id.toLowerCase()
  const uses = [...store.ofType(assignmentType), ...store.ofType(setType)].filter(({ properties = {} }) =>
    [properties, ...records(properties['policyDefinitions'])].some(
      ({ policyDefinitionId }) => String(policyDefinitionId).toLowerCase() === key,
    ),
  )
  if (uses.length > 0)
    throw badRequest(
      'InvalidDeletePolicyDefinitionRequest',
      `The policy definition '${definition.name}' cannot be deleted because it is referenced by '${uses.map(({ id }) => id).join("', '")}'.`,
    )
}

function checkExemption(write: Write, world: World): void {
  checkPlace(write, world)
  const { properties } = write
  const category = text(properties['exemptionCategory'])
  if (category !== 'Waiver' && category !== 'Mitigated')
    throw badRequest(
      'InvalidRequestContent',
      `The exemption category '${category ?? ''}' is not 'Waiver' or 'Mitigated'.`,
    )
  const id = text(properties['policyAssignmentId']) ?? ''
  if (world.store.get(id)?.type.toLowerCase() !== assignmentType.toLowerCase())
    throw refusal(404, 'PolicyAssignmentNotFound', `The policy assignment '${id}' is not found.`)
}
