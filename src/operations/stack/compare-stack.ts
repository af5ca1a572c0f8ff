import type { DeploymentStacks, ExistingStack } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import type { StackWhatIf } from '../../azure/stack-what-if.ts'
import { templateHashTag } from '../../compose/template-hash.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import { rootOf } from '../removal/piece.ts'
import { stillThere } from '../removal/still-there.ts'
import { together } from '../together.ts'
import { foreseen } from './foresee.ts'

/** What Azure predicts, and the stack that it is about. */
export interface Compared {
  readonly stack: ExistingStack | undefined
  /** The template that was deployed last; undefined when there is none. */
  readonly previous: StackRequest['template'] | undefined
  readonly predicted: StackWhatIf
}

/** Lets Azure compare a stack with what it should be; again when the stack turns out to have changed meanwhile. */
export async function compare(
  stacks: DeploymentStacks,
  request: StackRequest,
  stack: ExistingStack | undefined,
): Promise<Compared> {
  const [predicted, previous] = await Promise.all([
    predict(stacks, request),
    isSame(stack, request) ? request.template : stack && stacks.deployedTemplate(request.name),
  ])
  if (isFresh(predicted, stack)) return { stack, previous, predicted }
  const now = await stacks.readSettled(request.name)
  return now?.modified === stack?.modified ? { stack, previous, predicted } : compare(stacks, request, now)
}

/** A resource group, as it was read. */
interface KnownGroup {
  readonly id: string
  readonly exists: boolean
  /** Ids of what is in it, parts of resources left out. */
  readonly members: readonly string[]
}

/** A stack goes on listing what somebody has deleted: what of it is there, without asking for all that is listed anyway. */
async function presentOf(
  managed: readonly string[],
  { id: groupId, exists, members }: KnownGroup,
  resources: Pick<Resources, 'read'>,
): Promise<readonly string[]> {
  const isListed = (id: string): boolean => members.some((member) => sameText(member, rootOf(id)))
  const unlisted = managed.filter((id) => !isListed(id) && (exists || !isWithin(id, groupId)))
  const found = await stillThere(unlisted, resources)
  return managed.filter((id) => isListed(id) || found.includes(id))
}

/** Compares without asking Azure what it would do. */
export async function foresee(
  stacks: DeploymentStacks,
  request: StackRequest,
  known: {
    readonly stack: ExistingStack | undefined
    readonly group: KnownGroup
    readonly subscriptionId: string
  },
  resources: Pick<Resources, 'read'>,
): Promise<Compared> {
  const { stack, group, subscriptionId } = known
  const [previous, managed] = await together(
    stack && stacks.deployedTemplate(request.name),
    presentOf(stack?.resourceIds ?? [], group, resources),
  )
  const inGroup = group.members
  const changes = foreseen(request.template, { managed, inGroup, previous }, subscriptionId)
  return {
    stack,
    previous,
    predicted: { changes, denySettings: [], remarks: [], stackModified: stack?.modified },
  }
}

/** The stack's own what-if, or the plain one where Azure does not give it. */
async function predict(stacks: DeploymentStacks, request: StackRequest): Promise<StackWhatIf> {
  const answer = await stacks.stackWhatIf(request)
  if (!('unavailable' in answer)) return answer
  const remark = `This plan is the what-if of a deployment, not that of the stack, because ${answer.unavailable}. It may show changes that are none.`
  return {
    changes: await stacks.whatIf(request),
    denySettings: [],
    remarks: [remark],
    stackModified: undefined,
  }
}

/** Is Azure's answer about the stack as it was read? The plain what-if does not say what it is about. */
const isFresh = ({ stackModified }: StackWhatIf, stack: ExistingStack | undefined): boolean =>
  stackModified === undefined || stackModified === stack?.modified

/** Was the stack deployed from this template last? */
export const isSame = (stack: ExistingStack | undefined, request: StackRequest): boolean =>
  stack?.tags[templateHashTag] === request.tags[templateHashTag]
