import { lookUpRegion } from '../catalog/facts/regions.ts'
import { quoted } from '../diagnostics/escape.ts'
import type { Location } from '../diagnostics/user-error.ts'
import { type Environment, environments } from '../vocabulary.ts'
import type { FactoryManifest, ProjectManifest } from './load.ts'
import { deliveredEnvironments } from './project-rules.ts'

/** Warnings about the documents of a project in one of its environments: sentences with their places. */
export const documentWarnings = (
  factory: FactoryManifest,
  project: ProjectManifest,
  environment: Environment,
): readonly string[] => [...unknownRegion(factory), ...skippedEnvironments(factory, project, environment)]

const at = ({ file, line, column }: Location, sentence: string): string =>
  `${file}:${line}:${column}: ${sentence}`

/** Only Azure knows all its regions: what this release does not know is left to the deployment. */
function unknownRegion({ document, at: placeOf }: FactoryManifest): readonly string[] {
  if (lookUpRegion(document.location).kind === 'known') return []
  const sentence = `This release does not know the region ${quoted(document.location)}. Azure will say whether it exists.`
  return [at(placeOf('location'), sentence)]
}

/** What goes to an environment should have been in those before it. */
function skippedEnvironments(
  factory: FactoryManifest,
  project: ProjectManifest,
  environment: Environment,
): readonly string[] {
  const delivered = deliveredEnvironments(project.document, factory.document)
  const earlier = environments.slice(0, environments.indexOf(environment))
  const skipped = earlier.filter((key) => !delivered.includes(key))
  if (!delivered.includes(environment) || skipped.length === 0) return []
  const isLeftOut = skipped.some((key) => factory.document.environments[key] !== undefined)
  const place = (isLeftOut ? project : factory).at(`environments.${environment}`)
  return [
    at(
      place,
      `Project ${project.document.project} goes to ${environment} without having been in ${skipped.join(' and ')}${isLeftOut ? '' : ', which this factory does not have'}.`,
    ),
  ]
}
