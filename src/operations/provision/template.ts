import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeProject } from '../../compose/compose-project.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { managedResourceIds } from '../../compose/template-summary.ts'
import {
  type PresentZoneGroup,
  withoutZoneGroups,
  withPresentZoneGroups,
  type ZoneGroup,
  zoneGroupsIn,
} from '../../compose/zone-groups.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import { jsonFile, type ResultFile } from '../../plan/report.ts'
import type { ProjectInEnvironment, ProjectTarget } from '../project.ts'
import type { StackTemplate } from '../stack/plan-stack.ts'

/** The ARM template of a project in one environment, and what follows from it. */
export interface ProjectTemplate extends StackTemplate {
  readonly file: ResultFile
  /** The DNS zone groups that its private endpoints need, whoever writes them. */
  readonly zoneGroups: readonly ZoneGroup[]
  /** The template with all of these in it: the same, unless a policy writes them. */
  readonly zoned: SubscriptionTemplate
}

/** Composes it. */
export function composeTemplate(
  { project: number, environment, azureCloud }: ProjectTarget,
  { project, names }: ProjectInEnvironment,
  subnets: AssignedSubnets,
): ProjectTemplate {
  const cloud = azureCloudNames.find((name) => name === azureCloud)
  const template = composeProject(project, names, subnets, cloud)
  const zoned = composeProject(withZones(project), names, subnets, cloud)
  const { subscriptionId } = project.factory
  return {
    zoneGroups: zoneGroupsIn(zoned, subscriptionId),
    zoned,
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
export const leavingZoneGroups = (
  composed: ProjectTemplate,
  endpointIds: readonly string[],
  target: ProjectInEnvironment,
): ProjectTemplate =>
  endpointIds.length === 0
    ? composed
    : replaced(composed, withoutZoneGroups(composed.template, endpointIds), target)

/** The same with zone groups that are there, although a policy is to write them. */
export const keepingZoneGroups = (
  composed: ProjectTemplate,
  present: readonly PresentZoneGroup[],
  target: ProjectInEnvironment,
): ProjectTemplate =>
  present.length === 0 ? composed : replaced(composed, withPresentZoneGroups(composed.zoned, present), target)

const replaced = (
  composed: ProjectTemplate,
  template: SubscriptionTemplate,
  { project }: ProjectInEnvironment,
): ProjectTemplate => ({
  ...composed,
  template,
  file: jsonFile(composed.file.name, template),
  resourceIds: managedResourceIds(template, project.factory.subscriptionId),
})
