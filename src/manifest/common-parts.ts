import * as z from 'zod'
import { byKey } from '../by-key.ts'
import { type CommonPartKey, commonCatalogue, commonPartKeys } from '../catalog/common/index.ts'
import type { CommonPartDefinition, CommonPartSetting, FactoryFacts } from '../catalog/common/types.ts'
import { catalogue, type ServiceKey, serviceKeys } from '../catalog/index.ts'
import { resourceIdText } from '../catalog/resource-id-text.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { type Environment, projectTypes } from '../vocabulary.ts'
import { merge } from './merge.ts'
import { objectAt, textAt } from './reading.ts'
import { decideServices } from './services.ts'
import { optionalKeys } from './values.ts'

/** A part by its key: `true` or `false` where it can be switched, its options, or the id of an existing resource. */
const partSchema = ({
  title,
  documentation,
  enabled,
  existing,
  existingBy,
  resources,
  options,
}: CommonPartDefinition) => {
  const resource = existing === undefined || existingBy !== undefined ? undefined : resources[existing]
  const forms: readonly z.ZodType[] = [
    ...(enabled === 'always' ? [] : [z.boolean()]),
    options,
    ...(resource === undefined
      ? []
      : [
          z.strictObject({
            id: resourceIdText(
              resource.type,
              `a resource id: /subscriptions/…/providers/${resource.type}/…`,
              'Resource id of an existing one, instead of one that is made',
            ),
          }),
        ]),
  ]
  return z.union(forms).meta({
    description: `${title}: ${formsIn(enabled, resource !== undefined)}. ${documentation}`,
    ...(enabled === 'always' && {
      patternErrorMessage: `${resource === undefined ? 'its options' : 'its options, or { id: … } of an existing one'} (there is always one)`,
    }),
  })
}

const formsIn = (enabled: CommonPartDefinition['enabled'], existing: boolean): string =>
  [
    ...(enabled === 'always' ? [] : ['true', 'false']),
    'its options',
    ...(existing ? ['the id of an existing one'] : []),
  ].join(', ')

/** Can factory.yml say anything about it under its key? */
const isOpen = ({ enabled, existing, existingBy, options }: CommonPartDefinition): boolean =>
  enabled !== 'always' ||
  (existing !== undefined && existingBy === undefined) ||
  Object.keys(options.shape).length > 0

/** The parts of the common area by key, those about which there is something to say. */
export const commonPartsSchema = (description: string) =>
  z
    .strictObject(
      optionalKeys(
        commonPartKeys.filter((key) => isOpen(commonCatalogue.parts[key])),
        (key) => partSchema(commonCatalogue.parts[key]),
      ),
    )
    .meta({ description })

/**
 * Decides every part of the common area of an environment. From weakest to strongest: the catalogue, `common`, `common` of
 * the environment, and what other keys say. Options merge deeply, lists are replaced.
 * @param document factory.yml, or what could be read of it
 */
export function decideCommonParts(
  document: unknown,
  environment: Environment,
  said: Omit<FactoryFacts, 'servicesOff'>,
): Readonly<Record<CommonPartKey, CommonPartSetting>> {
  const facts = { ...said, servicesOff: servicesOff(document, environment) }
  const layers = [['common'], ['environments', environment, 'common']].map((path) => objectAt(document, path))
  return byKey(commonPartKeys, (key) => decidePart(commonCatalogue.parts[key], layers, environment, facts))
}

/** The services that factory.yml switches off for all projects of an environment. @param document factory.yml, or what could be read of it */
export function servicesOff(document: unknown, environment: Environment): readonly ServiceKey[] {
  const decisions = projectTypes.map((type) => decideServices(catalogue, document, {}, type, environment))
  const isOff = (key: ServiceKey): boolean =>
    decisions.every(({ [key]: { setting, by } }) => !setting.enabled && by !== undefined)
  return serviceKeys.filter(isOff)
}

function decidePart(
  part: CommonPartDefinition,
  layers: readonly JsonObject[],
  environment: Environment,
  facts: FactoryFacts,
): CommonPartSetting {
  const decided = part.decidedBy(facts)
  if (decided !== undefined) return decided
  if (part.ownNetworkOnly && facts.virtualNetworkId !== undefined) return { kind: 'off' }
  let enabled = part.enabled !== false && !part.notNeeded(facts)
  let id: string | undefined
  let options: JsonObject = asObject(part.defaults[environment])
  for (const layer of layers) {
    const choice = layer[part.key]
    if (choice === undefined) continue
    enabled = choice !== false
    id = textAt(choice, ['id'])
    if (isJsonObject(choice) && id === undefined) options = merge(options, choice)
  }
  if (!enabled) return { kind: 'off' }
  return id === undefined ? { kind: 'own', options } : { kind: 'existing', id }
}

const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
