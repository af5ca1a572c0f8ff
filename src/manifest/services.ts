import * as z from 'zod'
import { byKey, keysOf } from '../by-key.ts'
import type { Catalogue, ServiceKey } from '../catalog/index.ts'
import type { Path } from '../diagnostics/fault.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Environment, ProjectType } from '../vocabulary.ts'
import { merge } from './merge.ts'
import { objectAt } from './reading.ts'
import type { ServiceSetting } from './resolved.ts'
import { optionalKeys } from './values.ts'

/** Services by key: `true`, `false`, or the service's own options. */
export const servicesSchema = ({ services }: Catalogue, description: string) =>
  z
    .strictObject(
      optionalKeys(keysOf(services), (key) =>
        z.union([z.boolean(), services[key].options]).meta({
          description: `${services[key].title}: true, false, or its options. ${services[key].documentation}`,
        }),
      ),
    )
    .meta({ description })

/** One place where services can be enabled or disabled. */
interface Layer {
  readonly document: 'factory' | 'project'
  readonly path: Path
  readonly services: JsonObject
}

/** What was decided about a service, and by whom; by the type of the project when `by` is absent. */
export interface ServiceDecision {
  readonly setting: ServiceSetting
  readonly by?: { readonly document: 'factory' | 'project'; readonly path: Path }
}

/**
 * Decides every service of a project in one environment. From weakest to strongest: the catalogue (by type), the
 * factory's defaults, those for the environment, the project, its differences for the environment. `true` enables,
 * `false` disables. Options merge deeply, lists are replaced. A project's options enable the service; the factory's do not.
 * @param factory the factory's document, or what could be read of it
 * @param project the project's document, or what could be read of it
 */
export function decideServices(
  { services }: Pick<Catalogue, 'services'>,
  factory: unknown,
  project: unknown,
  type: ProjectType,
  environment: Environment,
): Readonly<Record<ServiceKey, ServiceDecision>> {
  const layers = layersOf(factory, project, environment)
  const decide = (key: ServiceKey): ServiceDecision => {
    let enabled = services[key].defaultFor.includes(type)
    let by: ServiceDecision['by']
    let options: JsonObject = asObject(services[key].defaults[environment])
    for (const { document, path, services: choices } of layers) {
      const choice = choices[key]
      const isOptions = isJsonObject(choice)
      if (isOptions) options = merge(options, choice)
      if (typeof choice === 'boolean' || (isOptions && document === 'project')) {
        enabled = choice !== false
        by = { document, path: [...path, key] }
      }
    }
    const setting: ServiceSetting = enabled ? { enabled, options } : { enabled }
    return by === undefined ? { setting } : { setting, by }
  }
  return byKey(keysOf(services), decide)
}

function layersOf(factory: unknown, project: unknown, environment: Environment): readonly Layer[] {
  const layer = (document: Layer['document'], source: unknown, path: Path): Layer => ({
    document,
    path,
    services: objectAt(source, path),
  })
  return [
    layer('factory', factory, ['defaults', 'services']),
    layer('factory', factory, ['defaults', 'environments', environment, 'services']),
    layer('project', project, ['services']),
    layer('project', project, ['environments', environment, 'services']),
  ]
}

const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
