import path from 'node:path'
import type { ResourceIds } from '../catalog/types.ts'
import { type Names, projectResourceIds } from '../compose/project-context.ts'
import { documentOf } from '../manifest/fault.ts'
import { loadFactory, loadProject } from '../manifest/load.ts'
import { namingScheme, resolveProject } from '../manifest/resolve.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import { commonNames, projectNames } from '../naming/names.ts'
import { readDocument } from './files.ts'
import type { ProjectInputs } from './project-inputs.ts'

/** A project in one environment, with the names and ids of all it has. */
export interface ProjectInEnvironment {
  readonly project: ResolvedProject
  readonly names: Names
  readonly ids: ResourceIds
}

/** Where the manifest of a project is: beside factory.yml, as `projects/prjNNN.yml`. */
const projectFile = (factoryFile: string, project: string): string =>
  path.join(path.dirname(factoryFile), 'projects', `prj${project}.yml`)

/**
 * Reads both documents and decides everything in them for one environment.
 * @throws UserError with every fault of the document that has some
 */
export function readProject({
  factoryFile,
  project: number,
  environment,
}: ProjectInputs): ProjectInEnvironment {
  const factory = documentOf(loadFactory(readDocument(factoryFile, 'factory-file'), factoryFile))
  const file = projectFile(factoryFile, number)
  const project = resolveProject(
    factory,
    documentOf(loadProject(readDocument(file, 'project'), file, factory)),
    environment,
  )
  const scheme = namingScheme(project.factory)
  const names = { project: projectNames(scheme, number), common: commonNames(scheme) }
  return { project, names, ids: projectResourceIds(project, names) }
}
