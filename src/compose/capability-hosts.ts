import { partsOf } from '../catalog/contents.ts'
import type { AzureCloudName } from '../catalog/facts/private-dns.ts'
import { catalogue } from '../catalog/index.ts'
import type { CapabilityHost } from '../catalog/types.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import { contentsOf, type Names, partContext, projectContext } from './project-context.ts'

/** The capability hosts of a project, in the order in which they are created: they are in no template. */
export function capabilityHostsOf(
  project: ResolvedProject,
  names: Names,
  cloud: AzureCloudName = 'AzureCloud',
): readonly CapabilityHost[] {
  const context = projectContext(project, names, {}, cloud, catalogue)
  return partsOf(contentsOf(project)).flatMap((part) =>
    part.capabilityHosts(partContext(part, context, project)),
  )
}
