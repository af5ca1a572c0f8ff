import type { DeploymentStacks, ExistingStack } from '../../azure/deployment-stacks.ts'
import { isForbidden } from '../../azure/failure.ts'
import { keepsFromGoing, type Lock, listLocks } from '../../azure/locks.ts'
import type { ExistingResource, Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { isByProduct, saysWhatItIsBeside } from '../../catalog/facts/by-products.ts'
import { textAt } from '../../manifest/reading.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import { hasOwnTags, otherOwner } from '../group-owner.ts'
import { ownerOf } from '../owner.ts'
import { namedIds } from '../removal/named-ids.ts'
import { apiVersionOf, knownVersionOf, type Piece, pieceOf, rootOf } from '../removal/piece.ts'
import { stillThere } from '../removal/still-there.ts'
import { detaches, networkOf } from './old-stack.ts'
import { judgeNames } from './other-names.ts'
import type { NumberedProject } from './project-by-number.ts'

/** The resource group of a project with what is in it, and its deployment stack. */
export interface GroupContents {
  readonly group: ExistingResource | undefined
  readonly stack: ExistingStack | undefined
  /** Does anything show that this factory made the group for the project? */
  readonly isOurs: boolean
  /** Does the stack let go of its resources, which go with the group? */
  readonly detaches: boolean
  /** What the stack deletes, in the group and elsewhere, and what else the project has in the group. */
  readonly ours: readonly Piece[]
  /** What others have put into the group. */
  readonly foreign: readonly Piece[]
  readonly locks: readonly Lock[]
  /** All of the subscription. */
  readonly allLocks: readonly Lock[]
  readonly warnings: readonly string[]
}

/** Clients that know what is in it. */
interface Clients {
  readonly session: Session
  readonly resources: Resources
  readonly stacks: DeploymentStacks
}

/**
 * Reads the resource group of a project, its stack, and the locks on both.
 * @throws UserError when the group belongs to another project, or the project was delivered with another salt
 */
export async function readGroup(
  target: NumberedProject,
  { session, resources, stacks }: Clients,
): Promise<GroupContents> {
  const { ids, names, project } = target
  const owner = ownerOf(project)
  const [group, stack, locks] = await Promise.all([
    resources.read(ids.resourceGroup, apiVersions['Microsoft.Resources/resourceGroups']),
    stacks.readSettled(names.project.deploymentStack),
    readLocks(`/subscriptions/${project.factory.subscriptionId}`, session),
  ])
  const refusal = group && otherOwner(group, owner)
  if (refusal !== undefined) throw refusal
  const unlike = judgeNames(stack, target)
  const inGroup = group === undefined ? [] : await listGroup(ids.resourceGroup, resources)
  const managed = stack?.resourceIds ?? []
  const isOurs = managed.some((id) => sameText(id, ids.resourceGroup)) || hasOwnTags(group, owner)
  const own = ownIn(inGroup, { isOurs, managed }, namedIds(target))
  const onGroup = locks.found.filter((lock) => keepsFromGoing(lock, ids.resourceGroup))
  const isDetaching = detaches(stack, onGroup, target)
  const released = isDetaching ? networkOf(stack) : []
  const listed = { groupId: ids.resourceGroup, inGroup, hasGroup: group !== undefined }
  const there = await existing(managed, listed, resources)
  return {
    group,
    stack,
    isOurs,
    detaches: isDetaching,
    ours: ownPieces(
      there.filter((id) => !released.includes(id)),
      own,
    ),
    foreign: inGroup.filter((piece) => !own.includes(piece)),
    locks: onGroup,
    allLocks: locks.found,
    warnings: [...unlike, ...locks.warnings],
  }
}

/** A resource of the group, with the id of what it says that Azure made it for. */
interface Member extends Piece {
  readonly madeFor?: string
}

/** What is in a resource group, parts of resources left out. */
export async function listGroup(groupId: string, resources: Resources): Promise<readonly Member[]> {
  const listed = await resources.listGroup(groupId)
  const members = await Promise.all(
    listed
      .map(({ id }) => pieceOf(id))
      .map((piece) => (saysWhatItIsBeside(piece.type) ? withMaker(piece, resources) : piece)),
  )
  return members.filter((member) => member !== undefined)
}

/**
 * An interface names its private endpoint; others choose any name for theirs.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-interface-of-a-private-endpoint
 */
async function withMaker(piece: Piece, resources: Resources): Promise<Member | undefined> {
  const found = await resources.read(piece.id, apiVersionOf(piece.type))
  if (found === undefined) return undefined
  const endpoint = textAt(found.properties, ['privateEndpoint', 'id'])
  return endpoint === undefined ? piece : { ...piece, madeFor: endpoint }
}

/**
 * What in a resource group is the project's. One that nothing shows to be the project's may have resources of others under the
 * project's names: there only what the stack manages is.
 * @param named ids of all that can be the project's by the catalogue
 */
export function ownIn(
  inGroup: readonly Member[],
  { isOurs, managed }: { readonly isOurs: boolean; readonly managed: readonly string[] },
  named: readonly string[],
): readonly Member[] {
  const resourceIds = managed.filter((one) => one.includes('/providers/'))
  const evident = isOurs ? [...resourceIds, ...named] : managed
  const owned = (id: string): boolean => evident.some((one) => isWithin(id, one))
  const isOwned = ({ id, madeFor }: Member): boolean => owned(id) || (madeFor !== undefined && owned(madeFor))
  if (!isOurs) return inGroup.filter(({ id }) => owned(id))
  const besides = [...evident.map(pieceOf), ...inGroup.filter(isOwned)]
  return inGroup.filter((member) => isOwned(member) || isByProduct(member, besides))
}

/** A resource group, as far as it is listed. */
interface ListedGroup {
  readonly groupId: string
  readonly inGroup: readonly Piece[]
  readonly hasGroup: boolean
}

/**
 * A stack that lost a resource goes on listing it: what is in the group no more is not shown. The list of a group lags, so
 * what it leaves out is asked for: data would go unseen.
 */
async function existing(
  managed: readonly string[],
  { groupId, inGroup, hasGroup }: ListedGroup,
  resources: Resources,
): Promise<readonly string[]> {
  const others = managed.filter((id) => !sameText(id, groupId))
  const isListed = (id: string): boolean =>
    !isWithin(id, groupId) || inGroup.some((piece) => sameText(piece.id, rootOf(id)))
  const unlisted = others.filter((id) => !isListed(id) && knownVersionOf(pieceOf(id).type) !== undefined)
  const found = hasGroup ? await stillThere(unlisted, resources) : []
  return others.filter((id) => isListed(id) || found.includes(id))
}

/** What the stack manages, and what else is the project's. */
function ownPieces(managed: readonly string[], own: readonly Piece[]): readonly Piece[] {
  const listed = managed.map(pieceOf)
  return [...listed, ...own.filter(({ id }) => !listed.some((piece) => sameText(piece.id, id)))]
}

async function readLocks(
  subscription: string,
  session: Session,
): Promise<{ readonly found: readonly Lock[]; readonly warnings: readonly string[] }> {
  try {
    return { found: await listLocks(session, subscription), warnings: [] }
  } catch (error) {
    if (!isForbidden(error)) throw error
    const warning =
      'Locks cannot be read: the identity needs Microsoft.Authorization/locks/read on the subscription. What is locked shows when it is deleted.'
    return { found: [], warnings: [warning] }
  }
}
