import { tagsOf } from '../../compose/project-context.ts'
import { projectNameTag } from '../../compose/project-name-tag.ts'
import { numberOfAnother } from '../number-of-another.ts'
import { ownerOf } from '../owner.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { namedIds } from '../removal/named-ids.ts'
import type { StackTarget } from '../stack-target.ts'

/** A project in one environment as the deployment stack that it is. */
export function projectStack(target: ProjectInEnvironment): StackTarget {
  const { project, names, ids } = target
  const { number, name, environment } = project
  return {
    factory: project.factory,
    name: names.project.deploymentStack,
    description: `AI Factory project ${number} (${name}) in ${environment}`,
    tags: { ...tagsOf(project), [projectNameTag]: name },
    resourceGroupId: ids.resourceGroup,
    owner: ownerOf(project),
    namedIds: namedIds(target),
    subject: { project: number, environment },
    texts: {
      title: `Project ${number} in ${environment}`,
      noun: 'project',
      document: 'the manifest',
      workflow: 'Deliver',
      where: project.at('services'),
      whyUnwanted:
        'The manifests of this commit do not ask for them. A service may be switched off or the type changed; or this is an older commit than the one delivered last.',
      howToMove: 'give the project another number',
    },
    objection: (stackTags, allowed) => numberOfAnother(stackTags, project, allowed),
  }
}
