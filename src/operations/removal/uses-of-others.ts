import { endpointConnectionIn } from '../../azure/endpoint-connections.ts'
import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { hasPrivateEndpoints } from '../../catalog/private-link.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { resourceLabel, sameText } from '../../resource-id.ts'
import { apiVersionOf, type Piece } from './piece.ts'

/** What goes, and how others are found who use it. */
interface Going {
  readonly pieces: readonly Piece[]
  readonly subscriptionId: string
  /** Does a resource go too, by its id? */
  readonly isGoing: (id: string) => boolean
}

/** Who else used what goes. */
export interface Uses {
  readonly warnings: readonly string[]
  /** What could not be looked at. */
  readonly unseen: readonly string[]
}

/**
 * Names what others have connected to resources that go, and that is of no use after that: private endpoints, and resources
 * that sign in with an identity. It is found in the same subscription; endpoints from anywhere.
 */
export async function usesOfOthers(going: Going, resources: Resources): Promise<Uses> {
  const uses = await Promise.all([
    ...going.pieces
      .filter(({ type }) => hasPrivateEndpoints(type))
      .map((piece) => orUnseen(piece, 'private endpoints', () => endpointsOf(piece, going, resources))),
    usersOfIdentities(going, resources),
  ])
  return {
    warnings: uses.flatMap(({ warnings }) => warnings),
    unseen: uses.flatMap(({ unseen }) => unseen),
  }
}

async function endpointsOf(
  piece: Piece,
  { isGoing }: Going,
  resources: Resources,
): Promise<readonly string[]> {
  const listed = await resources.list(`${piece.id}/privateEndpointConnections`, apiVersionOf(piece.type))
  const endpoints = listed.flatMap(({ properties }) => endpointConnectionIn(properties)?.endpoint || [])
  return endpoints
    .filter((endpoint) => !isGoing(endpoint))
    .map(
      (endpoint) =>
        `${resourceLabel(endpoint)} is somebody else's and leads to ${piece.type} '${piece.name}', which goes: nothing answers there any more. Tell whoever made it.`,
    )
}

const identity = 'Microsoft.ManagedIdentity/userAssignedIdentities'

/** Resource Manager lists with each resource the identities that it has. https://learn.microsoft.com/rest/api/resources/resources/list */
async function usersOfIdentities(
  { pieces, subscriptionId, isGoing }: Going,
  resources: Resources,
): Promise<Uses> {
  const [first, ...others] = pieces.filter(({ type }) => sameText(type, identity))
  if (first === undefined) return { warnings: [], unseen: [] }
  return orUnseen(first, 'resources with it', async () => {
    const all = await resources.list(
      `/subscriptions/${subscriptionId}/resources`,
      apiVersions['Microsoft.Resources/deployments'],
    )
    return all
      .filter(({ id }) => !isGoing(id))
      .flatMap(({ id, userIdentityIds }) =>
        [first, ...others]
          .filter((piece) => userIdentityIds.some((used) => sameText(used, piece.id)))
          .map(
            ({ name }) =>
              `${resourceLabel(id)} is somebody else's and uses the identity '${name}', which goes: it cannot sign in with it any more. Tell whoever made it.`,
          ),
      )
  })
}

/** What cannot be looked at is said, and keeps nothing from going. */
async function orUnseen(
  { type, name }: Piece,
  uses: string,
  look: () => Promise<readonly string[]>,
): Promise<Uses> {
  try {
    return { warnings: await look(), unseen: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const what = `Whether others have ${uses} of ${type} '${name}', which goes, could not be read: ${error.parts.what}`
    return { warnings: [], unseen: [what] }
  }
}
