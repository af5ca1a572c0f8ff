import type { DeploymentStacks, ExistingStack } from '../../azure/deployment-stacks.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { withoutNetwork } from '../../compose/network-hand-over.ts'
import { templateHashTag } from '../../compose/template-hash.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import { type Deploying, deployInSync } from './out-of-sync.ts'
import type { StackPlan } from './plan-stack.ts'

/**
 * Lets a stack go of its subnets and network security groups, which stay as they are: one update with `detach`, of the
 * template that it was deployed from without them. Azure detaches whatever an update leaves out, so it is asked first
 * what would go. The ordinary update with `delete` has to follow. A run that is cut off in between is finished by the
 * next: what the stack still manages is all that decides.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#control-detachment-and-deletion
 */
export const handOverStep = (
  deploying: Omit<Deploying, 'onUnmanage'>,
  { letGo, keepingTags }: Pick<StackPlan, 'letGo' | 'keepingTags'>,
): Step => ({
  name: `Let go of ${letGo.map(lastSegment).join(', ')}: ip-calc owns ${letGo.length === 1 ? 'it' : 'them'} from now on`,
  apply: async () => {
    const { stacks, request } = deploying
    const { name } = request
    const [stack, deployed] = await Promise.all([stacks.readSettled(name), stacks.deployedTemplate(name)])
    if (stack === undefined) return
    if (deployed === undefined) throw withoutTemplate(name)
    const reduced = {
      ...request,
      // It is no fingerprint of a template, so the update that follows is due, whatever happens to this run.
      tags: { ...stack.tags, [templateHashTag]: 'without subnets' },
      template: keepingTags(withoutNetwork(deployed)),
    }
    const staying = stack.resourceIds.filter((id) => !isAmong(letGo, id))
    await refuseOtherLosses(stacks, reduced, letGo)
    const after = await deployInSync({ ...deploying, request: reduced, onUnmanage: 'detach' })
    refuseUnfinished(name, { after, staying, letGo })
  },
})

/** The update that follows would delete the subnets, so nothing goes on without this step. */
const withoutTemplate = (name: string): UserError =>
  new UserError({
    what: `Deployment stack '${name}' cannot let go of its subnets: Azure does not say from which template it was deployed last.`,
    why: 'The deployment that the stack refers to may have been deleted from the history of the subscription.',
    fix: 'Nothing was changed. Deliver this project once more with the release that was used until now, so that the stack has a template again, and then with this one.',
  })

const isAmong = (ids: readonly string[], id: string | undefined): boolean =>
  id !== undefined && ids.some((other) => sameText(other, id))

/** @throws UserError when the update would let go of anything else, or delete something */
async function refuseOtherLosses(
  stacks: DeploymentStacks,
  reduced: StackRequest,
  letGo: readonly string[],
): Promise<void> {
  const predicted = await stacks.stackWhatIf(reduced, 'detach')
  if ('unavailable' in predicted) {
    throw new UserError({
      what: `Deployment stack '${reduced.name}' cannot let go of its subnets safely: Azure does not say what it would let go of, because ${predicted.unavailable}.`,
      fix: "Grant the identity 'Microsoft.Resources/deploymentStacksWhatIfResults/*' on the subscription, and run again. Nothing was changed.",
    })
  }
  const others = predicted.changes.filter(
    ({ id, changeType }) => ['detach', 'delete'].includes(changeType) && !isAmong(letGo, id),
  )
  if (others.length === 0) return
  const names = others.map(({ id = '' }) => id).join(', ')
  throw new UserError({
    what: `Deployment stack '${reduced.name}' would let go of more than its subnets: ${names}. Nothing was changed.`,
    why: 'The stack manages resources that its own template does not hold, for example because its last deployment failed half way.',
    fix: 'Deliver this project once more with the release that was used until now, so that its stack succeeds, and then with this one.',
  })
}

/** Does the stack manage all it is to manage, and nothing of what it let go of? */
function refuseUnfinished(
  name: string,
  {
    after,
    staying,
    letGo,
  }: {
    readonly after: ExistingStack
    readonly staying: readonly string[]
    readonly letGo: readonly string[]
  },
): void {
  const left = after.resourceIds.filter((id) => isAmong(letGo, id))
  const lost = staying.filter((id) => !isAmong(after.resourceIds, id))
  if (left.length === 0 && lost.length === 0) return
  throw new UserError({
    what: [
      `Deployment stack '${name}' did not let go of its subnets as it was to.`,
      ...(left.length === 0 ? [] : [`It still manages: ${left.join(', ')}.`]),
      ...(lost.length === 0 ? [] : [`It does not manage any more: ${lost.join(', ')}.`]),
    ].join(' '),
    fix: 'Nothing of it was deleted. Run again; if it happens again, look at the stack in the portal.',
  })
}
