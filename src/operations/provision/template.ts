import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeProject } from '../../compose/compose-project.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { managedResourceIds } from '../../compose/template-summary.ts'
import { jsonFile, type ResultFile } from '../../plan/report.ts'
import type { ProjectInEnvironment, ProjectTarget } from '../project.ts'

/** The ARM template of a project in one environment, and what follows from it. */
export interface ProjectTemplate {
  readonly template: SubscriptionTemplate
  readonly file: ResultFile
  /** Ids of the resources in it. */
  readonly resourceIds: readonly string[]
}

/** Composes it. */
export function composeTemplate(
  { project: number, environment, azureCloud }: ProjectTarget,
  { project, names }: ProjectInEnvironment,
  subnets: AssignedSubnets,
): ProjectTemplate {
  const cloud = azureCloudNames.find((name) => name === azureCloud)
  const template = composeProject(project, names, subnets, cloud)
  return {
    template,
    file: jsonFile(`prj${number}-${environment}.template.json`, template),
    resourceIds: managedResourceIds(template, project.factory.subscriptionId),
  }
}
