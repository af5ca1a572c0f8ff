import type { DeploymentStacks, ExistingStack } from '../../azure/deployment-stacks.ts'
import { hasCode } from '../../azure/failure.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import type { OnUnmanage } from '../../azure/stack-what-if.ts'
import { templateBodies } from '../../compose/template-summary.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { resourceLabel } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { type DeliveryWorkflow, howToAllow } from '../objection.ts'

/** What a stack is deployed with. */
export interface Deploying {
  readonly stacks: DeploymentStacks
  readonly request: StackRequest
  /** What becomes of what the stack managed and the template no longer holds; it is deleted by default. */
  readonly onUnmanage?: OnUnmanage
  readonly subscriptionId: string
  readonly allowed: readonly Allowance[]
  /** The workflow that delivers what the stack is of. */
  readonly workflow: DeliveryWorkflow
  readonly info: (line: string) => void
}

/**
 * Deploys a stack. When Azure is not sure that it knows what the stack manages, shows what it manages compared with what
 * it was deployed from last; goes on only when that is allowed.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#deployment-stack-is-out-of-sync-error
 */
export async function deployInSync(deploying: Deploying): Promise<ExistingStack> {
  const { stacks, request, allowed, info, onUnmanage } = deploying
  try {
    return await stacks.apply(request, onUnmanage)
  } catch (error) {
    if (!hasCode(error, 'DeploymentStackOutOfSync')) throw error
    const differences = await compare(deploying)
    if (!allowed.includes('out-of-sync')) throw refusal(deploying, differences, error)
    info(`Azure is not sure that it knows what the stack manages. ${differences} It is deployed, as allowed`)
    return stacks.apply({ ...request, bypassOutOfSync: true }, onUnmanage)
  }
}

/** What the stack manages, compared with its last template and the one that is to come, in sentences. */
async function compare({ stacks, request, subscriptionId, onUnmanage }: Deploying): Promise<string> {
  const [stack, last] = await Promise.all([
    stacks.readSettled(request.name),
    stacks.deployedTemplate(request.name),
  ])
  const managed = stack?.resourceIds ?? []
  const idsIn = (template: StackRequest['template']) => [...templateBodies(template, subscriptionId).keys()]
  const before = idsIn(last ?? {})
  const wanted = idsIn(request.template)
  return [
    `It manages ${managed.length} resources, and was deployed from a template with ${before.length} last.`,
    listed('Managed, though the last template did not have it', without(managed, before)),
    listed('Not managed, though the last template had it', without(before, managed)),
    listed(
      onUnmanage === 'detach' ? 'Let go of by this deployment' : 'Deleted by this deployment',
      without(managed, wanted),
    ),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

const without = (ids: readonly string[], others: readonly string[]): readonly string[] => {
  const known = new Set(others.map((id) => id.toLowerCase()))
  return ids.filter((id) => !known.has(id.toLowerCase()))
}

const mostNamed = 10

function listed(what: string, ids: readonly string[]): string {
  if (ids.length === 0) return ''
  return `${what}: ${enumeration(ids.map(resourceLabel), mostNamed)}.`
}

const refusal = ({ request, workflow }: Deploying, differences: string, cause: unknown): UserError =>
  new UserError({
    what: `Azure does not deploy stack '${request.name}', because it is not sure that it knows what the stack manages (DeploymentStackOutOfSync). ${differences}`,
    why: 'An earlier deployment of it was interrupted. Deploying another template could delete what is on the list by mistake, or leave what is missing from it.',
    fix: `The stack was not changed. If the list is right, allow it. ${howToAllow('out-of-sync', workflow)} If it is not, deliver the commit again that was delivered last: deploying the same template puts the list right.`,
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks',
    cause,
  })
