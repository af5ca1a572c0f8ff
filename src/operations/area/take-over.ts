import type { DeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { GroupMember, Resources } from '../../azure/resources.ts'
import { commonCatalogue, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonStack } from '../../catalog/common/types.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { writtenResources } from '../../compose/template-summary.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject } from '../../json.ts'
import { lastSegment, sameText, typeOfResource } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { hasOwnTags } from '../group-owner.ts'
import { howToAllow, type Objection } from '../objection.ts'
import { named } from '../removal/loss.ts'
import { together } from '../together.ts'
import { commonStack } from './common-stacks.ts'

/** What is asked whether it would be taken over. */
interface TakeOverSource {
  readonly area: CommonArea
  readonly which: CommonStack
  readonly template: SubscriptionTemplate
  readonly allowed: readonly Allowance[]
}

/**
 * What a deployment of the common area would take over that this factory has not made: no stack of it manages it, and its tags
 * name another owner or none. All its settings would become those of factory.yml, also how long it keeps data, in how many
 * copies, and who reaches it; and it would go with the stack. That happens only when somebody says so.
 */
export async function takeOverObjection(
  { area, which, template, allowed }: TakeOverSource,
  {
    stacks,
    resources,
  }: { readonly stacks: DeploymentStacks; readonly resources: Pick<Resources, 'listGroup'> },
): Promise<Objection | undefined> {
  const target = commonStack(area, which)
  const [stack, members] = await together(
    stacks.readSettled(target.name),
    resources.listGroup(target.resourceGroupId),
  )
  const managed = stack?.resourceIds ?? []
  // Only what is written with tags can show by them whose it is.
  const tagged = writtenResources({ ...template }, area.factory.subscriptionId).filter(({ body }) =>
    isJsonObject(body['tags']),
  )
  const isWritten = ({ id }: GroupMember): boolean => tagged.some((one) => sameText(one.id, id))
  const foreign = members.filter(
    (member) =>
      isWritten(member) &&
      !managed.some((id) => sameText(id, member.id)) &&
      !hasOwnTags(member, target.owner),
  )
  return foreign.length === 0 ? undefined : objection(foreign, area, allowed)
}

function objection(
  foreign: readonly GroupMember[],
  area: CommonArea,
  allowed: readonly Allowance[],
): Objection {
  const { factory } = area
  const where = factory.at('common')
  const list = named(foreign.map(({ id }) => `${typeOfResource(id)} '${lastSegment(id)}'`))
  const what = `The common area of ${factory.environment} would take over what this factory did not make: ${list}.`
  const why =
    'Their settings become those of factory.yml, also how long they keep data, in how many copies, and from where they are reached; and they go when their part is switched off or the common area is destroyed.'
  if (allowed.includes('take-over'))
    return { warning: `${what} That is allowed. ${why}`, refusal: undefined, where }
  const keys = standIns(foreign, area)
  const instead =
    keys.length === 0 ? '' : ` To leave one as it is, and use it, name it in factory.yml: ${keys.join('; ')}.`
  return {
    where,
    warning: `${what} ${why}${instead} Mode apply refuses that unless the input 'allow' contains 'take-over'.`,
    refusal: new UserError({
      what,
      why,
      fix: `Nothing was changed. Read in the plan what would change in them.${instead} To take them over, allow it. ${howToAllow('take-over', 'Common area')}`,
      where,
    }),
  }
}

/** What factory.yml says when a resource that is there stands in for a part. */
const standIns = (foreign: readonly GroupMember[], { ids }: CommonArea): readonly string[] =>
  commonPartKeys.flatMap((key) => {
    const { existing, existingBy } = commonCatalogue.parts[key]
    const found = foreign.find(({ id }) =>
      Object.entries(ids).some(([of, own]) => of === existing && sameText(own, id)),
    )
    if (found === undefined) return []
    return [existingBy === undefined ? `common.${key}: { id: ${found.id} }` : `${existingBy}: ${found.id}`]
  })
