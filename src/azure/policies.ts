import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { sameText } from '../resource-id.ts'
import { type Arm, openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { type PolicyParameters, resolved } from './policy-rule.ts'
import type { Session } from './session.ts'

/** A policy as it is assigned, with its parameters put in. */
export interface AssignedPolicy {
  /** Name of the definition, as people read it. */
  readonly policy: string
  /** Name of the initiative that it is part of. */
  readonly initiative: string | undefined
  readonly assignment: string
  readonly scope: string
  readonly notScopes: readonly string[]
  readonly mode: string
  /** E.g. `deny`; undefined when it is an expression that is not understood. */
  readonly effect: string | undefined
  readonly condition: Json | undefined
  readonly parameters: PolicyParameters
  /** Is it limited or changed by something that is not looked into? */
  readonly isSpecial: boolean
  readonly exemptions: readonly string[]
}

/** The policies that are enforced in a subscription. */
export interface Policies {
  /** Those assigned at a subscription, above it and below it, except what is not enforced. */
  readonly enforced: (subscriptionId: string, now: Date) => Promise<readonly AssignedPolicy[]>
}

const object = z.custom<JsonObject>(isJsonObject, 'is no object')
const optionalObject = object.nullish().transform((value) => value ?? {})

const assignmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    displayName: z.string().nullish(),
    scope: z.string().nullish(),
    policyDefinitionId: z.string(),
    notScopes: z.array(z.string()).nullish(),
    parameters: optionalObject,
    enforcementMode: z.string().nullish(),
    overrides: z.array(z.unknown()).nullish(),
    resourceSelectors: z.array(z.unknown()).nullish(),
  }),
})
type Assignment = z.output<typeof assignmentSchema>

const definitionSchema = z.object({
  name: z.string(),
  properties: z.object({
    displayName: z.string().nullish(),
    mode: z.string().nullish(),
    parameters: optionalObject,
    policyRule: object,
  }),
})
const initiativeSchema = z.object({
  name: z.string(),
  properties: z.object({
    displayName: z.string().nullish(),
    parameters: optionalObject,
    policyDefinitions: z.array(
      z.object({
        policyDefinitionId: z.string(),
        policyDefinitionReferenceId: z.string().nullish(),
        parameters: optionalObject,
      }),
    ),
  }),
})
const exemptionSchema = z.object({
  id: z.string(),
  properties: z.object({
    policyAssignmentId: z.string(),
    policyDefinitionReferenceIds: z.array(z.string()).nullish(),
    expiresOn: z.string().nullish(),
  }),
})
type Exemption = z.output<typeof exemptionSchema>

const version = '2023-04-01'
const exemptionsVersion = '2022-07-01-preview'
const authorization = 'providers/Microsoft.Authorization'

/** Opens the policies of subscriptions. */
export async function openPolicies(session: Session): Promise<Policies> {
  const arm = await openArm(session)
  return {
    enforced: (subscriptionId, now) =>
      explaining('Reading the policies of the subscription', async () => {
        const at = `/subscriptions/${subscriptionId}/${authorization}`
        // https://learn.microsoft.com/rest/api/policy-authorization/policy-assignments/list
        const [assignments, exemptions] = await Promise.all([
          arm.list({ path: `${at}/policyAssignments`, apiVersion: version }, assignmentSchema),
          arm.list({ path: `${at}/policyExemptions`, apiVersion: exemptionsVersion }, exemptionSchema),
        ])
        const valid = exemptions.filter(
          ({ properties: { expiresOn } }) => !expiresOn || new Date(expiresOn) > now,
        )
        const enforced = assignments.filter(
          ({ properties }) => !sameText(properties.enforcementMode ?? '', 'DoNotEnforce'),
        )
        const reader = definitionReader(arm)
        return (await Promise.all(enforced.map((one) => policiesOf(one, valid, reader)))).flat()
      }),
  }
}

type Definition = z.output<typeof definitionSchema>
type Initiative = z.output<typeof initiativeSchema>

