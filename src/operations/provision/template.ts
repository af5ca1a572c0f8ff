import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeProject } from '../../compose/compose-project.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import type { ProjectInEnvironment, ProjectTarget } from '../project.ts'
import { type ZonedTemplate, zonedTemplate } from '../stack/zoned-template.ts'

/** Composes the ARM template of a project in one environment. */
export function composeTemplate(
  { project: number, environment, azureCloud }: ProjectTarget,
  { project, names }: ProjectInEnvironment,
  subnets: AssignedSubnets,
): ZonedTemplate {
  const cloud = azureCloudNames.find((name) => name === azureCloud)
  const template = composeProject(project, names, subnets, cloud)
  const zoned = composeProject(withZones(project), names, subnets, cloud)
  const file = `prj${number}-${environment}.template.json`
  return zonedTemplate({ template, zoned }, file, project.factory.subscriptionId)
}

/** The project as it would be if no policy wrote its records. */
const withZones = (project: ResolvedProject): ResolvedProject =>
  project.factory.dns.mode === 'policy'
    ? { ...project, factory: { ...project.factory, dns: { mode: 'standalone' } } }
    : project
