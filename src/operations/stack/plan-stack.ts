import type { DeploymentStacks, ExistingStack } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { deploymentChanges } from '../../compose/deployment-changes.ts'
import { estimateCost } from '../../compose/estimate-cost.ts'
import { subnetsToLetGo, withDetached } from '../../compose/network-hand-over.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { withTagsOfOthers } from '../../compose/tags-of-others.ts'
import { templateHash, templateHashTag } from '../../compose/template-hash.ts'
import { type TemplateBodies, templateBodies } from '../../compose/template-summary.ts'
import type { UserError } from '../../diagnostics/user-error.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import type { OperationContext } from '../operation.ts'
import { goesWith } from '../removal/goes-with.ts'
import { stillThere } from '../removal/still-there.ts'
import type { StackTarget } from '../stack-target.ts'
import { together } from '../together.ts'
import { type Compared, compare, foresee, isSame } from './compare-stack.ts'
import { deployingFailed, failedIn } from './failed-resources.ts'
import { guardGroup } from './guard-group.ts'
import { guard } from './guards.ts'
import { readTags } from './present-tags.ts'

/** An ARM template, and the ids of the resources in it. */
export interface StackTemplate {
  readonly template: SubscriptionTemplate
  readonly resourceIds: readonly string[]
}

/** The deployment stack that there should be. */
export const stackRequest = (
  { name, factory, description, tags }: StackTarget,
  { template }: Pick<StackTemplate, 'template'>,
): StackRequest => ({
  name,
  location: factory.location,
  description,
  tags: { ...tags, [templateHashTag]: templateHash(template) },
  template: { ...template },
})

/** What is compared. */
export interface PlannedStack {
  readonly target: StackTarget
  readonly template: StackTemplate
  readonly request: StackRequest
  readonly allowed: readonly Allowance[]
  /** Warnings about the documents and subnets that it is of. */
  readonly warnings: readonly string[]
  readonly resources: Resources
  readonly session: Session
  /** Why the providers are not asked, where that is not because subnets are still to come. */
  readonly unvalidated?: string
  /** Is Azure asked nothing about the template? It could not say anything yet, e.g. because its providers are not registered. */
  readonly unasked?: boolean
}

/** The changes of a deployment, guarded. */
export interface StackPlan {
  readonly plan: Plan
  /** Why the plan must not be applied. */
  readonly refusal: UserError | undefined
  /** Azure's own answer, as JSON. */
  readonly whatIf: string
  /** Ids of the subnets and network security groups that the stack has of an earlier release, and is to let go of. */
  readonly letGo: readonly string[]
  /** Ids of what the stack manages and is there, in small letters. */
  readonly existing: ReadonlySet<string>
  /** A template with the tags that others have put on its resources. */
  readonly keepingTags: (template: StackRequest['template']) => StackRequest['template']
}

/** Asks Azure whether it accepts the template and what it would change, adds what Azure cannot know, and guards it. */
export async function planStack(
  stacks: DeploymentStacks,
  planned: PlannedStack,
  { action, info }: OperationContext,
): Promise<StackPlan> {
  const { target, template, allowed, warnings, unvalidated } = planned
  const { unasked = false } = planned
  if (!unasked) info('Validating the template')
  // What Azure would say of a group that is somebody else's explains nothing, so ours comes first.
  const [{ stack, tags, members, known, ownership }] = await together(
    readPresent(stacks, planned),
    unasked ? undefined : stacks.validate(planned.request),
  )
  const keepingTags: StackPlan['keepingTags'] = (given) =>
    withTagsOfOthers(given, { group: target.resourceGroupId, tags, ours: Object.keys(stack?.tags ?? {}) })
  const request = { ...planned.request, template: keepingTags(planned.request.template) }
  const { subscriptionId } = target.factory
  if (!unasked) info('Running what-if')
  const answer = unasked
    ? await foresee(stacks, request, { stack, group: known, subscriptionId }, planned.resources)
    : await compare(stacks, request, stack)
  const letGo = subnetsToLetGo(answer.stack?.resourceIds ?? [], template.resourceIds)
  const compared = await withoutGone(answer, planned)
  const previous = compared.previous && templateBodies(compared.previous, subscriptionId)
  const changes = withDetached(
    deployingFailed(
      changesIn(compared, { request, template, document: target.texts.document, previous, unvalidated }),
      failedIn(members),
    ),
    letGo,
  )
  const inside = await goesWith(changes, subscriptionId, planned)
  const bodies = templateBodies(request.template, subscriptionId)
  const verdict = guard({
    changes: [...changes, ...inside.changes],
    stack: compared.stack,
    target,
    allowed,
    locked: inside.locked,
  })
  const plan: Plan = {
    version: 1,
    action,
    ...target.subject,
    changes: verdict.changes,
    warnings: [
      ...warnings,
      ...ownership,
      ...compared.predicted.remarks,
      ...verdict.warnings,
      ...inside.warnings,
      ...inside.unseen,
    ],
    cost: estimateCost(compared.stack === undefined ? withoutStack(bodies, changes) : previous, bodies),
  }
  return {
    plan,
    refusal: verdict.refusal,
    whatIf: JSON.stringify(compared.predicted.changes),
    letGo,
    existing: existingIn(changes, compared.stack),
    keepingTags,
  }
}

