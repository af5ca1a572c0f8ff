import { keysOf } from '../by-key.ts'
import type { Catalogue } from '../catalog/index.ts'
import type { DocumentFault } from '../diagnostics/fault.ts'
import { type Environment, isProjectType } from '../vocabulary.ts'
import { brokenRule, textAt } from './reading.ts'
import { decideServices } from './services.ts'
import type { YamlDocument } from './yaml-document.ts'

/** What the options of a service cannot be, given what was decided about the others, in every environment alike once. */
export function serviceOptionsRule(
  document: YamlDocument,
  factory: unknown,
  catalogue: Catalogue,
  delivered: readonly Environment[],
): readonly DocumentFault[] {
  const type = textAt(document.value, ['type'])
  if (!isProjectType(type)) return []
  return delivered.flatMap((environment) => {
    const decisions = decideServices(catalogue, factory, document.value, type, environment)
    const all = keysOf(catalogue.services)
    const optionsOf = ({ key }: { readonly key: string }) => {
      const known = all.find((candidate) => candidate === key)
      const setting = known && decisions[known].setting
      return setting?.enabled === true ? setting.options : undefined
    }
    return all.flatMap((key) => {
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
  })
}
