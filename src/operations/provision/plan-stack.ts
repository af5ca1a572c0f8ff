import type { DeploymentStacks, StackRequest } from '../../azure/deployment-stacks.ts'
import { deploymentChanges } from '../../compose/deployment-changes.ts'
import { tagsOf } from '../../compose/project-context.ts'
import { templateHash, templateHashTag } from '../../compose/template-hash.ts'
import { templateBodies } from '../../compose/template-summary.ts'
import type { UserError } from '../../diagnostics/user-error.ts'
import { type Plan, projectPlan } from '../../plan/model.ts'
import type { Allowance } from '../../vocabulary.ts'
import type { OperationContext } from '../operation.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { guard, projectNameTag } from './guards.ts'
import type { ProjectTemplate } from './template.ts'

/** The deployment stack that a project should be. */
export const stackRequest = (
  { project, names }: ProjectInEnvironment,
  { template }: ProjectTemplate,
): StackRequest => ({
  name: names.project.deploymentStack,
  location: project.factory.location,
  description: `AI Factory project ${project.number} (${project.name}) in ${project.environment}`,
  tags: {
    ...tagsOf(project),
    [projectNameTag]: project.name,
    [templateHashTag]: templateHash(template),
  },
  template: { ...template },
})

/** What is compared. */
interface Planned {
  readonly target: ProjectInEnvironment
  readonly template: ProjectTemplate
  readonly request: StackRequest
  readonly allowed: readonly Allowance[]
  /** Warnings about the project's documents and subnets. */
  readonly warnings: readonly string[]
}

/** The changes of a deployment, guarded. */
export interface StackPlan {
  readonly plan: Plan
  /** Why the plan must not be applied. */
  readonly refusal: UserError | undefined
  /** Azure's own answer, as JSON. */
  readonly whatIf: string
}

/** Asks Azure whether it accepts the template and what it would change, adds what Azure cannot know, and guards it. */
export async function planStack(
  stacks: DeploymentStacks,
  { target: { project }, template, request, allowed, warnings }: Planned,
  { action, info }: OperationContext,
): Promise<StackPlan> {
  const stack = await stacks.readSettled(request.name)
  info('Validating the template')
  await stacks.validate(request)
  info('Running what-if')
  const predicted = await stacks.whatIf(request)
  const sameTemplate = stack?.tags[templateHashTag] === request.tags[templateHashTag]
  const previous = sameTemplate ? request.template : stack && (await stacks.deployedTemplate(request.name))
  const changes = deploymentChanges({
    wanted: template.resourceIds,
    predicted,
    stack: stack && {
      resourceIds: stack.resourceIds,
      succeeded: stack.provisioningState.toLowerCase() === 'succeeded',
    },
    sameTemplate,
    previous: previous && templateBodies(previous, project.factory.subscriptionId),
    stackName: request.name,
  })
  const verdict = guard({ changes, stack, project, allowed })
  const plan = projectPlan(action, project, {
    changes: verdict.changes,
    warnings: [...warnings, ...verdict.warnings],
  })
  return { plan, refusal: verdict.refusal, whatIf: JSON.stringify(predicted) }
}
