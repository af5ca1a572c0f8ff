import type { SubnetSpec } from '../../network/inputs.ts'
import { requestsFromSpecs, type SubnetRequest, subnetRequests } from '../../network/requested-subnets.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** The subnets that are asked for: by an input, or else by the manifest. */
export function requestsOf(
  specs: readonly SubnetSpec[] | undefined,
  target: ProjectInEnvironment | undefined,
): readonly SubnetRequest<string>[] {
  if (specs !== undefined) return requestsFromSpecs(specs, target?.names.project)
  if (target === undefined) throw new Error('Without requested subnets there is a project.')
  return subnetRequests(target.project, target.names.project)
}
