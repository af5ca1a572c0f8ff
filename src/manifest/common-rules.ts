import { commonCatalogue, commonPartKeys } from '../catalog/common/index.ts'
import type { CommonPartDefinition } from '../catalog/common/types.ts'
import { quoted } from '../diagnostics/escape.ts'
import type { DocumentFault, Path } from '../diagnostics/fault.ts'
import { lastSegment, sameText, subscriptionOf, typeOfResource } from '../resource-id.ts'
import { type Environment, environments } from '../vocabulary.ts'
import { decideCommonParts } from './common-parts.ts'
import { brokenRule, keysAt, textAt, valueAt } from './reading.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What ties the parts of the common area to their options, and to other keys. The same fault of all environments is said once. */
export function commonRules(document: YamlDocument): readonly DocumentFault[] {
  const faults = keysAt(document.value, ['environments'], environments).flatMap((environment) => {
    const virtualNetworkId = textAt(document.value, ['environments', environment, 'network', 'vnetId'])
    const open = { dns: 'standalone', virtualNetworkId: undefined, sharedContainerRegistry: true } as const
    const settings = decideCommonParts(document.value, environment, open)
    return commonPartKeys.flatMap((key) => {
      const part = commonCatalogue.parts[key]
      const setting = settings[key]
      const path = placeOf(document, key, environment)
      if (setting.kind === 'existing' && path !== undefined)
        return ofAnotherEnvironment(document, environment, path, part)
      if (setting.kind !== 'own' || path === undefined) return []
      return [
        ...missingOptions(document, path, part, setting.options),
        ...(virtualNetworkId !== undefined && part.ownNetworkOnly
          ? [foreignNetwork(document, path, part, environment)]
          : []),
      ]
    })
  })
  const places = faults.map(({ what }) => what)
  return faults.filter(({ what }, index) => places.indexOf(what) === index)
}

/**
 * What stands in for a part must not be in the subscription of another environment: what dev delivers would reach into prod. A
 * VNet may be: those of all environments are often where the network team has them.
 */
function ofAnotherEnvironment(
  document: YamlDocument,
  environment: Environment,
  of: Path,
  { existing, existingBy, resources }: CommonPartDefinition,
): readonly DocumentFault[] {
  const path = [...of, 'id']
  const type = existing === undefined || existingBy !== undefined ? undefined : resources[existing]?.type
  const subscriptionIn = (name: string): string =>
    textAt(document.value, ['environments', name, 'subscriptionId'])?.toLowerCase() ?? ''
  const id = (textAt(document.value, path) ?? '').replace(/\/$/, '')
  const subscription = subscriptionOf(id).toLowerCase()
  const other = keysAt(document.value, ['environments'], environments).find(
    (name) => name !== environment && subscriptionIn(name) === subscription,
  )
  // What is no id of such a resource is a fault of its own.
  if (type === undefined || !sameText(typeOfResource(id), type)) return []
  if (other === undefined || subscriptionIn(environment) === subscription) return []
  const [whom, fix] =
    path[0] === 'common'
      ? [`others than ${other}`, `What is of ${other} only belongs under 'environments.${other}.common'.`]
      : [environment, `Name one in the subscription of ${environment}, or in one that no environment has.`]
  return [
    brokenRule(document, path, {
      found: `${quoted(lastSegment(id))} in the subscription of ${other}`,
      allowed: `one in the subscription of ${environment}, or in one that no environment has`,
      what: `'${path.join('.')}' names ${quoted(lastSegment(id))} for ${whom}, and it is in the subscription of ${other}: what is delivered to one environment would reach into another. ${fix}`,
    }),
  ]
}

/** Where the document speaks of a part: for the environment, or for all; undefined when it does not. */
const placeOf = (document: YamlDocument, key: string, environment: Environment): Path | undefined =>
  [
    ['environments', environment, 'common', key],
    ['common', key],
  ].find((path) => valueAt(document.value, path) !== undefined)

function missingOptions(
  document: YamlDocument,
  path: Path,
  { title, required, options }: CommonPartDefinition,
  given: Readonly<Record<string, unknown>>,
): readonly DocumentFault[] {
  return required
    .filter((key) => given[key] === undefined)
    .map((key) => {
      const { description = '' } = options.shape[key] ?? {}
      return brokenRule(document, path, {
        found: `no ${quoted(key)}`,
        allowed: `${quoted(key)} with the other options`,
        what: `'${path.join('.')}' needs ${quoted(key)}: without it there can be no ${title}. ${description}`,
      })
    })
}

const foreignNetwork = (
  document: YamlDocument,
  path: Path,
  { title }: CommonPartDefinition,
  environment: Environment,
): DocumentFault =>
  brokenRule(document, path, {
    found: `${title} for the existing VNet of ${environment}`,
    allowed: 'nothing, or a VNet that the factory creates',
    what: `'${path.join('.')}' asks for ${title}, and ${environment} uses an existing VNet, which its owner changes. Switch it off there, or let the factory create the VNet ('addressSpace' instead of 'vnetId').`,
  })
