import { keysOf } from '../by-key.ts'
import type { Catalogue, ServiceKey } from '../catalog/index.ts'
import type { DocumentFault } from '../diagnostics/fault.ts'
import { type Environment, isProjectType } from '../vocabulary.ts'
import { brokenRule, textAt } from './reading.ts'
import { decideServices, type ServiceDecision } from './services.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What was decided about all services in one environment. */
interface Decided {
  readonly environment: Environment
  readonly decisions: Readonly<Record<ServiceKey, ServiceDecision>>
}

/** What ties services together, in each environment that is delivered: those that others require, and their options. */
export function serviceRules(
  document: YamlDocument,
  factory: unknown,
  catalogue: Catalogue,
  delivered: readonly Environment[],
): readonly DocumentFault[] {
  const type = textAt(document.value, ['type'])
  if (!isProjectType(type)) return []
  const decided = delivered.map((environment) => ({
    environment,
    decisions: decideServices(catalogue, factory, document.value, type, environment),
  }))
  return [
    ...decided.flatMap((one) => requiredServicesRule(document, catalogue, one)),
    ...decided.flatMap((one) => optionsRule(document, catalogue, one)),
  ]
}

const enabledOf = ({ services }: Catalogue, { decisions }: Decided): readonly ServiceKey[] =>
  keysOf(services).filter((key) => decisions[key].setting.enabled)

const requiredServicesRule = (
  document: YamlDocument,
  catalogue: Catalogue,
  decided: Decided,
): readonly DocumentFault[] =>
  enabledOf(catalogue, decided).flatMap((key) =>
    keysOf(catalogue.services)
      .filter((other) => catalogue.services[key].requires.includes(other))
      .filter((required) => !decided.decisions[required].setting.enabled)
      .map((required) => {
        const { environment, decisions } = decided
        const places = [decisions[required].by, decisions[key].by].filter((by) => by?.document === 'project')
        return brokenRule(document, places[0]?.path ?? ['type'], {
          found: `${key} without ${required}`,
          allowed: `${key} together with ${required}`,
          what: `In ${environment}, '${key}' is enabled but '${required}' is disabled, and ${catalogue.services[key].title} requires it. Enable '${required}' or disable '${key}'.`,
        })
      }),
  )

/** What the options of a service cannot be, given what was decided about the others. */
function optionsRule(
  document: YamlDocument,
  catalogue: Catalogue,
  decided: Decided,
): readonly DocumentFault[] {
  const { environment, decisions } = decided
  const optionsOf = ({ key }: { readonly key: string }) => {
    const known = keysOf(catalogue.services).find((candidate) => candidate === key)
    const setting = known && decisions[known].setting
    return setting?.enabled === true ? setting.options : undefined
  }
  return enabledOf(catalogue, decided).flatMap((key) => {
    const { setting, by } = decisions[key]
    if (!setting.enabled) return []
    return catalogue.services[key].refuses(setting.options, optionsOf).map((sentence) =>
      brokenRule(document, by?.document === 'project' ? by.path : ['type'], {
        found: `options of ${key} that do not go together`,
        allowed: 'options that do',
        what: `In ${environment}: ${sentence}`,
      }),
    )
  })
}
