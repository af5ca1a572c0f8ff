import { UserError } from '../../diagnostics/user-error.ts'
import type { Report } from '../../plan/report.ts'
import type { ProjectInEnvironment, ProjectTarget } from '../project.ts'
import { readSubnets } from './subnets-input.ts'
import { composeTemplate } from './template.ts'

/**
 * Renders the template of a project. Calls no service.
 * @param subnets JSON as ip-calc writes it
 */
export function renderTemplate(
  options: ProjectTarget & { readonly subnets: string | undefined },
  target: ProjectInEnvironment,
): Report {
  if (options.subnets === undefined) {
    throw new UserError({
      what: "Input 'subnets' is missing.",
      why: 'Mode render calls no service, so it cannot read the subnets from the VNet.',
      fix: "Pass the output 'subnets' of ip-calc.",
    })
  }
  const { file, resourceIds } = composeTemplate(options, target, readSubnets(options.subnets, target))
  return {
    outcome: 'planned',
    outputs: {
      'resource-group': target.names.project.resourceGroup,
      resources: JSON.stringify(resourceIds),
    },
    files: { 'template-file': file },
    notice: `The template of project ${options.project} in ${options.environment} is written to ${file.name}.`,
  }
}