/** What is there before it is compared. @throws UserError when its resource group is somebody else's */
async function readPresent(stacks: DeploymentStacks, { target, request, resources }: PlannedStack) {
  const [stack, { group, tags, members }] = await Promise.all([
    stacks.readSettled(request.name, request.tags),
    readTags(target.resourceGroupId, resources),
  ])
  const objection = guardGroup(group, stack?.resourceIds ?? [], target)
  if (objection?.refusal !== undefined) throw objection.refusal
  return {
    stack,
    tags,
    known: { id: target.resourceGroupId, exists: group !== undefined, members: members.map(({ id }) => id) },
    members,
    ownership: objection === undefined ? [] : [objection.warning],
  }
}

/** The same, without those members of the stack that are to go, and are gone already. */
async function withoutGone(compared: Compared, { template, resources }: PlannedStack): Promise<Compared> {
  const { stack } = compared
  if (stack === undefined) return compared
  const isWanted = (id: string): boolean => template.resourceIds.some((other) => sameText(other, id))
  const going = stack.resourceIds.filter((id) => !isWanted(id))
  const there = await stillThere(going, resources)
  const resourceIds = stack.resourceIds.filter((id) => isWanted(id) || there.includes(id))
  return { ...compared, stack: { ...stack, resourceIds } }
}

/** What costs something before there is a stack: nothing, unless a stack is gone that left its resources, of which nobody knows. */
function withoutStack(bodies: TemplateBodies, changes: readonly Change[]): TemplateBodies | undefined {
  const isThere = (id: string): boolean =>
    changes.some(({ change, scope }) => change !== 'create' && scope?.toLowerCase() === id)
  const present = new Map([...bodies].filter(([id]) => isThere(id)))
  return estimateCost(new Map(), present).after === 0 ? new Map() : undefined
}

/** What the stack manages, but for what has gone and is to be created again. */
function existingIn(changes: readonly Change[], stack: ExistingStack | undefined): ReadonlySet<string> {
  const missing = new Set(
    changes.flatMap(({ change, scope }) => (change === 'create' && scope ? [scope.toLowerCase()] : [])),
  )
  const members = (stack?.resourceIds ?? []).map((id) => id.toLowerCase())
  return new Set(members.filter((id) => !missing.has(id)))
}

interface Wanted {
  readonly request: StackRequest
  readonly template: StackTemplate
  readonly document: string
  readonly previous: TemplateBodies | undefined
  readonly unvalidated: string | undefined
}

function changesIn(
  { stack, predicted }: Compared,
  { request, template, document, previous, unvalidated = 'what it refers to does not exist yet.' }: Wanted,
): readonly Change[] {
  const changes = deploymentChanges({
    wanted: template.resourceIds,
    predicted: predicted.changes,
    denySettings: predicted.denySettings,
    stack: stack && {
      resourceIds: stack.resourceIds,
      succeeded: stack.provisioningState.toLowerCase() === 'succeeded',
    },
    sameTemplate: isSame(stack, request),
    previous,
    stackName: request.name,
    document,
  })
  return request.validationLevel === 'Template'
    ? changes.map((change) => notValidated(change, unvalidated))
    : changes
}

/** What only its provider can refuse shows when it is deployed, as long as the providers are not asked. */
function notValidated(change: Change, why: string): Change {
  const isAsked = change.kind === 'resource group' || change.kind === 'deployment stack'
  if (isAsked || !['create', 'modify'].includes(change.change) || change.uncertainty !== undefined)
    return change
  const reason = `Azure validates it only at apply: ${why}`
  return { ...change, uncertainty: { is: 'unknown', reason } }
}
