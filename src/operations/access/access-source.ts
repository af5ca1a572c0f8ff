import type { AccessSource } from '../../access/access-source.ts'
import { grantsOf } from '../../catalog/contents.ts'
import { resourceIds } from '../../catalog/resource-ids.ts'
import { commonIdsOf } from '../../compose/compose-common.ts'
import { contentsOf } from '../../compose/project-context.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** Everything that access to a project depends on. */
export const accessSource = (target: ProjectInEnvironment): AccessSource => ({
  project: target.project,
  names: target.names.project,
  common: target.names.common,
  ids: target.ids,
  commonRegistry: sharedRegistry(target),
  grants: grantsOf(contentsOf(target.project)),
})

/** The factory's registry, where roles may have been left when projects got registries of their own. */
const sharedRegistry = ({ project: { factory }, names }: ProjectInEnvironment): string =>
  resourceIds({
    subscriptionId: factory.subscriptionId,
    names: names.project,
    common: commonIdsOf(factory, names.common),
    ownContainerRegistry: false,
  }).containerRegistry
