import type { DeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import { commonPartKeys } from '../../catalog/common/index.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { textAt } from '../../manifest/reading.ts'
import { lastSegment, networkIdOf, sameText, typeOfResource } from '../../resource-id.ts'
import { tagIn } from '../../tags.ts'
import { commonOwner } from '../../vocabulary.ts'
import { named } from '../removal/loss.ts'
import { listStacks } from '../stacks.ts'
import { together } from '../together.ts'

/** What speaks against a common area by what this factory, or another, has delivered before. */
interface EarlierAreas {
  /** Why it cannot be delivered so. */
  readonly refusals: readonly UserError[]
  readonly warnings: readonly string[]
}

interface Clients {
  readonly stacks: Pick<DeploymentStacks, 'readSettled'>
  readonly resources: Resources
}

/**
 * Is there a common area of the same environment under other names? Then the one of factory.yml would be a second one, and
 * nobody would look after the first any more. And does factory.yml name as bring your own what its own stacks have made? They would delete
 * it, because no template has it any more.
 */
export async function earlierAreas(area: CommonArea, { stacks, resources }: Clients): Promise<EarlierAreas> {
  const { factory, names } = area
  const own = [names.networkStack, names.deploymentStack]
  const [listed, ...present] = await together(
    listStacks(factory.subscriptionId, resources),
    ...own.map((name) => stacks.readSettled(name)),
  )
  const others = listed.filter(
    ({ name, tags }) =>
      tagIn(tags, 'project') === commonOwner &&
      tagIn(tags, 'environment') === factory.environment &&
      !own.some((one) => sameText(one, name)),
  )
  const isOfThisFactory = ({ tags }: (typeof others)[number]): boolean =>
    tagIn(tags, 'factory') === `${factory.name}-${factory.instance}`
  const moved = others.filter(isOfThisFactory).map(({ name }) => name)
  const foreign = others.filter((stack) => !isOfThisFactory(stack)).map(({ name }) => name)
  const managed = present.flatMap((stack) => stack?.resourceIds ?? [])
  return {
    refusals: [
      ...(moved.length === 0 ? [] : [movedError(moved, area)]),
      ...ownAsByo(area, managed),
      ...(await elsewhere(area, managed, resources)),
    ],
    warnings:
      foreign.length === 0
        ? []
        : [
            `Another common area of ${factory.environment} is in this subscription: deployment stack ${named(foreign)}. If this factory made it, 'name' and 'instance' in factory.yml have to stay as they were: otherwise a second one is made, and nobody looks after the first.`,
          ],
  }
}

const movedError = (stacks: readonly string[], { factory }: CommonArea): UserError =>
  new UserError({
    what: `This factory has a common area in ${factory.environment} already, under other names: deployment stack ${named(stacks)}. Nothing was changed.`,
    where: factory.at('locationCode'),
    why: "A second one would be made beside it, and nobody would look after the first, with the data lake and the projects in its network. 'locationCode' in factory.yml is probably not what it was at the first delivery.",
    fix: "Set 'locationCode' in factory.yml back. To move for good, destroy the common area with the factory.yml of its delivery, then deliver this one.",
  })

/**
 * Is the common area in another VNet? A private endpoint does not move to another subnet, and neither do those of projects.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#limitations
 */
async function elsewhere(
  { factory, ids }: CommonArea,
  managed: readonly string[],
  resources: Pick<Resources, 'read'>,
): Promise<readonly UserError[]> {
  const network = await networkOf(
    managed.filter((id) => sameText(typeOfResource(id), endpointType)),
    resources,
  )
  if (network === undefined || sameText(network, ids.virtualNetwork)) return []
  return [
    new UserError({
      what: `The common area of ${factory.environment} is in VNet '${lastSegment(network)}', and factory.yml names '${lastSegment(ids.virtualNetwork)}'. Nothing was changed.`,
      where: factory.network.at(factory.network.source.kind === 'existing' ? 'vnetId' : 'addressSpace'),
      why: 'Its private endpoints cannot move to another VNet, and neither can the subnets of projects.',
      fix: "Put 'network' of this environment in factory.yml back as it was. To move for good, destroy the projects and the common area with the factory.yml of their delivery, then deliver them anew.",
    }),
  ]
}

const endpointType = 'Microsoft.Network/privateEndpoints'

/** The VNet of the first private endpoint that is there: somebody may have deleted others by hand. */
async function networkOf(
  endpoints: readonly string[],
  resources: Pick<Resources, 'read'>,
): Promise<string | undefined> {
  for (const id of endpoints) {
    const subnet = textAt((await resources.read(id, apiVersions[endpointType]))?.properties, ['subnet', 'id'])
    if (subnet !== undefined) return networkIdOf(subnet)
  }
  return undefined
}

/** What factory.yml names by its id although a stack of this factory manages it. */
const ownAsByo = ({ factory }: CommonArea, managed: readonly string[]): readonly UserError[] =>
  commonPartKeys.flatMap((key) => {
    const setting = factory.common[key]
    if (setting.kind !== 'existing' || !managed.some((id) => sameText(id, setting.id))) return []
    return [
      new UserError({
        what: `factory.yml names '${lastSegment(setting.id)}' as bring your own, and this factory made it itself. Nothing was changed.`,
        where: key === 'virtualNetwork' ? factory.at('network') : factory.commonAt(`${key}.id`),
        why: 'Its deployment stack manages it, and deletes what the template has no more.',
        fix:
          key === 'virtualNetwork'
            ? "Write 'addressSpace' instead of 'vnetId', as at the first delivery."
            : "Leave 'id' out: it stays as it is.",
      }),
    ]
  })
