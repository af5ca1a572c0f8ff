import {
  type DeploymentStacks,
  openDeploymentStacks,
  type StackRequest,
} from '../../azure/deployment-stacks.ts'
import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import { azureCloudNames } from '../../catalog/facts/private-dns.ts'
import { composeProject } from '../../compose/compose-project.ts'
import { deploymentChanges } from '../../compose/deployment-changes.ts'
import { tagsOf } from '../../compose/project-context.ts'
import { templateHash, templateHashTag } from '../../compose/template-hash.ts'
import { managedResourceIds, templateBodies } from '../../compose/template-summary.ts'
import type { SubscriptionTemplate } from '../../compose/types.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { hasChanges, type Plan } from '../../plan/model.ts'
import { countSentence, planSummary } from '../../plan/summary.ts'
import type { Host } from '../../runtime/host.ts'
import { writeJson, writePlan } from '../../runtime/result-files.ts'
import { type ActionResult, FailureWithResult } from '../../runtime/run-action.ts'
import { connectAs } from '../connect.ts'
import { findProjectSubnets } from '../network/project-subnets.ts'
import {
  type DescribedProject,
  type ProjectInEnvironment,
  type ProjectTarget,
  readProject,
} from '../project.ts'
import { type Allowance, guard, projectNameTag } from './guards.ts'
import { readSubnets } from './subnets-input.ts'

const action = 'provision-project'

/** What {@link provisionProject} is asked to do. */
export interface ProvisionOptions extends ProjectTarget {
  /** `render` calls nothing and writes the template, `plan` changes nothing. */
  readonly mode: 'render' | 'plan' | 'apply'
  /** JSON as ip-calc writes it, not parsed yet; undefined to read the subnets from the VNet. */
  readonly subnets: string | undefined
  /** What may happen to what the project has. */
  readonly allowed: readonly Allowance[]
  readonly summary: boolean
}

function compose(
  inputs: ProvisionOptions,
  where: ProjectInEnvironment,
  subnets: AssignedSubnets,
): SubscriptionTemplate {
  const cloud = azureCloudNames.find((name) => name === inputs.azureCloud)
  return composeProject(where.project, where.names, subnets, cloud)
}

function writeTemplate(template: SubscriptionTemplate, inputs: ProvisionOptions, host: Host): string {
  const name = `prj${inputs.project}-${inputs.environment}.template.json`
  return writeJson(host.environment, name, template)
}

function render(inputs: ProvisionOptions, where: ProjectInEnvironment, host: Host): ActionResult {
  if (inputs.subnets === undefined) {
    throw new UserError({
      what: "Input 'subnets' is missing.",
      why: 'Mode render calls no service, so it cannot read the subnets from the VNet.',
      fix: "Pass the output 'subnets' of ip-calc.",
    })
  }
  const template = compose(inputs, where, readSubnets(inputs.subnets, where))
  const file = writeTemplate(template, inputs, host)
  return {
    outputs: {
      'template-file': file,
      'resource-group': where.names.project.resourceGroup,
      resources: JSON.stringify(managedResourceIds(template, where.project.factory.subscriptionId)),
      changed: 'false',
    },
    notice: `The template of project ${inputs.project} in ${inputs.environment} is written to ${file}.`,
  }
}

function stackRequest(
  { project, names }: ProjectInEnvironment,
  template: SubscriptionTemplate,
): StackRequest {
  return {
    name: names.project.deploymentStack,
    location: project.factory.location,
    description: `AI Factory project ${project.number} (${project.name}) in ${project.environment}`,
    tags: {
      ...tagsOf(project),
      [projectNameTag]: project.name,
      [templateHashTag]: templateHash(template),
    },
    template: { ...template },
  }
}

interface Findings {
  readonly plan: Plan
  /** Why the plan must not be carried out. */
  readonly refusal: UserError | undefined
  readonly whatIf: string
}

async function makePlan(
  stacks: DeploymentStacks,
  request: StackRequest,
  template: SubscriptionTemplate,
  { project }: ProjectInEnvironment,
  { allowed }: ProvisionOptions,
  warnings: readonly string[],
  host: Host,
): Promise<Findings> {
  const stack = await stacks.readSettled(request.name)
  host.info('Asking Azure whether it accepts the template')
  await stacks.validate(request)
  host.info('Asking Azure what it would change')
  const predicted = await stacks.whatIf(request)
  const sameTemplate = stack?.tags[templateHashTag] === request.tags[templateHashTag]
  const previous = sameTemplate ? request.template : stack && (await stacks.deployedTemplate(request.name))
  const changes = deploymentChanges({
    wanted: managedResourceIds(template, project.factory.subscriptionId),
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
  const { number, environment } = project
  return {
    plan: {
      version: 1,
      action,
      project: number,
      environment,
      changes: verdict.changes,
      warnings: [...warnings, ...verdict.warnings],
    },
    refusal: verdict.refusal,
    whatIf: JSON.stringify(predicted),
  }
}

/** When the work fails, hands over what is there by then: the template Azure refused, the plan that was not carried out. */
async function handingOver<T>(result: ActionResult, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new FailureWithResult(error, result)
  }
}

async function planOrApply(
  inputs: ProvisionOptions,
  where: DescribedProject,
  host: Host,
): Promise<ActionResult> {
  const { project, names } = where
  const session = await connectAs(action, project.factory, inputs.azureCloud, host)
  const given = inputs.subnets === undefined ? undefined : readSubnets(inputs.subnets, where)
  const { subnets, warnings } = await findProjectSubnets(session, where, {
    ...(given && { given }),
    changing: inputs.mode === 'apply',
  })
  const template = compose(inputs, where, subnets)
  const templateFile = writeTemplate(template, inputs, host)
  const request = stackRequest(where, template)
  const stacks = await openDeploymentStacks(session, project.factory.subscriptionId)
  const { plan, refusal, whatIf } = await handingOver({ outputs: { 'template-file': templateFile } }, () =>
    makePlan(stacks, request, template, where, inputs, [...where.warnings, ...warnings], host),
  )
  const planFile = writePlan(host.environment, plan)
  const changed = hasChanges(plan)
  const refused = inputs.mode === 'apply' ? refusal : undefined
  const done = inputs.mode === 'apply' && refused === undefined
  if (changed && done) {
    host.info(`Deploying ${names.project.resourceGroup}: ${countSentence(plan, false)}`)
    await handingOver({ outputs: { 'template-file': templateFile, 'plan-file': planFile } }, () =>
      stacks.apply(request),
    )
  }
  const title = `Project ${project.number} in ${project.environment}: resources`
  const result: ActionResult = {
    outputs: {
      changed: String(changed && refused === undefined),
      'plan-file': planFile,
      'template-file': templateFile,
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(managedResourceIds(template, project.factory.subscriptionId)),
      'what-if': whatIf,
    },
    ...(inputs.summary ? { summary: planSummary(title, plan, done) } : {}),
    warnings: plan.warnings,
    notice: `${title}: ${countSentence(plan, done)}.`,
  }
  if (refused !== undefined) throw new FailureWithResult(refused, result)
  return result
}

/** Deploys the resources of a project as a deployment stack, or renders its template. */
export async function provisionProject(inputs: ProvisionOptions, host: Host): Promise<ActionResult> {
  const where = readProject(inputs)
  return inputs.mode === 'render' ? render(inputs, where, host) : planOrApply(inputs, where, host)
}
