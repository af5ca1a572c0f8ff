import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeProject } from '../../compose/compose-project.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { managedResourceIds } from '../../compose/template-summary.ts'
import { withoutZoneGroups, type ZoneGroup, zoneGroupsIn } from '../../compose/zone-groups.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import { jsonFile, type ResultFile } from '../../plan/report.ts'
import type { ProjectInEnvironment, ProjectTarget } from '../project.ts'

/** The ARM template of a project in one environment, and what follows from it. */
export interface ProjectTemplate {
  readonly template: SubscriptionTemplate
  readonly file: ResultFile
  /** Ids of the resources in it. */
  readonly resourceIds: readonly string[]
  /** The DNS zone groups that its private endpoints need, whoever writes them. */
  readonly zoneGroups: readonly ZoneGroup[]
}

/** Composes it. */
export function composeTemplate(
  { project: number, environment, azureCloud }: ProjectTarget,
  { project, names }: ProjectInEnvironment,
  subnets: AssignedSubnets,
): ProjectTemplate {
  const cloud = azureCloudNames.find((name) => name === azureCloud)
  const template = composeProject(project, names, subnets, cloud)
  const { subscriptionId } = project.factory
  return {
    zoneGroups: zoneGroupsIn(composeProject(withZones(project), names, subnets, cloud), subscriptionId),
    template,
    file: jsonFile(`prj${number}-${environment}.template.json`, template),
    resourceIds: managedResourceIds(template, subscriptionId),
  }
}

/** The project as it would be if no policy wrote its records. */
const withZones = (project: ResolvedProject): ResolvedProject =>
  project.factory.dns.mode === 'policy'
    ? { ...project, factory: { ...project.factory, dns: { mode: 'standalone' } } }
    : project

/** The same without the zone groups of these private endpoints. */
export function leavingZoneGroups(
  composed: ProjectTemplate,
  endpointIds: readonly string[],
  { project }: ProjectInEnvironment,
): ProjectTemplate {
  if (endpointIds.length === 0) return composed
  const template = withoutZoneGroups(composed.template, endpointIds)
  return {
    ...composed,
    template,
    file: jsonFile(composed.file.name, template),
    resourceIds: managedResourceIds(template, project.factory.subscriptionId),
  }
}
