import { tagsOf } from '../compose/project-context.ts'
import type { Owner } from '../network/ownership.ts'
import type { ProjectInEnvironment } from './project.ts'

/** The owner of everything that the project has. */
export function ownerOf(project: ProjectInEnvironment['project']): Owner {
  const { factory, project: number, environment } = tagsOf(project)
  if (factory === undefined || number === undefined || environment === undefined) {
    throw new Error('The tags of a project contain its factory, number and environment.')
  }
  return { factory, project: number, environment }
}
