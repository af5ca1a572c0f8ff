import { UserError } from '../../diagnostics/user-error.ts'
import type { DescribedEnvironment } from '../../report/delivery.ts'
import { type ProjectTarget, readProject } from '../project.ts'

/** A project in one environment as its documents describe it; undefined when they have faults, which its run reports. */
export function describeEnvironment(target: ProjectTarget): DescribedEnvironment | undefined {
  try {
    const { project, names, ids } = readProject(target)
    return { project, ids, resourceGroup: names.project.resourceGroup }
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