interface Reader {
  readonly definition: (id: string) => Promise<Definition>
  readonly initiative: (id: string) => Promise<Initiative>
}

/** Each definition is read once, however many assignments have it. */
function definitionReader(arm: Arm): Reader {
  const once = <T>(schema: z.ZodType<T>) => {
    const known = new Map<string, Promise<T>>()
    return (id: string): Promise<T> => {
      const found = known.get(id.toLowerCase()) ?? arm.get({ path: id, apiVersion: version }, schema)
      known.set(id.toLowerCase(), found)
      return found
    }
  }
  return { definition: once(definitionSchema), initiative: once(initiativeSchema) }
}

async function policiesOf(
  assignment: Assignment,
  exemptions: readonly Exemption[],
  read: Reader,
): Promise<readonly AssignedPolicy[]> {
  const { policyDefinitionId, parameters } = assignment.properties
  const given = valuesOf(parameters)
  if (!/\/policySetDefinitions\//i.test(policyDefinitionId)) {
    const definition = await read.definition(policyDefinitionId)
    return [assigned(assignment, definition, given, exemptedScopes(assignment, undefined, exemptions))]
  }
  const { name, properties } = await read.initiative(policyDefinitionId)
  const outer = { ...defaultsOf(properties.parameters), ...given }
  return Promise.all(
    properties.policyDefinitions.map(async (member) => {
      const inner = Object.entries(valuesOf(member.parameters)).map(
        ([key, value]): [string, Json | undefined] => [key, resolved(value, outer)],
      )
      const exempted = exemptedScopes(assignment, member.policyDefinitionReferenceId ?? undefined, exemptions)
      const definition = await read.definition(member.policyDefinitionId)
      return assigned(
        assignment,
        definition,
        Object.fromEntries(inner),
        exempted,
        properties.displayName ?? name,
      )
    }),
  )
}

/** `{ name: { value } }` as Azure writes parameters. */
const valuesOf = (parameters: JsonObject): PolicyParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, one]) => [name, isJsonObject(one) ? one['value'] : undefined]),
  )

/** `{ name: { defaultValue } }` as definitions declare them. */
const defaultsOf = (parameters: JsonObject): PolicyParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, one]) => [
      name,
      isJsonObject(one) ? one['defaultValue'] : undefined,
    ]),
  )

function assigned(
  { id, name, properties }: Assignment,
  definition: Definition,
  given: PolicyParameters,
  exemptions: readonly string[],
  initiative?: string,
): AssignedPolicy {
  const { displayName, mode, parameters: declared, policyRule } = definition.properties
  const parameters = { ...defaultsOf(declared), ...given }
  const then = policyRule['then']
  const effect = isJsonObject(then) ? resolved(then['effect'], parameters) : undefined
  return {
    policy: displayName ?? definition.name,
    initiative,
    assignment: properties.displayName ?? name,
    scope:
      properties.scope ?? id.split(/\/providers\/Microsoft\.Authorization\/policyAssignments\//i)[0] ?? '',
    notScopes: properties.notScopes ?? [],
    mode: mode ?? 'All',
    effect: typeof effect === 'string' ? effect : undefined,
    condition: policyRule['if'],
    parameters,
    isSpecial: [properties.overrides, properties.resourceSelectors].some((list) => (list ?? []).length > 0),
    exemptions,
  }
}

/** Where an assignment, or one policy of it, is excepted. */
const exemptedScopes = (
  { id }: Assignment,
  reference: string | undefined,
  exemptions: readonly Exemption[],
): readonly string[] =>
  exemptions.flatMap(({ id: own, properties }) => {
    const only = properties.policyDefinitionReferenceIds ?? []
    const isMeant =
      only.length === 0 || (reference !== undefined && only.some((one) => sameText(one, reference)))
    return sameText(properties.policyAssignmentId, id) && isMeant
      ? [own.split(/\/providers\/Microsoft\.Authorization\/policyExemptions\//i)[0] ?? '']
      : []
  })
