import { z } from 'zod'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { quoted } from '../../diagnostics/escape.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import { stillThere } from '../removal/still-there.ts'
import type { StackTarget } from '../stack-target.ts'
import type { ApplicablePlan } from './plan-recovering.ts'

const endpointType = 'Microsoft.Network/privateEndpoints'

const connections = z
  .array(
    z.object({
      properties: z.object({
        privateLinkServiceId: z.string().default(''),
        privateLinkServiceConnectionState: z.object({
          status: z.string().default(''),
          description: z.string().nullish(),
        }),
      }),
    }),
  )
  .catch([])

/** Private endpoints of a stack that nothing reaches any more what they lead to through. */
export interface CutOff {
  /** Of those that somebody has rejected or removed at the other end. */
  readonly warnings: readonly string[]
  /** Those that lead to something of the same stack that is gone. They do not connect when it is there again. */
  readonly orphaned: readonly Piece[]
}

/**
 * Finds them. Azure does not let them connect again, neither those whose connection was removed nor those whose target was
 * deleted: https://github.com/hashicorp/terraform-provider-azurerm/issues/20776
 * https://learn.microsoft.com/azure/private-link/manage-private-endpoint
 * @param own ids of what the stack's template has
 */
export async function readCutOff(
  { resourceGroupId, texts }: Pick<StackTarget, 'resourceGroupId' | 'texts'>,
  own: readonly string[],
  resources: Pick<Resources, 'list' | 'read'>,
): Promise<CutOff> {
  const isOwn = (id: string): boolean => own.some((other) => sameText(other, id))
  const endpoints = await resources.list(
    `${resourceGroupId}/providers/${endpointType}`,
    apiVersions[endpointType],
  )
  const broken = endpoints.filter(({ id }) => isOwn(id)).flatMap(brokenOf)
  const targets = [...new Set(broken.map(({ target }) => target).filter(isOwn))]
  const present = await stillThere(targets, resources)
  const isGone = (target: string): boolean => targets.includes(target) && !present.includes(target)
  return {
    warnings: broken.filter(({ target }) => !isGone(target)).map((one) => warningOf(one, texts.noun)),
    orphaned: broken.filter(({ target }) => isGone(target)).map(({ endpoint }) => pieceOf(endpoint.id)),
  }
}

/** The plan in which they are deleted before the deployment, which makes them anew. */
export const withNewEndpoints = (
  planned: ApplicablePlan,
  { orphaned }: CutOff,
  resources: Pick<Resources, 'remove'>,
): ApplicablePlan => ({
  ...planned,
  plan: {
    ...planned.plan,
    changes: planned.plan.changes.map((change) =>
      change.change !== 'create' && orphaned.some(({ id }) => sameText(id, change.scope ?? ''))
        ? { ...change, change: 'modify', reason: whyAnew }
        : change,
    ),
  },
  purges: [
    ...orphaned.map(({ id, name }) => ({
      name: `Delete private endpoint ${name}, which is made anew`,
      apply: () => resources.remove(id, apiVersions[endpointType]),
    })),
    ...planned.purges,
  ],
})

const whyAnew =
  'What it leads to was deleted and is made again, to which Azure does not connect it any more: it is deleted first, and made anew.'

interface Broken {
  readonly endpoint: ListedResource
  readonly target: string
  readonly state: z.infer<typeof connections>[number]['properties']['privateLinkServiceConnectionState']
}

const brokenOf = (endpoint: ListedResource): readonly Broken[] =>
  ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections']
    .flatMap((key) => connections.parse(endpoint.properties[key]))
    .map(({ properties: { privateLinkServiceId: target, privateLinkServiceConnectionState: state } }) => {
      return { endpoint, target, state }
    })
    .filter(({ state }) => ['rejected', 'disconnected'].includes(state.status.toLowerCase()))

function warningOf({ endpoint: { id, name }, target, state }: Broken, noun: string): string {
  const { status, description } = state
  const said = description ? `, with the words ${quoted(description)}` : ''
  const what =
    status.toLowerCase() === 'rejected'
      ? `Somebody rejected the connection of private endpoint '${name}' at '${lastSegment(target)}'${said}.`
      : `The connection of private endpoint '${name}' was removed at '${lastSegment(target)}'${said}.`
  return `${what} The ${noun} is cut off from it. Ask who did so and why; if it may connect, delete the endpoint (az network private-endpoint delete --ids '${id}') and deliver again: it is created anew.`
}
