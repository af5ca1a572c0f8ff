import { keysOf } from '../../by-key.ts'
import { catalogue, type ServiceKey } from '../../catalog/index.ts'
import type { Location } from '../../diagnostics/user-error.ts'
import type { Situation } from './situation.ts'

/** The service whose resources have this type; undefined for what every project has. */
const serviceOf = (type: string): ServiceKey | undefined =>
  keysOf(catalogue.services).find((key) => Object.hasOwn(catalogue.services[key].data, type))

/** Where the manifest says that the project has a resource of this type, or nearest to it. */
export function placeOf({ target: { project } }: Pick<Situation, 'target'>, type: string): Location {
  const service = serviceOf(type)
  return project.at(service === undefined ? 'type' : `services.${service}`)
}
